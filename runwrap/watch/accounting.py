"""What each stage of a job took, for who asked for it; a plain job doesn't load this."""

import os
import time

from runwrap.launch.stages import Stages
from runwrap.model.outcome import StageEnd
from runwrap.native.usage import of_children, own_peak, wait

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.model.plan import Plan


class AccountedStages(Stages):
    """Stages of which is noted when each ran, and what it used."""

    def __init__(self, plan: "Plan", start: float) -> None:
        """`start` is the job's, on the monotonic clock."""
        super().__init__()
        self._commands = [stage.argv[0] for stage in plan.stages]
        self._start = start
        self._before, _ = of_children()  # the caller's, where we are the process that it started
        self._ends: dict[int, StageEnd] = {}

    def add(self, pid: int) -> None:
        """Take the next one, and note when it was started."""
        command = self._commands[len(self._ends)]
        self._ends[pid] = StageEnd(command=command, pid=pid, began=self._now())
        super().add(pid)

    def wait(self, pid: int, options: int) -> tuple[int, int]:
        """Wait as os.waitpid does, and note how a stage has ended and what it used."""
        found, status, cpu, memory = wait(pid, options)
        if found in self._ends and not os.WIFSTOPPED(status):
            self._note(found, status)
            self._ends[found] = self._ends[found].replace(cpu=cpu, memory=memory)
        return found, status

    def end(self, pid: int, status: int) -> None:
        """Note how one has ended, which may not be reaped yet."""
        self._note(pid, status)
        super().end(pid, status)

    def all(self) -> tuple[StageEnd, ...]:
        """Return all that is known of each."""
        floor = own_peak()
        return tuple(end.replace(floor=floor) for end in self._ends.values())

    def used(self) -> tuple[float | None, int | None]:
        """Return the CPU time and the peak of memory of all who have been reaped."""
        cpu, memory = of_children()
        return cpu - self._before, memory

    def _note(self, pid: int, status: int) -> None:
        end = self._ends[pid]
        if end.ended is None:
            self._ends[pid] = end.replace(status=status, ended=self._now())

    def _now(self) -> float:
        return time.monotonic() - self._start
