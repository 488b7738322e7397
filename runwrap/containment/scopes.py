"""What else a process shares: its session, process group or cgroup."""

from runwrap.model.durations import INFINITE
from runwrap.native.process_entry import ProcessEntry
from runwrap.native.processes import cgroup_of, start_clock


class Scope:
    """A session, process group or cgroup (version 2), for as long as it is surely the same.

    Its number or path may be another's once nobody is left in it. So it counts as ours up to the
    last instant at which one whom we hold was in it (`note`): whoever is in it now and was started
    before is no newcomer. That instant is known as exactly as start times are, to a clock tick
    (10 ms), or as a death wakes us: too short for a number to come round again.
    """

    def __init__(self, kind: str, seen: "ProcessEntry") -> None:
        """Take the scope of `kind` that a process is in."""
        self.kind = kind
        self.mark = self._of(seen)
        self._until = start_clock()

    def has(self, seen: "ProcessEntry") -> bool:
        """Tell whether a process is in what has the number or path now."""
        return self.mark is not None and self._of(seen) == self.mark

    def is_ours(self, seen: "ProcessEntry", table: "dict[int, ProcessEntry]") -> bool:
        """Tell whether a process is in the scope, and the scope is still the one we took."""
        leader = table.get(int(self.mark)) if isinstance(self.mark, int) else None
        newest = max(seen.started, leader.started if leader else -INFINITE)
        return newest <= self._until and self.has(seen)

    def note(self, instant: float) -> None:
        """Take note that one whom we hold was in it until `instant` on the start clock."""
        self._until = max(self._until, instant)

    @property
    def is_everyones(self) -> bool:
        """Tell whether it is the root cgroup, or one that can't be named from in here."""
        # In a cgroup namespace the root is some levels up: /../..
        return self.mark in (None, 0) or (isinstance(self.mark, str) and not self.mark.strip("/."))

    def _of(self, seen: "ProcessEntry") -> int | str | None:
        if self.kind == "session":
            return seen.session
        return seen.group if self.kind == "group" else cgroup_of(seen.pid)
