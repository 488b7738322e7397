"""Processes as an Outcome names them."""

import os

from runwrap.model.outcome import Process
from runwrap.native.processes import command_line, start_clock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from runwrap.native.process_entry import ProcessEntry


def still_running(seen: "Iterable[ProcessEntry]") -> "tuple[Process, ...]":
    """Name the processes that are not dead already, and say which may not be signalled."""
    return tuple(process(one).replace(errno=refusal(one.pid)) for one in seen if not one.dead)


def refusal(pid: int) -> int:
    """Return the errno of signalling a process, or a group by its negative number; 0 for none."""
    try:
        os.kill(pid, 0)
    except OSError as error:
        return error.errno or 0
    return 0


def process(seen: "ProcessEntry") -> Process:
    """Name one process, dead or not."""
    return Process(
        pid=seen.pid,
        parent=seen.parent,
        state=seen.state,
        command=command_line(seen.pid),
        elapsed=max(0.0, start_clock() - seen.started),
        cpu=seen.cpu,
    )
