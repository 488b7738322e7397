"""Starting what is measured, and the certainty that none of it is left running.

This process is a subreaper: whatever loses its parent becomes its child. Everything is started in a
session of its own, without a terminal, as cron would.
"""

import ctypes
import os
import resource
import select
import signal
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import NamedTuple

PATIENCE = 60.0  # seconds after which what is measured has failed
_PR_SET_CHILD_SUBREAPER = 36
_MOST = 4000  # processes that a benchmark may add to those that its user has
_PYTHONS_OWN = [signal.SIGPIPE, signal.SIGXFSZ, signal.SIGCHLD]
_ENVIRONMENT = {
    name: value for name, value in os.environ.items() if not name.startswith(("RUNWRAP_", "PYTHON"))
}


class Failed(Exception):
    """Something that is measured did not do its work."""


class Used(NamedTuple):
    """What a run took, in seconds: elapsed, and of the CPU with all that it waited for."""

    wall: float
    cpu: float


class Relative(NamedTuple):
    """A process that we, or one of ours, started; `state` is the letter that /proc has for it."""

    pid: int
    parent: int
    name: str
    state: str


@contextmanager
def closed() -> Iterator[None]:
    """Be the parent of all orphans and bound their number; end everything on the way out.

    SIGTERM interrupts us as Ctrl-C does, so that it is a way out as well.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise Failed(f"cannot become a subreaper: {os.strerror(ctypes.get_errno())}")
    soft, hard = resource.getrlimit(resource.RLIMIT_NPROC)
    most = _threads_of_user() + _MOST
    given = most if soft == resource.RLIM_INFINITY else min(most, soft)
    resource.setrlimit(resource.RLIMIT_NPROC, (given, hard))
    try:
        yield
    finally:
        end_all()


def _threads_of_user() -> int:
    found = 0
    for one in filter(str.isdigit, os.listdir("/proc")):
        with suppress(OSError):
            if os.stat(f"/proc/{one}").st_uid == os.getuid():
                found += len(os.listdir(f"/proc/{one}/task"))
    return found


def start(words: Sequence[str], output: str = os.devnull) -> int:
    """Start a program, found by PATH, with its output to a file; return its pid."""
    files = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    return os.posix_spawnp(
        words[0], list(words), _ENVIRONMENT, file_actions=files, setsid=True, setsigdef=_PYTHONS_OWN
    )


def run(words: Sequence[str], output: str = os.devnull) -> Used:
    """Run a program to its end; Failed if it doesn't end, or not with 0."""
    begin = time.perf_counter()
    pid = start(words, output)
    _wait(pid, words)
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - begin
    end_all()  # what a wrapper left, such as busybox's timer, would disturb the next
    if status:
        raise Failed(f"{' '.join(words[:4])}: ended with {os.waitstatus_to_exitcode(status)}")
    return Used(wall, usage.ru_utime + usage.ru_stime)


def said(words: Sequence[str]) -> str:
    """Run a program as `run` does, and return its output."""
    with tempfile.NamedTemporaryFile() as file:
        run(words, file.name)
        return file.read().decode()


def _wait(pid: int, words: Sequence[str]) -> None:
    handle = os.pidfd_open(pid)
    try:
        if not ends({handle}):
            raise Failed(f"{' '.join(words[:4])}: did not end within {PATIENCE:g} s")
    finally:
        os.close(handle)


def ends(
    watched: Iterable[int], main: int | None = None, grace: float = PATIENCE
) -> dict[int, float]:
    """Return when each of some descriptors came to its end, by the monotonic clock.

    A pidfd ends with its process, a FIFO with the last who can write to it. Those that don't within
    PATIENCE are left out, or, once `main` has ended, within `grace` seconds more.
    """
    poll = select.poll()
    left = set(watched)
    for one in left:
        poll.register(one, select.POLLIN)
    when: dict[int, float] = {}
    give_up = time.monotonic() + PATIENCE
    while left and (ready := poll.poll(max(0.0, give_up - time.monotonic()) * 1000)):
        for one, _ in ready:
            when[one] = time.monotonic()
            poll.unregister(one)
            left.remove(one)
            if one == main:
                give_up = when[one] + grace
    return when


def heard(fifo: int) -> None:
    """Wait until somebody has written a line to a FIFO that is open for reading; Failed if not."""
    poll = select.poll()
    poll.register(fifo, select.POLLIN)
    if not poll.poll(PATIENCE * 1000) or not os.read(fifo, 1):
        raise Failed("what was to be measured did not start")


def family(root: int) -> list[Relative]:
    """Return all descendants of a process, zombies among them."""
    everyone = list(_everyone())
    known, before = {root}, 0
    while len(known) > before:
        before = len(known)
        known |= {one.pid for one in everyone if one.parent in known}
    return [one for one in everyone if one.pid in known and one.pid != root]


def _everyone() -> Iterator[Relative]:
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with suppress(OSError), open(f"/proc/{pid}/stat", errors="replace") as file:
            name, _, rest = file.read().partition("(")[2].rpartition(") ")
            state, parent = rest.split()[:2]
            yield Relative(int(pid), int(parent), name, state)


def alive() -> int:
    """Count our descendants that still run; zombies don't."""
    return sum(one.state not in "ZX" for one in family(os.getpid()))


@contextmanager
def reaped_by_kernel() -> Iterator[None]:
    """Have our children reaped as soon as they die, so that many of them don't wait for us."""
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGCHLD, before)


def end_all() -> None:
    """Kill our children, and those who thereby become ours, until there is none.

    An unreaped child keeps its number, so nobody else can be hit.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with suppress(ChildProcessError):
        while True:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
            for one in family(os.getpid()):
                if one.parent == os.getpid():
                    os.kill(one.pid, signal.SIGKILL)
            os.waitpid(-1, 0)
