"""What the processes of a job have used; only a job of which that is asked loads this."""

import os

from runwrap.model.outcome import StageEnd
from runwrap.native.usage import of_children, own_peak, wait


class Accounting:
    """Notes what each process used when it is reaped."""

    def __init__(self) -> None:
        self._before, _ = of_children()  # the caller's, where we are the process that it started
        self._used: dict[int, tuple[float, int] | None] = {}

    def expect(self, pid: int) -> None:
        """Take a process of which it is to be noted; whoever gets its number later isn't meant."""
        self._used[pid] = None

    def wait(self, pid: int, options: int) -> tuple[int, int]:
        """Wait as os.waitpid does, and note what it used if it is expected and has ended."""
        found, status, cpu, memory = wait(pid, options)
        if self._used.get(found, ()) is None and not os.WIFSTOPPED(status):
            self._used[found] = cpu, memory
        return found, status

    def completed(self, ends: "tuple[StageEnd, ...]") -> "tuple[StageEnd, ...]":
        """Return the same, with what each has used."""
        floor = own_peak()
        found = []
        for end in ends:
            cpu, memory = self._used.get(end.pid) or (None, None)
            found.append(end.replace(cpu=cpu, memory=memory, floor=floor))
        return tuple(found)

    def used(self) -> tuple[float, int]:
        """Return the CPU time and the peak of memory of all who have been reaped."""
        cpu, memory = of_children()
        return cpu - self._before, memory
