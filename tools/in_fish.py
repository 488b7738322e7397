"""The option table as fish's completion has it: a call of `complete` for each option."""

import re

import table
from templates import wrapped

from runwrap.cli import OPERANDS, SUBCOMMANDS
from runwrap.cli.options import Option

_VALUES = {
    "text": "-x",
    "number": "-x",
    "duration": "-x -a '(__runwrap_durations)'",
    "signal": "-x -a '(__runwrap_signals)'",
    "file": "-r -F",
    "folder": "-x -a '(__fish_complete_directories (__runwrap_value))'",
    "variable": "-x -a '(set -nx)'",
    "assignment": "-x -a '(__runwrap_assignments)'",
}


def parts() -> dict[str, list[str]]:
    """Return the lines for each marker in tools/shells/runwrap.fish."""
    return {
        "IS_SUBCOMMAND": [f"contains -- $argv[1] {' '.join(SUBCOMMANDS)}"],
        "VALUED": [line for command in SUBCOMMANDS for line in _valued(command)],
        "OPERANDS": [line for command in SUBCOMMANDS for line in _operands(command)],
        "SUBCOMMANDS": [_subcommand(name, text) for name, text in SUBCOMMANDS.items()],
        "OPTIONS": [_option(option, found) for option, found in table.every_option().items()],
        "SIGNALS": wrapped(table.SIGNALS, joint=" \\"),
        "DURATIONS": wrapped(table.DURATIONS, joint=" \\"),
        "UNITS": [
            line
            for pattern, units in table.units_after().items()
            for line in (f"case '{pattern}'", _described(units))
        ],
    }


def _described(units: list[str]) -> str:
    return " ".join(["    set units", *(f"{unit}\\t{table.UNIT_NAMES[unit]}" for unit in units)])


def _valued(command: str) -> list[str]:
    names = [name for option in table.offered(command) if option.parse for name in option.names]
    words = ["printf '%s\\n'", *names]
    return [f"case {command}", *wrapped(words, indent=4, joint=" \\")]


def _operands(command: str) -> list[str]:
    kinds = " ".join(kind for _, kind in OPERANDS[command])
    return [f"case {command}", f"    printf '%s\\n' {kinds}"]


def _subcommand(name: str, text: str) -> str:
    meaning = _quoted(text.rstrip("."))
    return f"complete -c runwrap -n __runwrap_at_first_word -f -a {name} -d {meaning}"


def _option(option: Option, commands: list[str]) -> str:
    names = (
        f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names
    )
    kind = table.kind(option)
    value = _words(option) if kind == "words" else _VALUES.get(kind, "")
    words = (
        "complete -c runwrap",
        f"-n '__runwrap_options_of {' '.join(commands)}'",
        *names,
        value,
        f"-d {_quoted(option.summary)}",
    )
    return " ".join(filter(None, words))


def _words(option: Option) -> str:
    described = (
        (choice.word, re.sub(r'(["$\\])', r"\\\1", choice.summary))
        for choice in table.choices(option)
    )
    return "-x -a " + _quoted(" ".join(f'{word}\\t"{text}"' for word, text in described))


def _quoted(text: str) -> str:
    return "'" + re.sub(r"(['\\])", r"\\\1", text) + "'"
