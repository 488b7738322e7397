"""The option table as bash's completion has it."""

import table
from templates import wrapped

from runwrap.cli import OPERANDS, SUBCOMMANDS
from runwrap.cli.options import Option


def parts() -> dict[str, list[str]]:
    """Return the lines for each marker in tools/shells/runwrap.bash."""
    return {
        "IS_SUBCOMMAND": [f"{' | '.join(SUBCOMMANDS)}) ;;"],
        "SUBCOMMANDS": wrapped(SUBCOMMANDS),
        "OPERANDS": [
            f"{command}) operands=({' '.join(kind for _, kind in found)}) ;;"
            for command, found in OPERANDS.items()
        ],
        "KINDS": [
            _kind(option, commands)
            for option, commands in table.every_option().items()
            if table.kind(option)
        ],
        "OPTIONS": [line for command in SUBCOMMANDS for line in _options(command)],
        "SIGNALS": wrapped(table.SIGNALS),
        "DURATIONS": wrapped(table.DURATIONS),
        "UNITS": [
            f"{pattern}) units='{' '.join(units)}' ;;"
            for pattern, units in table.units_after().items()
        ],
    }


def _kind(option: Option, commands: list[str]) -> str:
    patterns = " | ".join(f"'{command} {name}'" for command in commands for name in option.names)
    return f"{patterns}) kind='{' '.join([table.kind(option), *option.choices])}' ;;"


def _options(command: str) -> list[str]:
    names = [name for option in table.offered(command) for name in option.names]
    return [f"{command})", "    options=(", *wrapped(names, indent=8), "    )", "    ;;"]
