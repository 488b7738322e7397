"""The process table by /proc, under the names and contracts of `posix_processes`."""

import errno
import os

from runwrap.model.signals import signal
from runwrap.native.linux import read
from runwrap.native.seen import Seen


def own_children() -> list[int]:
    me = os.getpid()
    if os.readlink("/proc/self") != str(me):
        raise OSError(errno.ENOTSUP, "/proc belongs to another PID namespace")
    try:
        return [int(pid) for pid in read(f"/proc/self/task/{me}/children").split()]
    except FileNotFoundError:  # a kernel without CONFIG_PROC_CHILDREN
        return [pid for pid, seen in snapshot().items() if seen.parent == me]


def descendants() -> list[Seen]:
    found = [seen for pid in own_children() if (seen := _look(pid))]
    for seen in found:
        found += [child for pid in _children(seen.pid) if (child := _look(pid))]
    return found


def _children(pid: int) -> list[int]:
    """Return the children of all threads of a process, none if it is gone."""
    try:
        tasks = os.listdir(f"/proc/{pid}/task")
        lists = [read(f"/proc/{pid}/task/{task}/children") for task in tasks]
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [int(child) for one in lists for child in one.split()]


def snapshot() -> dict[int, Seen]:
    found = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            seen = _look(int(name))
            if seen is not None:
                found[seen.pid] = seen
    return found


def _look(pid: int) -> Seen | None:
    """Return what /proc/PID/stat says, None if the process is gone."""
    try:
        # The name may hold blanks and parentheses: fields are counted from its last one.
        fields = read(f"/proc/{pid}/stat").rpartition(b")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return Seen(
        pid=pid,
        state=fields[0].decode(),
        parent=int(fields[1]),
        group=int(fields[2]),
        session=int(fields[3]),
        started=int(fields[19]),
    )


def command_line(pid: int) -> str:
    try:
        words = read(f"/proc/{pid}/cmdline")
        text = words.rstrip(b"\0").replace(b"\0", b" ") or b"[%s]" % read(f"/proc/{pid}/comm")[:-1]
    except OSError:
        return "?"
    return os.fsdecode(text)


def signal_process(seen: Seen, number: int) -> bool:
    try:
        pidfd = os.pidfd_open(seen.pid)
    except ProcessLookupError:
        return False
    try:
        # The descriptor holds one process, whoever it is by now; ours has the same start time.
        now = _look(seen.pid)
        if now is None or now.started != seen.started:
            return False
        signal.pidfd_send_signal(pidfd, number)
    except ProcessLookupError:
        return False
    finally:
        os.close(pidfd)
    return True
