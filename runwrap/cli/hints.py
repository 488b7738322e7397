"""What people who name a command that isn't there have often meant."""

import os

from runwrap.cli import SUBCOMMANDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.model.outcome import Failure


def advised(failure: "Failure", folder: str | None) -> "Failure":
    """Return a failure to find a command with advice, if there is any.

    `folder` is where the command would have been run, where that isn't here.
    """
    return failure.replace(advice=_advice(failure.subject, folder))


def _advice(name: str, folder: str | None) -> str:
    if name in SUBCOMMANDS:
        return f"as a subcommand it is the first word: runwrap {name} ..."
    if "|" in name:
        return "a pipeline is for runwrap pipe"
    if " " in name:
        return "a command and its arguments are words of their own"
    if folder and "/" in name and os.path.exists(os.path.join(folder, name)):
        return "it is looked for from here, not from the folder of --chdir"
    return ""
