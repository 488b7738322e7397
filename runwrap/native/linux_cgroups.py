"""Control groups, version 2, which only Linux has."""

import errno
import os
import select
import time
from itertools import chain

from runwrap.model.signals import KILL, signal
from runwrap.native.descriptors import above_stdio
from runwrap.native.linux import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_AT_ONCE = 100  # processes killed at once: each takes a descriptor


def own_folder() -> str:
    """Return the folder of the cgroup that we are in."""
    path = next((row[3:] for row in _rows("cgroup") if row.startswith(b"0::")), None)
    if path is None:
        raise OSError(0, "the kernel has no cgroup v2")
    for row in _rows("mountinfo"):
        fields = row.split(b" ")
        folder = shown_at(fields[3], fields[4], path) if b"cgroup2" in fields[6:] else ""
        # Something else may be mounted over it since.
        if folder and _device(folder) == os.makedev(*map(int, fields[2].split(b":"))):
            return folder
    raise OSError(0, "no cgroup v2 file system shows the cgroup that runwrap is in")


def shown_at(root: bytes, mounted: bytes, path: bytes) -> str:
    """Return the folder of the cgroup `path` in a mount, '' if it doesn't show it.

    `root` is the cgroup that the mount begins with, `mounted` where; both as mountinfo has them.
    """
    root = root.rstrip(b"/")
    if b"/.." in path or not (path + b"/").startswith(root + b"/"):
        return ""
    point = mounted.decode("unicode_escape").encode("latin-1")  # a blank is written \040
    return os.fsdecode(os.path.normpath(point + path[len(root) :]))


def _rows(name: str) -> list[bytes]:
    return read(f"/proc/self/{name}").splitlines()


def _device(folder: str) -> int:
    try:
        return os.stat(folder).st_dev
    except OSError:
        return -1


def open_folder(path: str, within: int | None = None) -> int:
    """Open a cgroup's folder, seen from the folder `within`; exec doesn't inherit it."""
    return above_stdio(os.open(path, os.O_RDONLY | os.O_DIRECTORY, dir_fd=within))


def write(folder: int, file: str, text: bytes) -> None:
    """Write to one of a cgroup's files."""
    with open(os.open(file, os.O_WRONLY, dir_fd=folder), "wb", 0) as opened:
        opened.write(text)


def is_frozen(folder: int) -> bool:
    """Tell whether a cgroup is frozen, by itself or with one above it."""
    return b"frozen 1" in _read(folder, "cgroup.events")


def check_moves(folder: int) -> None:
    """Raise OSError where we may not move processes between the cgroups in one."""
    os.close(os.open("cgroup.procs", os.O_WRONLY, dir_fd=folder))


def wait_until_empty(folder: int, seconds: float) -> None:
    """Wait until nothing runs in a cgroup and below, for so long at most."""
    end = time.monotonic() + seconds
    poll = select.poll()
    with open(os.open("cgroup.events", os.O_RDONLY, dir_fd=folder), "rb", 0) as events:
        poll.register(events, select.POLLPRI)
        while b"populated 1" in events.read() and (left := end - time.monotonic()) > 0:
            poll.poll(left * 1000)
            events.seek(0)


def kill(folder: int) -> None:
    """Kill all that is in a cgroup and below, at once: what forks meanwhile included."""
    write(folder, "cgroup.kill", b"1")
    # The kernel passes over a process whose main thread has ended while others run.
    _kill_some(folder)


def _kill_some(folder: int) -> None:
    """Kill some of the processes in a cgroup and below, one by one."""
    held: dict[int, int] = {}
    try:
        for pid in _pids(folder)[:_AT_ONCE]:
            try:
                held[pid] = os.pidfd_open(pid)
            except OSError:  # gone
                continue
        # Each descriptor holds one process; a number that is still listed is that one's, or it
        # is gone and the descriptor refuses.
        for pid in held.keys() & set(_pids(folder)):
            try:
                signal.pidfd_send_signal(held[pid], KILL)
            except OSError:  # gone, or another user's
                continue
    finally:
        for descriptor in held.values():
            os.close(descriptor)


def _pids(folder: int) -> list[int]:
    """Return the pids in a cgroup and below; another PID namespace's are not among them."""
    found: list[int] = []
    for name, above in chain([(".", folder)], _below(folder)):
        try:
            found += filter(None, map(int, _read(above, f"{name}/cgroup.procs").split()))
        except OSError as error:
            if error.errno != errno.EOPNOTSUPP:  # of threads alone: those above list its processes
                raise
    return found


def inner(folder: int) -> "Iterator[str]":
    """Yield the names of the cgroups in a cgroup."""
    with os.scandir(folder) as entries:
        yield from [one.name for one in entries if one.is_dir(follow_symlinks=False)]


def _below(folder: int) -> "Iterator[tuple[str, int]]":
    """Yield each cgroup below one, the deepest first: its name, and the folder that it is in.

    One folder is open at a time: there may be more levels than descriptors, or than frames.
    """
    here = open_folder(".", folder)
    path: list[str] = []
    left = [list(inner(here))]
    try:
        while path or left[-1]:
            if left[-1]:
                path.append(left[-1].pop())
                here = _moved(here, path[-1])
                left.append(list(inner(here)))
            else:
                left.pop()
                here = _moved(here, "..")
                yield path.pop(), here
    finally:
        os.close(here)


def _moved(folder: int, name: str) -> int:
    there = open_folder(name, folder)
    os.close(folder)
    return there


def remove(name: str, within: int) -> None:
    """Remove a cgroup and those in it. OSError with EBUSY where something runs in it."""
    folder = open_folder(name, within)
    try:
        for one, above in _below(folder):
            os.rmdir(one, dir_fd=above)
    finally:
        os.close(folder)
    os.rmdir(name, dir_fd=within)


def _read(folder: int, file: str) -> bytes:
    with open(os.open(file, os.O_RDONLY, dir_fd=folder), "rb") as opened:
        return opened.read()


def join(folder: int) -> None:
    """Move ourselves into a cgroup.

    This takes a dozen milliseconds: the kernel has every CPU pass a quiet point before.
    """
    write(folder, "cgroup.procs", b"0")
