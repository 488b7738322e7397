"""The process table by psutil, and the contract that a platform's own must keep."""

import os
import time
from contextlib import suppress

import psutil

from runwrap.native.process_entry import ProcessEntry

_STATES = {"running": "R", "sleeping": "S", "disk-sleep": "D", "stopped": "T", "zombie": "Z"}


def descendants() -> list[ProcessEntry]:
    """Return the processes below us, parents first, zombies among them.

    One walk: what is started meanwhile may be missed. Raise OSError as own_children does.
    """
    family: dict[int, list[ProcessEntry]] = {}
    for seen in snapshot().values():
        family.setdefault(seen.parent, []).append(seen)
    found = list(family.get(os.getpid(), ()))
    for seen in found:
        found += family.get(seen.pid, ())
    return found


def snapshot() -> dict[int, ProcessEntry]:
    """Return every process that can be seen, by pid. Those that end meanwhile are left out."""
    return {pid: seen for pid in psutil.pids() if (seen := look(pid))}


def look(pid: int) -> ProcessEntry | None:
    """Return one process, a zombie as well; None if it is gone or can't be seen."""
    try:
        process = psutil.Process(pid)
        return ProcessEntry(
            pid=pid,
            parent=process.ppid(),
            group=os.getpgid(pid),
            session=os.getsid(pid),
            state=_STATES.get(process.status(), "?"),
            dead=process.status() == psutil.STATUS_ZOMBIE,
            started=process.create_time(),
            cpu=_cpu(process),
        )
    except (psutil.Error, ProcessLookupError, PermissionError):
        return None


def _cpu(process: psutil.Process) -> float:
    with suppress(psutil.AccessDenied):  # some systems tell this of our own processes only
        times = process.cpu_times()
        return times.user + times.system
    return 0.0


def all_pids() -> list[int]:
    """Return the number of every process that can be seen."""
    return psutil.pids()


def is_kernel_thread(_pid: int) -> bool:
    """Tell whether a process is one of the kernel's own, which no signal ends."""
    return False


def start_clock() -> float:
    """Return the seconds now on the clock that start times are read from."""
    return time.time()


def cgroup_of(_pid: int) -> str | None:
    """Return the path of a process's cgroup (version 2), None if it has none or is gone."""
    return None


def command_line(pid: int) -> str:
    """Return a process's arguments joined by blanks, `[name]` where it has none, else `?`."""
    try:
        process = psutil.Process(pid)
        return " ".join(process.cmdline()) or f"[{process.name()}]"
    except psutil.Error:
        return "?"


def signal_process(seen: ProcessEntry, number: int) -> bool:
    """Signal a process that is not our child, unless its pid has gone to another one since.

    Return False if it is gone; PermissionError if it is someone else's.
    """
    try:
        if psutil.Process(seen.pid).create_time() != seen.started:
            return False
        os.kill(seen.pid, number)
    except (psutil.NoSuchProcess, ProcessLookupError):
        return False
    return True
