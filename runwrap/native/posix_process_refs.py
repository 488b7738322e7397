"""Holding processes that are not our children, and the contract that a platform's own must keep."""

import time

from runwrap.native.posix import children
from runwrap.native.posix_processes import look, signal_process
from runwrap.native.process_entry import ProcessEntry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_POLL_INTERVAL = 0.02  # seconds between two looks, where no event tells of a death


class ProcessRef:
    """One process, never another that has its pid later: here told apart by the start time."""

    def __init__(self, seen: ProcessEntry) -> None:
        self.pid = seen.pid
        self._seen = seen

    def exists(self) -> bool:
        """Tell whether the process is unreaped, so that its pid has been its own until now."""
        return self._seen.is_same(look(self.pid))

    def send(self, number: int) -> bool:
        """Signal the process; False if it is gone, PermissionError if it is someone else's."""
        return signal_process(self._seen, number)

    def dies_within(self, seconds: float) -> bool:
        """Wait for its death, at most `seconds` (may be inf); a zombie is dead."""
        end = time.monotonic() + seconds
        while self._seen.is_same(now := look(self.pid)) and now and not now.dead:
            left = end - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(left, _POLL_INTERVAL))
        return True

    def release(self) -> None:
        """Let go of what was needed for holding it; to be called for every one."""


class ProcessRefs:
    """Takes hold of processes."""

    def hold(self, pid: int) -> ProcessRef | None:
        """Take hold of whoever has a pid now, None if nobody; OSError for a thread, say."""
        seen = look(pid)
        return ProcessRef(seen) if seen else None


class Children:
    """Who is below whoever has a pid, to be listed more than once in a `with` block."""

    def __init__(self, pid: int) -> None:
        self._pid = pid

    def __enter__(self) -> "Children":
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of what was needed for looking."""

    def pids(self) -> list[int]:
        """Return the children's pids, zombies' among them; none if the process is gone."""
        return children(self._pid)

    def are_all_threads(self) -> bool:
        """Tell whether pids() lists the children of every thread that there is by now."""
        return True


def ended(holds: "Iterable[ProcessRef]") -> set[ProcessRef]:
    """Return those that are dead by now, zombies among them."""
    return {one for one in holds if one.dies_within(0)}
