"""Starting the commands of a job: what they are started with, and how that fails."""

import os

from runwrap.model import Record
from runwrap.model.outcome import Failure, Process, StageEnd

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.launch.inherited import Inherited
    from runwrap.native import SignalQueue

# Where the command runs: in a group of runwrap's own making, or in one that it shares with it,
# with whoever else is there, or as its sole owner (the plan's JOINT).
NEW_SESSION, OWN_GROUP, SHARED = "new session", "own group", "shared"


class Program(Record):
    """What a command's process executes: its words, its environment, and the files to try."""

    argv: tuple[str, ...]
    environment: dict[bytes, bytes]
    paths: list[str]


class ChildSetup(Record):
    """What a new process sets before it executes its program.

    `place` is its session and process group; `group` is the group where it isn't the command's
    own, 0 for runwrap's own group, which has no number inside a PID namespace. `files` are
    descriptors by the number that each is to get. `has_terminal`: a Ctrl-Z may come before it
    executes anything. `terminal` is a descriptor whose foreground it takes, `cgroup` one of the
    cgroup that it joins. `settings` are the plan's.
    """

    inherited: "Inherited"
    queue: "SignalQueue"
    place: str
    group: int
    environment: dict[bytes, bytes]
    files: dict[int, int]
    settings: "tuple[tuple[str, str | int], ...]" = ()
    has_terminal: bool = False
    terminal: int | None = None
    cgroup: int | None = None


class Streams:
    """The files that redirections name, opened: descriptors by the number that each is to get.

    `common` are for all of the job, `of_stages` for each stage of its pipeline.
    """

    def __init__(self, common: dict[int, int], of_stages: list[dict[int, int]]) -> None:
        self.common, self.of_stages = common, of_stages

    def close(self) -> None:
        """Close them all, if they aren't: only the command is to have them."""
        for files in (self.common, *self.of_stages):
            for descriptor in set(files.values()):
                os.close(descriptor)
            files.clear()


class StartError(Exception):
    """A job could not be started; `failure` says why.

    Of what was started before, `survivors` outlived the kill; usually there are none. `stages` are
    those of a pipeline that had been started.
    """

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure
        self.survivors: tuple[Process, ...] = ()
        self.stages: tuple[StageEnd, ...] = ()


class OpenTimeout(Exception):
    """The time limit passed while the FIFO at `path` waited for its other end."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def blame(step: str, subject: str, error: OSError, detail: str = "") -> StartError:
    """Return the StartError for a system call that failed while doing `step` to `subject`."""
    return StartError(Failure(step=step, subject=subject, errno=error.errno or 0, detail=detail))
