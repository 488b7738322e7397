"""What the process table tells of a process, in the same words everywhere."""

from runwrap.model import Record


class ProcessEntry(Record):
    """A process as the process table showed it.

    `started` is in seconds on the clock that `start_clock` reads; `cpu` is in seconds.
    `dead`: only its parent's wait is left. A main thread that has ended is a zombie, too, but not
    dead while other threads run.
    """

    pid: int
    parent: int
    group: int
    session: int
    state: str
    dead: bool
    started: float
    cpu: float = 0.0

    def is_same(self, other: "ProcessEntry | None") -> bool:
        """Tell whether what has its pid at another look is the same process."""
        return other is not None and other.started == self.started
