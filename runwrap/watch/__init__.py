"""The leaders of a job: the processes that runwrap started, one for each stage of its pipeline."""

import os
import time

from runwrap.model.outcome import StageEnd
from runwrap.model.signals import PIPE, STOP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from runwrap.watch.accounting import Accounting

_SPREADING = 0.2  # seconds in which a stop signal reaches whoever obeys it, on a busy machine too


class Leaders:
    """The leaders of one job, in order: which run, which are stopped, and how each has ended.

    A stop signal of the terminal is meant for all of them, even for one that wasn't started yet or
    ignores it, so the first that stops tells of the job; of SIGSTOP it is the last. The others are
    given a moment: one that waits for the terminal's input, and hasn't run since, would still take
    what is typed for the shell.
    """

    def __init__(
        self, commands: "Sequence[str]", start: float, accounting: "Accounting | None" = None
    ) -> None:
        """`commands` are their names; `start` is the job's, on the monotonic clock."""
        self._commands, self._start, self._accounting = commands, start, accounting
        self._ends: dict[int, StageEnd] = {}
        self.running: set[int] = set()
        self.stopped: set[int] = set()
        self._stopped_by = 0
        self.stop_due = 0.0
        """When a stop that was noted counts as the job's, on the monotonic clock."""

    @property
    def first(self) -> int:
        """Return the pid of the first."""
        return next(iter(self._ends))

    def add(self, pid: int) -> None:
        """Take the next one, which was just started."""
        command = self._commands[len(self._ends)]
        began = time.monotonic() - self._start
        self._ends[pid] = StageEnd(command=command, pid=pid, began=began)
        self.running.add(pid)
        if self._accounting:
            self._accounting.expect(pid)

    def end(self, pid: int, status: int) -> None:
        """Note how one has ended; it may not be reaped yet."""
        ended = time.monotonic() - self._start
        self._ends[pid] = self._ends[pid].replace(status=status, ended=ended)
        self.running.discard(pid)
        self.stopped.discard(pid)
        if self.stopped:
            self._note_stop(STOP)  # it may have been the last that kept the job running

    def stop(self, pid: int, number: int) -> None:
        """Note that signal `number` has stopped one."""
        self.stopped.add(pid)
        self._note_stop(number)

    @property
    def stop_is_pending(self) -> bool:
        """Tell whether a stop was noted that doesn't count as the job's yet."""
        return self._stopped_by != 0

    def stopped_by(self) -> int:
        """Return the signal that has stopped the whole job since this was last asked, else 0."""
        number = self._stopped_by
        if not number or (time.monotonic() < self.stop_due and not self._all_obeyed(number)):
            return 0
        self._stopped_by = 0
        return number if self.are_stopped_by(number) else 0

    def are_stopped_by(self, number: int) -> bool:
        """Tell whether a stop by signal `number` is the job's: of SIGSTOP it is if none runs on.

        Nothing reports a SIGCONT to us. So whoever has been continued since is found out, and
        forgotten.
        """
        if not self.stopped:
            return False
        from runwrap.watch.job_control import still_stopped

        self.stopped.intersection_update([one for one in self.stopped if still_stopped(one)])
        return bool(self.stopped) and (number != STOP or self.stopped == self.running)

    def deciding(self, rule: str) -> tuple[int, int]:
        """Return the index, from 0, and the wait status of the leader that a rule lets decide.

        All of them must have ended.
        """
        statuses = [end.status or 0 for end in self._ends.values()]
        number = decisive(statuses, rule)
        return number, statuses[number]

    def ends(self) -> tuple[StageEnd, ...]:
        """Return what is known of each that was started."""
        every = tuple(self._ends.values())
        return self._accounting.completed(every) if self._accounting else every

    def used(self) -> tuple[float | None, int | None]:
        """Return the CPU time and the peak of memory of all who have ended; None if not known."""
        return self._accounting.used() if self._accounting else (None, None)

    def _note_stop(self, number: int) -> None:
        if not self.are_stopped_by(number):
            return
        if not self._stopped_by:
            self.stop_due = time.monotonic() + _SPREADING
        if number != STOP or not self._stopped_by:
            self._stopped_by = number

    def _all_obeyed(self, number: int) -> bool:
        """Tell whether nobody is left to wait for: after SIGSTOP the others may be about to die."""
        return self.stopped == self.running and (number != STOP or len(self._ends) == 1)


def decisive(statuses: "Sequence[int]", rule: str) -> int:
    """Return the index of the stage whose raw wait status is the pipeline's.

    `last`: POSIX's rule. `strict`: the last that failed, as with `set -o pipefail`. `sigpipe-ok`:
    the same, but a stage that died of SIGPIPE because the next one had enough has not failed.
    """
    last = len(statuses) - 1
    if rule == "last":
        return last
    forgiven = PIPE if rule == "sigpipe-ok" else None
    for number in range(last, -1, -1):
        status = statuses[number]
        quiet = number < last and os.WIFSIGNALED(status) and os.WTERMSIG(status) == forgiven
        if status and not quiet:
            return number
    return last
