"""The process table by /proc, under the names and contracts of `posix_processes`."""

import os
import time

from runwrap.model.signals import signal
from runwrap.native.linux import all_pids as all_pids
from runwrap.native.linux import check_proc, children, own_children, read, stat_of
from runwrap.native.process_entry import ProcessEntry

_KERNEL_THREAD = 0x200000  # PF_KTHREAD, of the flags in /proc/PID/stat
_TICKS = os.sysconf("SC_CLK_TCK")  # a second, in what /proc/PID/stat counts
_MOST_LOOKS = 10  # at who has come up to us meanwhile: a storm always has more


def descendants() -> list[ProcessEntry]:
    found: list[ProcessEntry] = []
    known: set[int] = set()
    for _ in range(_MOST_LOOKS):
        # Whoever loses its parent while we walk comes up to us: so we look again at the top.
        fresh = [pid for pid in own_children() if pid not in known]
        if not fresh:
            break
        for pid in fresh:  # grows meanwhile
            known.add(pid)
            if seen := look(pid):
                found.append(seen)
                fresh += [child for child in children(pid) if child not in known]
    return found


def snapshot() -> dict[int, ProcessEntry]:
    check_proc()
    return {pid: seen for pid in all_pids() if (seen := look(pid))}


def look(pid: int) -> ProcessEntry | None:
    fields = stat_of(pid)
    if not fields:
        return None
    return ProcessEntry(
        pid=pid,
        state=fields[0].decode(),
        dead=fields[0] in (b"Z", b"X") and int(fields[17]) <= 1,
        parent=int(fields[1]),
        group=int(fields[2]),
        session=int(fields[3]),
        started=int(fields[19]) / _TICKS,
        cpu=(int(fields[11]) + int(fields[12])) / _TICKS,
    )


def is_kernel_thread(pid: int) -> bool:
    fields = stat_of(pid)
    return bool(fields) and bool(int(fields[6]) & _KERNEL_THREAD)


def start_clock() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def cgroup_of(pid: int) -> str | None:
    try:
        rows = read(f"/proc/{pid}/cgroup").split(b"\n")
    except OSError:
        return None
    return next((os.fsdecode(row[3:]) for row in rows if row.startswith(b"0::")), None)


def command_line(pid: int) -> str:
    try:
        words = read(f"/proc/{pid}/cmdline")
        text = words.rstrip(b"\0").replace(b"\0", b" ") or b"[%s]" % read(f"/proc/{pid}/comm")[:-1]
    except OSError:
        return "?"
    return os.fsdecode(text)


def signal_process(seen: ProcessEntry, number: int) -> bool:
    try:
        pidfd = os.pidfd_open(seen.pid)
    except ProcessLookupError:
        return False
    try:
        # The descriptor holds one process, whoever it is by now; ours has the same start time.
        if not seen.is_same(look(seen.pid)):
            return False
        signal.pidfd_send_signal(pidfd, number)
    except ProcessLookupError:
        return False
    finally:
        os.close(pidfd)
    return True
