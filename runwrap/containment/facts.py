"""Processes as an Outcome names them."""

from runwrap.model.outcome import Process
from runwrap.native.processes import command_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from runwrap.native.seen import Seen


def running(seen: "Iterable[Seen]") -> "tuple[Process, ...]":
    """Name the processes that are not dead already."""
    return tuple(
        Process(pid=one.pid, parent=one.parent, state=one.state, command=command_line(one.pid))
        for one in seen
        if not one.dead
    )
