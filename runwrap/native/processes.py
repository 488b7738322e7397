"""The process table, how its processes are named, and signals to those that aren't our children."""

import os
import sys

from runwrap.model.outcome import Process
from runwrap.native.process_entry import ProcessEntry

if sys.platform == "linux":
    from runwrap.native import linux_processes as table
else:
    from runwrap.native import posix_processes as table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

all_pids = table.all_pids
cgroup_of = table.cgroup_of
command_line = table.command_line
descendants = table.descendants
is_kernel_thread = table.is_kernel_thread
look = table.look
snapshot = table.snapshot
start_clock = table.start_clock


def signal_each(processes: "Iterable[ProcessEntry]", *numbers: int) -> None:
    """Signal the living, each only if it still is who was seen; pass over what isn't ours.

    All get one signal before any gets the next.
    """
    living = [one for one in processes if not one.dead]
    for number in numbers:
        for one in living:
            try:
                table.signal_process(one, number)
            except PermissionError:
                continue  # whoever asks will find it running, and name it


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


def process(seen: ProcessEntry) -> Process:
    """Name one process, dead or not."""
    return Process(
        pid=seen.pid,
        parent=seen.parent,
        state=seen.state,
        command=command_line(seen.pid),
        elapsed=max(0.0, start_clock() - seen.started),
        cpu=seen.cpu,
    )
