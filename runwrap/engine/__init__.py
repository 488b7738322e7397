"""Starting a job, watching over it and ending it: what a start needs, and how it fails."""

from runwrap.model import Record
from runwrap.model.outcome import Failure, Process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.engine.caller import Caller
    from runwrap.engine.stages import Stages
    from runwrap.model.plan import Plan
    from runwrap.native import SignalQueue

# Where the command runs: in a group of runwrap's own making, or in one that it shares with it,
# with whoever else is there, or as its sole owner (the plan's JOINT).
NEW_SESSION, OWN_GROUP, SHARED = "new session", "own group", "shared"


class Launch(Record):
    """All that one command is started with.

    `paths` are the files that its name may mean, in the order to try them; `place` is its session
    and process group; `group` is the group where it isn't its own, 0 for the one that we are in
    and have no number for, as it is beyond our PID namespace; `terminal` is a descriptor to be
    made its own, `cgroup` one of a cgroup to be born in.

    Of a pipeline it holds what the stages have in common; `programs` are theirs, and each becomes
    `argv`, `environment` and `paths` in its turn.
    """

    plan: "Plan"
    argv: tuple[str, ...]
    caller: "Caller"
    queue: "SignalQueue"
    environment: dict[bytes, bytes]
    paths: list[str]
    files: dict[int, int]
    place: str
    group: int
    terminal: int | None = None
    cgroup: int | None = None
    programs: "tuple[tuple[tuple[str, ...], dict[bytes, bytes], list[str]], ...]" = ()


class StartError(Exception):
    """A job could not be started; `failure` says why.

    Of what was started before, `survivors` outlived the kill; usually there are none. `stages` are
    those of a pipeline that had been started.
    """

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure
        self.survivors: tuple[Process, ...] = ()
        self.stages: Stages | None = None


class OpenTimeout(Exception):
    """The time limit passed while the FIFO at `path` waited for its other end."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def blame(step: str, subject: str, error: OSError, detail: str = "") -> StartError:
    """Return the StartError for a system call that failed while doing `step` to `subject`."""
    return StartError(Failure(step=step, subject=subject, errno=error.errno or 0, detail=detail))
