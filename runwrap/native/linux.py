"""Linux's own system calls, under the names and contracts of `posix`.

`_ctypes` is the C module beneath `ctypes`, whose import costs a sixth of the interpreter's start;
where a Python lacks it the public one serves.
"""

import os
import sys
import time

from runwrap.model.signals import PIPE, XFSZ, signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from signal import struct_siginfo

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_CHILD_SUBREAPER = 1, 4, 36
_F_SETPIPE_SZ = 1031  # the public module of that name takes long to load
_SI_KERNEL, _SI_QUEUE = 0x80, -1
# A process is gone, or hidden by how /proc is mounted.
_GONE = (FileNotFoundError, ProcessLookupError, PermissionError)
_LONGEST_TO_TAKE = 0.1  # seconds
_LONGEST_WAIT = 1e7  # seconds; far below where a C time_t of nanoseconds ends


class SignalQueue:
    """Blocked signals, taken one at a time by sigtimedwait: no handler, no wake-up while idle."""

    def __init__(self, signals: "Iterable[int]") -> None:
        self._signals = frozenset(signals)
        self.front: int | None = None
        signal.pthread_sigmask(signal.SIG_BLOCK, self._signals)

    def wait(self, seconds: float) -> tuple[int, bool, int] | None:
        if seconds == float("inf"):
            got: struct_siginfo | None = signal.sigwaitinfo(self._signals)
        else:
            got = signal.sigtimedwait(self._signals, min(max(seconds, 0.0), _LONGEST_WAIT))
            # Where we were stopped and continued, and the time was over by then, CPython makes one
            # of memory that it never set.
            if got and (got.si_signo not in self._signals or abs(got.si_code) > _SI_KERNEL):
                return None
        if not got:
            return None
        handed_on = got.si_code == _SI_QUEUE and got.si_pid == self.front
        return got.si_signo, handed_on or got.si_code == _SI_KERNEL, got.si_pid

    def release(self) -> None:
        """Nothing to let go of: the mask is set anew before exec."""


_functions: "dict[str, Callable[..., int]]" = {}


def _call(name: str, *arguments: int) -> int:
    """Call a function of the C library."""
    if not _functions:
        # All at once: to look one up after a fork would copy pages of the dynamic linker.
        _functions.update((one, _function(one)) for one in ("prctl", "fcntl", "sigqueue"))
    return _functions[name](*arguments)


def _function(name: str) -> "Callable[..., int]":
    try:
        sys.setdlopenflags(os.RTLD_LAZY)  # of its symbols few are needed
        from _ctypes import call_function, dlopen, dlsym
    except ImportError:
        import ctypes

        return ctypes.CDLL(None)[name]
    # None is this program itself, with the C library in it.
    address = dlsym(dlopen(None, 0), name)  # type: ignore[arg-type]
    return lambda *arguments: call_function(address, arguments)


def _prctl(option: int, value: int) -> bool:
    return _call("prctl", option, value, 0, 0, 0) == 0


def set_subreaper() -> bool:
    return _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def signal_at_parents_death(number: int) -> bool:
    return _prctl(_PR_SET_PDEATHSIG, number)


def enlarge_pipe(descriptor: int, size: int) -> bool:
    return _call("fcntl", descriptor, _F_SETPIPE_SZ, size) >= size


def hand_on(guardian: int, number: int) -> None:
    _call("sigqueue", guardian, number, 0)


def prevent_core_dump() -> None:
    # A core_pattern that names a program ignores a limit of 0, so not being dumpable comes first.
    if not _prctl(_PR_SET_DUMPABLE, 0):
        from runwrap.native.posix import prevent_core_dump

        prevent_core_dump()


def parent_ignores() -> frozenset[int]:
    # A shell can't but pass on what it ignores. Many other programs ignore SIGPIPE for themselves
    # and reset it in what they start (Python, tmux, node): of those nothing can be told.
    parent = os.getppid()
    try:
        mask = int(status_of(parent)[b"SigIgn"], 16)
        ignored = frozenset(one for one in (PIPE, XFSZ) if mask >> (one - 1) & 1)
        if not ignored:
            return ignored
        program = os.path.basename(os.readlink(f"/proc/{parent}/exe"))
    except OSError:  # gone, or another user's
        return frozenset()
    return ignored if program.endswith("sh") or program == "busybox" else frozenset()


def initial_value(name: bytes) -> bytes | None:
    try:
        entries = read("/proc/self/environ").split(b"\0")
    except OSError:
        return os.environb.get(name)
    return next((one[len(name) + 1 :] for one in entries if one.startswith(name + b"=")), None)


def foreground_of(leader: int) -> int:
    row = stat_of(leader)
    return max(0, int(row[5])) if row else 0


def own_children() -> list[int]:
    check_proc()
    return children(os.getpid())


def wait_until_taken(pids: "Iterable[int]", number: int) -> None:
    end = time.monotonic() + _LONGEST_TO_TAKE
    for pid in pids:
        while _may_take(pid, number) and time.monotonic() < end:
            time.sleep(0.0002)


def _may_take(pid: int, number: int) -> bool:
    """Tell whether a signal waits for a process that neither is stopped nor dead nor blocks it."""
    try:
        rows = status_of(pid)
    except _GONE:
        return False
    waiting = int(rows[b"ShdPnd"], 16) & ~int(rows[b"SigBlk"], 16)
    return bool(waiting >> (number - 1) & 1) and rows[b"State"][:1] in b"RSD"


def check_proc() -> None:
    """Raise OSError where /proc is missing or belongs to another PID namespace."""
    if os.readlink("/proc/self") != str(os.getpid()):
        raise OSError("/proc belongs to another PID namespace")


def children(pid: int) -> list[int]:
    found: list[int] = []
    try:
        tasks = [pid] if has_one_thread(pid) else os.listdir(f"/proc/{pid}/task")
    except _GONE:
        return found
    for task in tasks:
        try:
            found += map(int, read(f"/proc/{pid}/task/{task}/children").split())
        except (FileNotFoundError, ProcessLookupError):
            if not os.path.exists("/proc/thread-self/children"):
                # A kernel without CONFIG_PROC_CHILDREN: look through all processes instead.
                return [one for one in all_pids() if (row := stat_of(one)) and int(row[1]) == pid]
            # The thread is gone, whose children another has now.
        except PermissionError:
            return found
    return found


def has_one_thread(pid: int) -> bool:
    """Tell whether a process has one thread, as most have; OSError if it is gone or hidden."""
    # A folder has a link for each folder in it, and two more.
    return os.stat(f"/proc/{pid}/task").st_nlink == 3


def all_pids() -> list[int]:
    """Return the pids that /proc shows."""
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def status_of(pid: int) -> dict[bytes, bytes]:
    """Return the rows of /proc/PID/status by their labels; OSError if it is gone or hidden."""
    return dict(row.partition(b":\t")[::2] for row in read(f"/proc/{pid}/status").split(b"\n"))


def stat_of(pid: int) -> list[bytes]:
    """Return the fields of /proc/PID/stat from the state on, none if it is gone or hidden."""
    try:
        # The name may hold blanks and parentheses: fields are counted from its last one.
        return read(f"/proc/{pid}/stat").rpartition(b")")[2].split()
    except _GONE:
        return []


def read(path: str) -> bytes:
    """Read a file of /proc whole, in pieces so large that most come at once."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        pieces = [os.read(descriptor, 65536)]
        while pieces[-1]:
            pieces.append(os.read(descriptor, 65536))
    finally:
        os.close(descriptor)
    return b"".join(pieces)
