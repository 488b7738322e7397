"""The option table as zsh's completion has it: specs that _arguments reads."""

import re

import table
from templates import wrapped

from runwrap.cli import OPERANDS, SUBCOMMANDS
from runwrap.cli.options import Option

_ACTIONS = {
    "text": " ",  # no matches, but what belongs here is said
    "number": " ",
    "duration": "_runwrap_durations",
    "signal": "_runwrap_signals",
    "file": "_files",
    "folder": "_directories",
    "variable": "_parameters -g '*export*'",
    "assignment": "_runwrap_assignments",
}


def parts() -> dict[str, list[str]]:
    """Return the lines for each marker in tools/shells/_runwrap."""
    return {
        "NAMES": wrapped(SUBCOMMANDS),
        "SUBCOMMANDS": [
            _quoted(f"{name}:{text.rstrip('.')}") for name, text in SUBCOMMANDS.items()
        ],
        "OPTIONS": [line for command in SUBCOMMANDS for line in _options(command)],
        "SIGNALS": wrapped(table.SIGNALS),
        "DURATIONS": wrapped(table.DURATIONS),
        "UNITS": [
            f"{pattern}) units=({_described(units)}) ;;"
            for pattern, units in table.units_after().items()
        ],
    }


def _described(units: list[str]) -> str:
    return " ".join(f"{unit}:{table.UNIT_NAMES[unit]}" for unit in units)


def _options(command: str) -> list[str]:
    specs = [f"    {_spec(option)}" for option in table.offered(command)]
    operands = " ".join(map(_quoted, _operands([kind for _, kind in OPERANDS[command]])))
    return [f"{command})", "  options=(", *specs, "  )", f"  operands=({operands})", "  ;;"]


def _operands(kinds: list[str]) -> list[str]:
    """Return a subcommand's operands for _arguments; no option follows what leads to a command."""
    if kinds == ["process"]:
        return ["*:process:_runwrap_processes"]
    leading = [f"(-){at}:{kind}:_runwrap_{kind}s" for at, kind in enumerate(kinds, 1)]
    return [*leading, f"*::argument: _runwrap_normal {len(kinds)}"]


def _spec(option: Option) -> str:
    """Return an option for _arguments: what it excludes, its names, its meaning, its value."""
    text = re.sub(r"([\[\]\\])", r"\\\1", option.summary)
    names = [name + _joint(option, name) for name in option.names]
    written = "{" + ",".join(names) + "}" if len(names) > 1 else names[0]
    return _excluded(option) + written + _quoted(f"[{text}]{_value(option)}")


def _excluded(option: Option) -> str:
    """Return what can't follow an option: its own spellings, unless it repeats; or anything."""
    if option.repeats:
        return "'*'"
    if option.field in ("help", "version"):
        return "'(- : *)'"
    return f"'({' '.join(option.names)})'" if len(option.names) > 1 else ""


def _joint(option: Option, name: str) -> str:
    """Return how a value may join the name: `--leak=kill`, `-t5`, or as the next word."""
    if option.parse is None:
        return ""
    return "=" if name.startswith("--") else "+"


def _value(option: Option) -> str:
    kind = table.kind(option)
    if not kind:
        return ""
    action = _words(option) if kind == "words" else _ACTIONS[kind]
    return f":{option.metavar.lower()}:{action}"


def _words(option: Option) -> str:
    described = (
        (choice.word, re.sub(r'(["$`:\\])', r"\\\1", choice.summary))
        for choice in table.choices(option)
    )
    return "((" + " ".join(f'{word}\\:"{text}"' for word, text in described) + "))"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
