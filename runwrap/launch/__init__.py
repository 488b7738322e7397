"""Starting a job, watching over it and ending it: what a start needs, and how it fails."""

from runwrap.model import Record
from runwrap.model.outcome import Failure, Process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.launch.inherited import Inherited
    from runwrap.launch.stages import Stages
    from runwrap.model.plan import Plan
    from runwrap.native import SignalQueue

    # A command's words, its environment, and the files that its name may mean, as they are tried.
    Program = tuple[tuple[str, ...], dict[bytes, bytes], list[str]]

# Where the command runs: in a group of runwrap's own making, or in one that it shares with it,
# with whoever else is there, or as its sole owner (the plan's JOINT).
NEW_SESSION, OWN_GROUP, SHARED = "new session", "own group", "shared"


class Launch(Record):
    """All that a job is started with: its programs, one for each stage, and what they share.

    `files` are descriptors by the number that each is to get; `place` is the session and process
    group; `group` is the group where it isn't the command's own, 0 for the one that we are in and
    have no number for, as it is beyond our PID namespace; `terminal` is a descriptor to be made
    its own, `cgroup` one of a cgroup to be born in.
    """

    plan: "Plan"
    programs: "tuple[Program, ...]"
    caller: "Inherited"
    queue: "SignalQueue"
    files: dict[int, int]
    place: str
    group: int
    terminal: int | None = None
    cgroup: int | None = None


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
