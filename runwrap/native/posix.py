"""The portable side of the operating system, and the contract that a platform's own must keep.

Needs POSIX and psutil only. Every name here has the same meaning in `linux`.
"""

import os
import select
import signal
from contextlib import suppress

from runwrap.native.descriptors import pipe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST_WAIT = 86400.0  # seconds; poll takes an int of milliseconds


class SignalQueue:
    """The signals sent to this process, read one at a time instead of interrupting it.

    Here the interpreter writes them to a pipe. A signal that comes twice before it is read may be
    reported once, as POSIX allows for pending signals.
    """

    def __init__(self, signals: "Iterable[int]") -> None:
        """Take over `signals`; the queue lives as long as the process."""
        self._signals = []
        self.front: int | None = None
        """Where we are its guardian, the process whose `hand_on` tells of the kernel's signals."""
        self._read, self._write = pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)
        for number in signals:
            with suppress(OSError):  # some systems list signals that can't be caught
                signal.signal(number, lambda *_: None)  # the interpreter writes the number
                self._signals.append(number)
        signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, self._signals)
        self._poll = select.poll()
        self._poll.register(self._read, select.POLLIN)

    def wait(self, seconds: float) -> tuple[int, bool, int] | None:
        """Return the next signal, or None when `seconds` (may be inf) have passed without one.

        A signal is its number, whether the kernel sent it (the terminal, say) and not a process,
        and the sender's pid, 0 where that isn't known.
        """
        limit = int(min(max(seconds, 0.0), _LONGEST_WAIT) * 1000) + 1
        if not self._poll.poll(None if seconds == float("inf") else limit):
            return None
        return os.read(self._read, 1)[0], False, 0

    def release(self) -> None:
        """In a forked child: let go of the signals without disturbing the parent's queue."""
        signal.set_wakeup_fd(-1)
        for number in self._signals:
            signal.signal(number, signal.SIG_DFL)


def set_subreaper() -> bool:
    """Make orphaned descendants our children; False where the system has no such thing."""
    return False


def signal_at_parents_death(number: int) -> bool:  # noqa: ARG001
    """Have a signal sent to us when the thread that started us ends; False where that can't be.

    The kernel drops the request at an exec of a set-user-ID program.
    """
    return False


def enlarge_pipe(descriptor: int, size: int) -> bool:  # noqa: ARG001
    """Make a pipe hold `size` bytes; False where that can't be, and it stays as it is."""
    return False


def hand_on(guardian: int, number: int) -> None:
    """Send a guardian a signal of the kernel's as just that; elsewhere there are no guardians."""
    os.kill(guardian, number)


def prevent_core_dump() -> None:
    """See that this process leaves no core file, whatever signal ends it."""
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))


def parent_ignores() -> frozenset[int]:
    """Return which of SIGPIPE and SIGXFSZ our parent ignores; none where that isn't known."""
    return frozenset()


def initial_value(name: bytes) -> bytes | None:
    """Return a variable as it was when we were executed, as far as that is known."""
    return os.environb.get(name)


def foreground_of(_leader: int) -> int:
    """Return the foreground group of another session's terminal, 0 where it can't be known."""
    return 0


def wait_until_taken(pids: "Iterable[int]", number: int) -> None:
    """Wait a moment until processes have begun to deal with a signal that was sent to them.

    Who blocks it, or is stopped, isn't waited for; nobody is where the system doesn't tell.
    """


def own_children() -> list[int]:
    """Return our children's pids, zombies' among them; OSError where nothing can be read."""
    return children(os.getpid())


def children(pid: int) -> list[int]:
    """Return the pids of a process's children, zombies among them; none if it is gone or hidden."""
    from runwrap.native.posix_processes import snapshot

    return [one.pid for one in snapshot().values() if one.parent == pid]
