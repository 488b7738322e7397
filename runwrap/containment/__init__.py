"""Keeping hold of every process of a job, behind one contract."""

import os
import time

from runwrap.model.durations import INFINITE
from runwrap.model.escalation import KILL_INTERVAL
from runwrap.model.signals import CONT, STOP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.model.outcome import Process
    from runwrap.native import SignalQueue
    from runwrap.native.process_entry import ProcessEntry

GROUP, MEMBERS, LEADER = "group", "members", "leader"  # how far a signal to the job reaches


class Containment:
    """Keeps hold of the processes of one job, from before its start to its end: what a tier does.

    Used in the order: prepare, adopt, then reap and the signals as needed, close.
    """

    name: str
    poll_interval = INFINITE
    """Seconds between two looks where no event tells of a death; inf where SIGCHLD always does."""
    wants_guardian = False
    """It is to be used in a process that has no other children, below one that inherits them."""
    sealed = False
    """The guardian is PID 1 of a namespace: the kernel ends the whole job with it."""
    cgroup_fd: int | None = None
    """The cgroup that the command is to be born in, as the descriptor of its folder."""

    def __init__(self) -> None:
        self.wait = os.waitpid
        """What takes its place also looks at who has ended; not every tier calls it."""
        self.empty = False
        """True once reap has proved that nothing of the job is left."""
        self._leader = 0  # 0 once it is reaped: from then on its process group may be another's
        self._group = self._made = 0  # made: 0 where the leader joined another's group
        self._signal_scope = GROUP
        self._stops = 0
        self._joined: set[int] = set()  # what was started besides the leader, and is unreaped

    def prepare(self) -> None:
        """Get ready to hold a job; OSError where this tier can't be had."""

    def inherit(self, preexisting: frozenset[int]) -> "Containment":  # noqa: ARG002
        """Return what the parent of a dead guardian goes on with: it inherits the job.

        `preexisting` are children of the parent that don't belong to the job.
        """
        return self

    def adopt(self, leader: int, group: int, signal_scope: str, *, stops: bool) -> None:
        """Take charge of a process that was just started in process group `group`.

        `signal_scope`: GROUP where the group is the job's alone, MEMBERS where others share it and
        the job's own are signalled one by one, LEADER where nobody else of the job is to be
        signalled but at the kill. `stops`: report the leader's stops as well.
        """
        self._leader, self._group, self._signal_scope = leader, group, signal_scope
        self._made = group if group == leader else 0
        self._stops = os.WUNTRACED if stops else 0

    def join(self, pid: int) -> None:
        """Take charge of another process that was started in the same process group."""
        self._joined.add(pid)

    def reap(self) -> list[tuple[int, int]]:
        """Reap what has ended and set empty; return pid and wait status of what was adopted."""
        raise NotImplementedError

    def forward(self, number: int) -> None:
        """Send a signal to the job's process group, as the terminal would."""
        raise NotImplementedError

    def stop(self, number: int) -> None:
        """Send a signal, then SIGCONT, to the leader and its process group; SIGSTOP alone."""
        self.forward(number)
        if self._signal_scope != LEADER and number != STOP:
            self.forward(CONT)

    def stop_strays(self, number: int) -> None:
        """Send the same to every descendant outside the group; SIGSTOP to none."""
        raise NotImplementedError

    def kill(self) -> None:
        """Do one round of the sweep: SIGKILL to everything that can be found now."""
        raise NotImplementedError

    def has_many(self) -> bool:
        """Tell whether the job has so many processes that a look at all of them may take seconds.

        That is asked where a storm of forks must not gain that time.
        """
        return False

    def running(self) -> "tuple[Process, ...]":
        """List all of the job, parents first, even who is dead but not yet reaped."""
        from runwrap.native.processes import process

        return tuple(map(process, self._members()))

    def survivors(self) -> "tuple[Process, ...]":
        """List what is running of the job."""
        from runwrap.native.processes import still_running

        return still_running(self._members())

    def close(self) -> None:
        """Let go of what was held."""

    def _members(self) -> "list[ProcessEntry]":
        raise NotImplementedError


def send(target: int, number: int) -> None:
    """Signal an unreaped child, or a process group by its negative number.

    What is gone needs no signal; what may not be signalled is named at the end, if it stays.
    """
    try:
        os.kill(target, number)
    except (ProcessLookupError, PermissionError):
        return


def kill_all(containment: Containment, queue: "SignalQueue", limit: float) -> list[tuple[int, int]]:
    """Kill everything of a job, round by round, until nothing is left or `limit` seconds passed.

    It is the last resort, of which nobody decides any more; and our own files may be gone.
    Return the pid and the wait status of each process that was adopted and has ended.
    """
    from contextlib import suppress

    end = time.monotonic() + limit
    ended = containment.reap()
    while not containment.empty and time.monotonic() < end:
        with suppress(ImportError):  # what can be done with no more than is loaded has been done
            containment.kill()
        queue.wait(KILL_INTERVAL)
        ended += containment.reap()
    return ended
