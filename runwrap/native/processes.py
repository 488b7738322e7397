"""The process table, and signals to processes that are not our children."""

import sys

from runwrap.native.process_entry import ProcessEntry

if sys.platform == "linux":
    from runwrap.native.linux import all_pids
    from runwrap.native.linux_processes import (
        cgroup_of,
        command_line,
        descendants,
        is_kernel_thread,
        look,
        signal_process,
        snapshot,
        start_clock,
    )
else:
    from runwrap.native.posix_processes import (
        all_pids,
        cgroup_of,
        command_line,
        descendants,
        is_kernel_thread,
        look,
        signal_process,
        snapshot,
        start_clock,
    )

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "all_pids",
    "cgroup_of",
    "command_line",
    "descendants",
    "is_kernel_thread",
    "look",
    "signal_each",
    "snapshot",
    "start_clock",
]


def signal_each(processes: "Iterable[ProcessEntry]", number: int) -> None:
    """Signal processes, each only if it still is who was seen; pass over what isn't ours."""
    for one in processes:
        try:
            signal_process(one, number)
        except PermissionError:
            continue  # whoever asks will find it running, and name it
