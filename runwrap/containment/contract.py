"""What every tier of containment does. Imported for types alone."""

from collections.abc import Callable
from typing import Protocol

from runwrap.model.outcome import Process


class Containment(Protocol):
    """Keeps hold of the processes of one job, from before its start to its end.

    Used in the order: prepare, adopt, then reap and the signals as needed, close.
    """

    name: str
    poll_interval: float
    """Seconds between two looks where no event tells of a death; inf where SIGCHLD always does."""
    wants_guardian: bool
    """It is to be used in a process that has no other children, below one that inherits them."""
    sealed: bool
    """The guardian is PID 1 of a namespace: the kernel ends the whole job with it."""
    cgroup_fd: int | None
    """The cgroup that the command is to be born in, as the descriptor of its folder."""
    wait: "Callable[[int, int], tuple[int, int]]"
    """os.waitpid, or what takes its place to look at who has ended; not every tier calls it."""
    empty: bool
    """True once reap has proved that nothing of the job is left."""

    def prepare(self) -> None:
        """Get ready to hold a job; OSError where this tier can't be had."""

    def inherit(self, preexisting: frozenset[int]) -> "Containment":
        """Return what the parent of a dead guardian goes on with: it inherits the job.

        `preexisting` are children of the parent that don't belong to the job.
        """

    def adopt(self, leader: int, group: int, signal_scope: str, *, stops: bool) -> None:
        """Take charge of a process that was just started in process group `group`.

        `reach`: GROUP where the group is the job's alone, MEMBERS where others share it and the
        job's own are signalled one by one, LEADER where nobody else of the job is to be signalled
        but at the kill. `stops`: report the leader's stops as well.
        """

    def join(self, pid: int) -> None:
        """Take charge of another process that was started in the same process group."""

    def reap(self) -> list[tuple[int, int]]:
        """Reap what has ended and set empty; return pid and wait status of what was adopted."""

    def forward(self, number: int) -> None:
        """Send a signal to the job's process group, as the terminal would."""

    def stop(self, number: int) -> None:
        """Send a signal, then SIGCONT, to the leader and its process group; SIGSTOP alone."""

    def stop_strays(self, number: int) -> None:
        """Send the same to every descendant outside the group; SIGSTOP to none."""

    def kill(self) -> None:
        """Do one round of the sweep: SIGKILL to everything that can be found now."""

    def running(self) -> tuple[Process, ...]:
        """List all of the job, parents first, even who is dead but not yet reaped."""

    def survivors(self) -> tuple[Process, ...]:
        """List what is running of the job."""

    def close(self) -> None:
        """Let go of what was held."""
