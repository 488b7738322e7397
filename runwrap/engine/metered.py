"""What each stage of a pipeline took, for who asked for it; a plain pipeline doesn't load this."""

import time

from runwrap.engine.pipeline import Stages
from runwrap.model.outcome import StageEnd
from runwrap.native.usage import own_peak, wait

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.model.plan import Plan


class MeteredStages(Stages):
    """Stages of which is noted when each ran, and what it used."""

    def __init__(self, plan: "Plan", start: float) -> None:
        """`start` is the job's, on the monotonic clock."""
        super().__init__()
        self._commands = [stage.argv[0] for stage in plan.stages]
        self._start = start
        self._ends: dict[int, StageEnd] = {}

    def add(self, pid: int) -> None:
        """Take the next one, and note when it was started."""
        command = self._commands[len(self._ends)]
        self._ends[pid] = StageEnd(command=command, pid=pid, began=time.monotonic() - self._start)
        super().add(pid)

    def wait(self, pid: int, options: int) -> tuple[int, int]:
        """Wait as os.waitpid does, and note what a stage has used."""
        found, status, cpu, memory = wait(pid, options)
        if found in self.running:
            self._ends[found] = self._ends[found].replace(cpu=cpu, memory=memory)
        return found, status

    def end(self, pid: int, status: int) -> None:
        """Note how one has ended, and when."""
        ended = time.monotonic() - self._start
        self._ends[pid] = self._ends[pid].replace(status=status, ended=ended)
        super().end(pid, status)

    def all(self) -> tuple[StageEnd, ...]:
        """Return all that is known of each."""
        floor = own_peak()
        return tuple(end.replace(floor=floor) for end in self._ends.values())
