"""What an option is. Each file in here is the table of one category, or of one other subcommand.

Commands, manual and completions are made from these tables; `runwrap.cli.options_of` goes through
them. Parsers raise ValueError, with a text that says what is accepted.
"""

from runwrap.model import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

CATEGORIES = LIMITS, STOPPING, TREE, COMMAND, FILES, CONTAINMENT, GENERAL = (
    "Limits", "Stopping", "The tree", "The command", "Files", "Containment", "General",
)  # as help has them  # fmt: skip
LEAKS = ("kill", "wait", "allow", "fail")
_COMPLETES = {  # by metavar
    "DURATION": "duration", "SIGNAL": "signal", "FILE": "file", "DIR": "folder",
    "NAME": "variable", "NAME=VALUE": "variable", "MODE": "number", "N": "number",
}  # fmt: skip


class Option(Record):
    """One option; the Request's field that it sets is named as its long name, which is the last.

    `parse` turns its text into a value; a flag has none and means True. `metavar` names the value.
    `commands` are the subcommands that have it. `variable`: a RUNWRAP_ environment variable gives
    its default. `contradicts` are fields whose variables give way to it, and it to their options.
    `common`: the short help has it.
    """

    names: tuple[str, ...]
    category: str
    help: str
    parse: "Callable[[str], object] | None" = None
    metavar: str = ""
    default: str = ""
    choices: tuple[str, ...] = ()
    repeats: bool = False
    variable: bool = True
    common: bool = False
    contradicts: tuple[str, ...] = ()
    commands: tuple[str, ...] = ("run", "pipe")

    @property
    def field(self) -> str:
        """Return the name of the Request's field."""
        return self.names[-1][2:].replace("-", "_")

    @property
    def completes(self) -> str:
        """Return what a shell offers for the value, if that is more than the choices."""
        return _COMPLETES.get(self.metavar, "")

    @property
    def summary(self) -> str:
        """Return the first thing that the help says, short enough for a list."""
        text = self.help + " "
        for mark in ("; ", ": ", ". "):
            text = text.partition(mark)[0]
        return text

    @property
    def environment_variable(self) -> str | None:
        """Return the name of the variable that gives the default, None if there is none."""
        return "RUNWRAP_" + self.field.upper() if self.variable else None
