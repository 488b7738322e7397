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
    """One command: all of a job, or a part of its pipeline.

    `redirects` hold from left to right, after the pipes have become streams 0 and 1; `|&` is the
    last of them. Of assignments to one variable the last holds.
    """

    argv: tuple[str, ...]
    assignments: tuple[tuple[str, str], ...] = ()
    redirects: "tuple[Redirect | Duplicate, ...]" = ()


class Plan(Record):
    """One job, decided. Two equal plans do the same thing.

    Each of the `stages` writes into the next; the files of `redirects` are for all of them.
    `pipefail` is the rule for a pipeline's status, None where there is only a command. `detailed`:
    who runs is looked up before the job is stopped, and not only where a limit does that.
    `metered`: what it uses is measured. `preserve_status`: where GNU's rules hold, the exit code is
    the command's own even if it was timed out.
    `settings` are what the command's process sets, by the names of SETTINGS and in their order.
    `defaulted` are signals that the command gets as by default, even if the caller ignores them;
    they are forwarded, too.
    """

    stages: tuple[Stage, ...]
    policy: Policy
    pipefail: str | None = None
    detailed: bool = False
    metered: bool = False
    preserve_status: bool = False
    session: str = "auto"
    contain: str = "auto"
    die_with_parent: bool = False
    environment: Environment = Environment()
    redirects: tuple[Redirect, ...] = ()
    settings: "tuple[tuple[str, str | int], ...]" = ()
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
