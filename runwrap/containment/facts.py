"""Processes as an Outcome names them."""

from runwrap.model.outcome import Process
from runwrap.native.processes import command_line, start_clock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from runwrap.native.seen import Seen


def running(seen: "Iterable[Seen]") -> "tuple[Process, ...]":
    """Name the processes that are not dead already."""
    return tuple(name(one) for one in seen if not one.dead)


def name(seen: "Seen") -> Process:
    """Name one process, dead or not."""
    return Process(
        pid=seen.pid,
        parent=seen.parent,
        state=seen.state,
        command=command_line(seen.pid),
        elapsed=max(0.0, start_clock() - seen.started),
        cpu=seen.cpu,
    )
