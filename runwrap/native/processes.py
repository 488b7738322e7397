"""The process table, and signals to processes that are not our children."""

import sys

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
