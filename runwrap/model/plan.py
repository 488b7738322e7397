"""What will be done: every default filled in, nothing touched yet."""

from runwrap.model import Record
from runwrap.model.escalation import Policy

JOINT = "joint"  # session and place: in a group that runwrap leads, as GNU's timeout does
SETTINGS = ("chdir", "umask", "nice")  # fields of a Request as well, None where not asked for
_NAMED_AT_MOST = 5  # stages


class Environment(Record):
    """How the command's environment differs from the caller's: cleared, then unset, then set."""

    clear: bool = False
    unset: tuple[str, ...] = ()
    set: tuple[tuple[str, str], ...] = ()


class Redirect(Record):
    """A file that takes the place of the caller's descriptor `target` (0, 1 or 2)."""

    target: int
    path: str
    append: bool = False


class Duplicate(Record):
    """The stream `target` becomes a copy of what `source` is at that moment: `2>&1`."""

    target: int
    source: int


MERGE = Duplicate(target=2, source=1)  # what |& adds to the stage before it


class Stage(Record):
    """One command: all of a job, or a part of its pipeline."""

    argv: tuple[str, ...]
    assignments: tuple[tuple[str, str], ...] = ()  # of those to one variable the last holds
    # From left to right, after the pipes have become streams 0 and 1; `|&` is the last.
    redirects: "tuple[Redirect | Duplicate, ...]" = ()


class Plan(Record):
    """One job, decided. Two equal plans do the same thing."""

    stages: tuple[Stage, ...]  # each writes into the next
    policy: Policy
    pipefail: str | None = None  # the rule for a pipeline's status, None for a single command
    detailed: bool = False  # whoever stops the job, who runs is looked up before
    metered: bool = False  # what it uses is measured
    preserve_status: bool = False  # by GNU's rules: a timeout doesn't change the exit code
    session: str = "auto"
    contain: str = "auto"
    die_with_parent: bool = False
    environment: Environment = Environment()
    redirects: tuple[Redirect, ...] = ()  # for all stages
    settings: "tuple[tuple[str, str | int], ...]" = ()  # as in SETTINGS, in that order
    # The command gets these as by default, even if the caller ignores them; they are forwarded.
    defaulted: frozenset[int] = frozenset()

    @property
    def name(self) -> str:
        """Return what people call the job: its command, or its commands with bars between."""
        names = [stage.argv[0] for stage in self.stages]
        if len(names) > _NAMED_AT_MOST:
            names[2:-1] = ["..."]
        return " | ".join(names)

    @property
    def chdir(self) -> str | None:
        """Return the folder that the command is run in, None for the caller's own."""
        folder = dict(self.settings).get("chdir")
        return None if folder is None else str(folder)
