"""Starting the commands of a job: where they run, what they are started with, how that fails."""

import os

from runwrap.model import Record
from runwrap.model.escalation import GNU
from runwrap.model.outcome import Failure, Process, StageEnd
from runwrap.model.plan import JOINT
from runwrap.model.signals import FROM_TERMINAL, HUP, KILL, TTIN, TTOU, signal
from runwrap.native import set_subreaper

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.launch.inherited import Inherited
    from runwrap.model.plan import Plan
    from runwrap.native import SignalQueue
    from runwrap.watch.terminal import Terminal

# Where the command runs. The plan's JOINT is another: a process group that runwrap makes for itself
# and the command.
NEW_SESSION = "new session"
OWN_GROUP = "own group"  # a process group of its own, in runwrap's session
SHARED = "shared"  # in runwrap's process group, with whoever else is in it


class Placement:
    """Where one job runs, decided in the process that the caller knows: the front.

    `group` is the front's process group. `shares_group`: the job is in that group too.
    `guest_in_group`: so is the guardian, but only until the job has started.
    """

    def __init__(self, plan: "Plan", inherited: "Inherited") -> None:
        """Look at the terminal. Every signal that runwrap takes must be blocked already."""
        self.terminal = _terminal(plan, inherited.ignored)
        self.place = _place(plan, self.terminal)
        self.group = os.getpgrp()
        self.shares_group = self.place in (SHARED, JOINT)
        self.guest_in_group = False
        self._missed: set[int] = set()

    def about_to_start(self) -> None:
        """Note the signals that have come already: whoever is started now has missed them."""
        self._missed = signal.sigpending() if self.shares_group else set()

    def job_has(self, number: int, from_kernel: bool) -> bool:
        """Tell whether the job got a signal as well: the terminal sends it to its whole group.

        SIGHUP goes to the session's leader alone. A signal that came before the start is told of
        once.
        """
        if not (from_kernel and self.shares_group and number in FROM_TERMINAL):
            return False
        if number in self._missed:
            self._missed.discard(number)
            return False
        return number != HUP or self.guest_in_group or os.getsid(0) != os.getpid()

    def regain_terminal(self) -> None:
        """In the front: take the terminal back from a job that was killed."""
        if self.terminal:
            self.terminal.held = self.terminal.apart
            self.terminal.finish(ended_by=KILL, ended_by_us=True)

    def close(self) -> None:
        """Let go of the terminal, in the front."""
        if self.terminal:
            os.close(self.terminal.descriptor)


def act_as_timeout(plan: "Plan") -> None:
    """Lead a process group that the command will share, and don't be stopped by the terminal.

    So GNU's timeout does. It is left to the command to be stopped for using the terminal in the
    background.
    """
    for number in (TTIN, TTOU):
        signal.signal(number, signal.SIG_IGN)
    if plan.session == JOINT and os.getsid(0) != os.getpid():  # a session's leader leads a group
        os.setpgid(0, 0)


def _terminal(plan: "Plan", ignored: frozenset[int]) -> "Terminal | None":
    """Return our controlling terminal, where the job is to share it."""
    if plan.session in ("new", JOINT) or plan.policy.rules == GNU:
        return None
    try:
        descriptor = os.open("/dev/tty", os.O_RDWR | os.O_CLOEXEC | os.O_NOCTTY)
    except OSError:
        return None
    from runwrap.watch.terminal import Terminal

    # A group that has the foreground gets Ctrl-C without us, and then no countdown would begin. But
    # where nothing else tells what is of the job, the group has to be the job's alone.
    heeds = plan.policy.armed and plan.contain != "group" and set_subreaper()
    may_be_apart = plan.session == "auto" and not heeds
    return Terminal(descriptor, ignored, may_be_apart=may_be_apart)


def _place(plan: "Plan", terminal: "Terminal | None") -> str:
    if plan.session == JOINT:
        return JOINT
    if plan.session == "foreground":
        return SHARED
    if terminal is None:
        return NEW_SESSION
    return OWN_GROUP if terminal.apart else SHARED


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
