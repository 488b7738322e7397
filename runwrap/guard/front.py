"""The front: the process that the caller waits for, which holds a guardian for each job.

It takes the signals and hands them on, does what the guardians can't, and ends what one of them
leaves when it is killed.
"""

import os
import time

from runwrap.containment import kill_all
from runwrap.launch.inherited import listen_for_deaths
from runwrap.model.durations import INFINITE
from runwrap.model.escalation import SWEEP_LIMIT
from runwrap.model.outcome import Failure, Outcome
from runwrap.model.signals import CHLD, CONT, KILL, signal
from runwrap.native import SignalQueue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from runwrap.guard import Guardian, Work
    from runwrap.launch.inherited import Inherited


class Front:
    """This process, given over to jobs: every child that ends is reaped."""

    def __init__(self, inherited: "Inherited") -> None:
        """`inherited`: what this process had from its caller, before anything was changed."""
        self.inherited = inherited
        self._queue: SignalQueue | None = None
        self.watched = 0
        """Our parent, if we are to end with it, else 0."""
        self._guardians: dict[int, Guardian] = {}
        self._preexisting: frozenset[int] = frozenset()
        listen_for_deaths()

    def take_signals(self, signals: "Iterable[int]") -> SignalQueue:
        """Block some signals, to be taken one at a time; return where, which is made once."""
        self._queue = self._queue or SignalQueue(signals)
        return self._queue

    def start(self, guardian: "Guardian", work: "Work") -> None:
        """Fork a guardian that does the work. Raise StartError where that fails."""
        self._preexisting |= _children() - self._guardians.keys()
        guardian.fork(work)
        self._guardians[guardian.pid] = guardian

    def wait(self, guardian: "Guardian") -> Outcome:
        """Serve every guardian until that one has ended; return what came of its job."""
        assert self._queue
        while guardian.outcome is None:
            caught = self._queue.wait(INFINITE)
            if caught is None:
                continue
            if caught[0] == CHLD:
                self._look()
            else:
                self._hand_on(*caught)
        return guardian.outcome

    def close(self) -> None:
        """Give the signals back as they were: for a process that goes on without jobs."""
        if self._queue:
            self._queue.release()
        signal.pthread_sigmask(signal.SIG_SETMASK, self.inherited.blocked)
        if CHLD in self.inherited.ignored:
            signal.signal(CHLD, signal.SIG_IGN)

    def _look(self) -> None:
        """See what SIGCHLD has come for."""
        if self.watched and os.getppid() != self.watched:
            os.kill(os.getpid(), KILL)  # as whoever else kills us: the guardians end the jobs
        self._reap()
        for guardian in tuple(self._guardians.values()):
            guardian.serve()

    def _hand_on(self, number: int, from_kernel: bool, sender: int) -> None:
        if sender == os.getpid() or sender in self._guardians:
            return  # meant for the job, whose group we share; or SIGPIPE for a message of our own
        for guardian in self._guardians.values():
            guardian.hand_on(number, from_kernel)

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG | os.WUNTRACED)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid in self._guardians and os.WIFSTOPPED(status):
                os.kill(pid, CONT)  # the job may not stop who watches over it
            elif not os.WIFSTOPPED(status):
                self._ended(pid, status)

    def _ended(self, pid: int, status: int) -> None:
        guardian = self._guardians.pop(pid, None)
        if guardian is None:
            self._preexisting -= {pid}  # its number may come to be one of a job's
            return
        outcome = guardian.settle()
        if outcome is None:
            failure = Failure(step="guardian", subject=guardian.name, detail=_how(status))
            outcome = Outcome(command=guardian.name, failure=failure)
        if outcome.failure and outcome.failure.step == "guardian":
            outcome = self._end_job(guardian, outcome)
        elif self._guardians:  # what it was allowed to leave isn't another's
            self._preexisting |= _children() - self._guardians.keys()
        guardian.close()
        if guardian.containment.sealed:  # nothing of a PID namespace outlives its first process
            outcome = outcome.replace(survivors=(), proved=True)
        guardian.outcome = outcome

    def _end_job(self, guardian: "Guardian", outcome: Outcome) -> Outcome:
        """Kill the job that we have inherited from a guardian, and give the terminal back."""
        containment = guardian.containment.inherit(self._preexisting | self._guardians.keys())
        ended: list[tuple[int, int]] = []

        def wait(pid: int, options: int) -> tuple[int, int]:
            found, status = os.waitpid(pid, options)
            if found in self._guardians and not os.WIFSTOPPED(status):
                ended.append((found, status))
            return found, status

        containment.wait = wait
        assert self._queue
        kill_all(containment, self._queue, SWEEP_LIMIT)
        guardian.placement.regain_terminal()
        survivors = () if containment.empty else containment.survivors()
        for pid, status in ended:
            self._ended(pid, status)
        return outcome.replace(
            survivors=survivors,
            elapsed=time.monotonic() - guardian.start,
            failure=None if survivors else outcome.failure,
        )


def _children() -> frozenset[int]:
    """Return the children that we have: whoever executed us may have had some already."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return frozenset()
    from runwrap.native import own_children

    try:
        return frozenset(own_children())
    except OSError:  # no /proc: then the sweep can't find any child either
        return frozenset()


def _how(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"was killed by signal {os.WTERMSIG(status)}"
    return f"ended, with code {os.WEXITSTATUS(status)}"
