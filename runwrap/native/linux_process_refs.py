"""Holding processes by pidfds, under the names and contracts of `posix_process_refs`."""

import os
import resource
import select
from contextlib import suppress

from runwrap.model.signals import signal
from runwrap.native.linux import children, has_one_thread
from runwrap.native.linux_processes import look, signal_process
from runwrap.native.process_entry import ProcessEntry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_RESERVE = 32  # descriptors kept free for reading /proc
_PIECE = 65536  # bytes read at once
_LONGEST_WAIT = 86400.0  # seconds; poll takes an int of milliseconds


class ProcessRef:
    """A process held by a descriptor; where there are too many, by its start time."""

    __slots__ = ("_seen", "descriptor", "pid")

    def __init__(self, pid: int, descriptor: int, seen: ProcessEntry | None) -> None:
        self.pid, self.descriptor, self._seen = pid, descriptor, seen

    def exists(self) -> bool:
        if self._seen:
            return self._seen.is_same(look(self.pid))
        try:
            return self.send(0)
        except PermissionError:
            return True

    def send(self, number: int) -> bool:
        if self._seen:
            return signal_process(self._seen, number)
        try:
            signal.pidfd_send_signal(self.descriptor, number)
        except ProcessLookupError:
            return False
        return True

    def dies_within(self, seconds: float) -> bool:
        if not self._seen:
            return _ends(self.descriptor, seconds)
        try:
            descriptor = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return True
        try:
            return not self.exists() or _ends(descriptor, seconds)
        finally:
            os.close(descriptor)

    def release(self) -> None:
        if not self._seen:
            os.close(self.descriptor)


class ProcessRefs:
    """Takes hold of processes; it asks for as many descriptors as this process may have."""

    def __init__(self) -> None:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft != hard:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self._room = hard - _RESERVE

    def hold(self, pid: int) -> ProcessRef | None:
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            return None
        # The lowest free number is given, so a high one means that few are left.
        if descriptor < self._room:
            return ProcessRef(pid, descriptor, None)
        os.close(descriptor)
        seen = look(pid)
        return ProcessRef(pid, -1, seen) if seen else None


class Children:
    """Keeps the file open: below one who dies a look that needs his name costs ten times more."""

    def __init__(self, pid: int) -> None:
        self._pid, self._file = pid, -1

    def __enter__(self) -> "Children":
        # Who has several threads has several such files, and may soon have others.
        with suppress(OSError):
            if has_one_thread(self._pid):
                name = f"/proc/{self._pid}/task/{self._pid}/children"
                self._file = os.open(name, os.O_RDONLY)
        return self

    def __exit__(self, *_: object) -> None:
        if self._file >= 0:
            os.close(self._file)

    def pids(self) -> list[int]:
        if self._file < 0:
            return children(self._pid)
        text = b""
        try:
            while piece := os.pread(self._file, _PIECE, len(text)):
                text += piece
        except ProcessLookupError:
            return []
        return [int(pid) for pid in text.split()]

    def are_all_threads(self) -> bool:
        with suppress(OSError):
            return self._file < 0 or has_one_thread(self._pid)
        return False


def ended(holds: "Iterable[ProcessRef]") -> set[ProcessRef]:
    poll, by_descriptor, dead = select.poll(), {}, set()
    for one in holds:
        if one.descriptor >= 0:
            by_descriptor[one.descriptor] = one
            poll.register(one.descriptor, select.POLLIN)
        elif one.dies_within(0):
            dead.add(one)
    return dead.union(by_descriptor[descriptor] for descriptor, _ in poll.poll(0))


def _ends(descriptor: int, seconds: float) -> bool:
    """Wait for the process of a pidfd to end; the kernel tells when its last thread has."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    while not poll.poll(max(0.0, min(seconds, _LONGEST_WAIT)) * 1000):
        seconds -= _LONGEST_WAIT
        if seconds <= 0:
            return False
    return True
