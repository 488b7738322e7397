"""What people who were not understood have often meant."""

import difflib
import os
import shlex
from collections.abc import Iterable

from runwrap.cli import NOT_OPTIONS, SUBCOMMANDS, options_of
from runwrap.cli.options import Option
from runwrap.model.durations import parse
from runwrap.model.plain_spec import BUILTINS

_NEAR = 0.7  # of difflib's likeness: --tiemout is near to --timeout, --quiet to none
_OTHER_WORDS = {"help": "--help", "version": "--version", "pipeline": "pipe", "pipes": "pipe"}
_OPTIONS_OF_SHELLS = {
    "cd": "-C DIR", "export": "-e NAME=VALUE", "unset": "-u NAME", "umask": "--umask MODE",
}  # fmt: skip


def advice(name: str, folder: str | None) -> str:
    """Return what may have been meant by a command that wasn't found, or ''.

    `folder` is where it would have been run, where that isn't here.
    """
    if name in SUBCOMMANDS:
        return f"as a subcommand it is the first word: runwrap {name} ..."
    # Short names are near to too many others.
    long = [one for one in SUBCOMMANDS if len(one) > 5]
    if meant := _OTHER_WORDS.get(name) or _nearest(name.replace("_", "-"), long):
        return f"did you mean runwrap {meant}?"
    if _is_duration(name):
        return f"a limit is an option: runwrap -t {name} ...; GNU's way is runwrap timeout {name}"
    if name.partition("=")[0].isidentifier() and "=" in name:
        return f"a variable is set by an option: runwrap -e {shlex.quote(name)} ..."
    if name in BUILTINS:
        instead = _OPTIONS_OF_SHELLS.get(name)
        instead = f"the option {instead}" if instead else f"runwrap -- sh -c '{name} ...'"
        return f"it is within a shell, and no program; use {instead}"
    if "/" not in name and os.path.isfile(name):
        return f"a file of that name lies here: ./{name}"
    if "|" in name:
        return "a pipeline is for runwrap pipe"
    if " " in name:
        return "a command and its arguments are words of their own"
    if folder and "/" in name and os.path.exists(os.path.join(folder, name)):
        return "it is looked for from here, not from the folder of --chdir"
    return ""


def _nearest(name: str, among: Iterable[str]) -> str:
    return next(iter(difflib.get_close_matches(name, among, n=1, cutoff=_NEAR)), "")


def _is_duration(name: str) -> bool:
    try:
        return name[:1] in "0123456789." and parse(name) >= 0
    except ValueError:
        return False


def option(name: str, command: str) -> str:
    """Return what may have been meant by an option that a subcommand doesn't have, or ''."""
    for other in SUBCOMMANDS:
        if any(name in one.names for one in options_of(other)):
            return f"'runwrap {other}' has it"
    known = [long for one in options_of(command) for long in one.names[-1:]]
    begun = [long for long in known if long.startswith(name) and len(name) > 3]
    # Without the dashes, which would make any two alike.
    near = _nearest(name.lstrip("-"), [long[2:] for long in known])
    found = begun[0] if begun else near and f"--{near}"
    return found and f"did you mean {found}?"


def unknown_variables(names: Iterable[bytes]) -> list[str]:
    """Return what to say of variables that are named as an option's is, and are none.

    They are not refused: every program below inherits them, and some are nobody's mistake, such as
    a later version's, or those that Kubernetes makes for a service that is named runwrap.
    """
    every = [one for command in SUBCOMMANDS for one in options_of(command)]
    known = {one.environment_variable for one in every}
    ours = sorted(name for name in names if name.startswith(b"RUNWRAP_"))
    odd = [os.fsdecode(name) for name in ours if name not in NOT_OPTIONS]
    meant = {name: _meant(name, every) for name in odd if name not in known}
    lines = [f"{name} has no effect: {text}" for name, text in meant.items() if text]
    others = ", ".join(name for name, text in meant.items() if not text)
    return [*lines, f"no option has the variable {others}"] if others else lines


def _meant(name: str, every: list[Option]) -> str:
    field = name.removeprefix("RUNWRAP_").lower()
    if option := next((one for one in every if one.field == field), None):
        return f"{option.names[-1]} can only be given as an option"
    near = _nearest(field, [one.field for one in every if one.variable])
    return near and f"did you mean RUNWRAP_{near.upper()}?"
