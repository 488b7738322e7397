"""What a job finds when it begins, and is given for it, in the process that the caller knows."""

import os

from runwrap.launch import NEW_SESSION, OWN_GROUP, SHARED
from runwrap.launch.inherited import inspect, listen_for_deaths
from runwrap.model.escalation import GNU
from runwrap.model.plan import JOINT
from runwrap.model.signals import ALRM, FROM_TERMINAL, HUP, NOT_TERMINATING, TTIN, TTOU, signal
from runwrap.native import SignalQueue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.launch.inherited import Inherited
    from runwrap.model.plan import Plan
    from runwrap.watch.terminal import Terminal


class Scene:
    """What a job finds and is given before it is started, in the process that the caller knows.

    `group` is that process's group; a guardian is `visiting` if it is in there only for the start.
    `watched` is the process whose death ends the job, else 0: our parent where that was asked for,
    and where another process supervises, our own in there.
    """

    def __init__(self, plan: "Plan", start: float) -> None:
        """Look round and take the signals. Raise StartError, and OpenTimeout."""
        self.command, self.start = plan.name, start
        self.caller = inspect().with_defaults(plan.defaulted)
        listen_for_deaths()
        self.watched = _follow_parent() if plan.die_with_parent else 0
        self.files, self.stage_files = _open_files(plan, start)
        if plan.policy.rules == GNU:
            _ignore_stops()
        if plan.session == JOINT:
            _lead_a_group()
        self.queue = SignalQueue(_signals(plan, self.caller))
        self.terminal = _terminal(plan, self.caller.ignored)
        self.place = _place(plan, self.terminal)
        self.group = os.getpgrp()
        self.shares_group = self.place in (SHARED, JOINT)
        self.guest_in_group = False
        self._missed: set[int] = set()

    def about_to_start(self) -> None:
        """Take note of the signals that have come already: whoever is started now misses them."""
        self._missed = signal.sigpending() if self.shares_group else set()

    def job_has(self, number: int, from_kernel: bool) -> bool:
        """Tell whether the job got a signal as well: the terminal sends it to its whole group.

        Only that the terminal is gone is told to nobody but the session's leader.
        """
        if not (from_kernel and self.shares_group and number in FROM_TERMINAL):
            return False
        if number in self._missed:
            self._missed.discard(number)
            return False
        return number != HUP or self.guest_in_group or os.getsid(0) != os.getpid()

    def let_go(self) -> None:
        """Close what only the command is to have."""
        for files in (self.files, *self.stage_files):
            for descriptor in set(files.values()):
                os.close(descriptor)
        self.files, self.stage_files = {}, []


def _signals(plan: "Plan", caller: "Inherited") -> frozenset[int]:
    """Return the signals that we take: GNU's timeout leaves to itself what the caller blocked."""
    if plan.policy.rules != GNU:
        return caller.forwardable()
    return caller.forwardable(caller.blocked.union(NOT_TERMINATING) - {ALRM})


def _open_files(plan: "Plan", start: float) -> "tuple[dict[int, int], list[dict[int, int]]]":
    """Open what redirections name, of the job and of each stage of a pipeline.

    OpenTimeout if the time limit passed meanwhile.
    """
    if not plan.redirects and not any(stage.redirects for stage in plan.stages):
        return {}, [{} for _ in plan.stages]
    from runwrap.launch.redirects import check_copies, open_all, open_stages

    deadline = start + plan.policy.timeout
    files = open_all(plan.redirects, deadline)
    check_copies(plan.stages[-1], files)
    return files, open_stages(plan.stages, deadline)


def _lead_a_group() -> None:
    """Become the leader of a process group that the command will share, as GNU's timeout does."""
    if os.getsid(0) != os.getpid():  # a session's leader leads a group already
        os.setpgid(0, 0)


def _ignore_stops() -> None:
    """Leave it to the command to be stopped for using the terminal in the background."""
    for number in (TTIN, TTOU):
        signal.signal(number, signal.SIG_IGN)


def _follow_parent() -> int:
    from runwrap.guard.parent_death import follow_parent

    return follow_parent()


def _terminal(plan: "Plan", ignored: frozenset[int]) -> "Terminal | None":
    """Return our controlling terminal, where the job is to share it."""
    if plan.session in ("new", JOINT) or plan.policy.rules == GNU:
        return None
    try:
        descriptor = os.open("/dev/tty", os.O_RDWR | os.O_CLOEXEC | os.O_NOCTTY)
    except OSError:
        return None
    from runwrap.watch.terminal import Terminal

    # A group that has the foreground gets Ctrl-C without us, and then no countdown would begin.
    may_be_apart = plan.session == "auto" and not plan.policy.armed
    return Terminal(descriptor, ignored, may_be_apart=may_be_apart)


def _place(plan: "Plan", terminal: "Terminal | None") -> str:
    if plan.session == JOINT:
        return JOINT
    if plan.session == "foreground":
        return SHARED
    if terminal is None:
        return NEW_SESSION
    return OWN_GROUP if terminal.apart else SHARED
