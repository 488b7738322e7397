"""Opening the files that redirections name, before anything is started."""

import os
import stat
import time

from runwrap.engine import OpenTimeout, blame
from runwrap.model.durations import INFINITE
from runwrap.model.plan import Redirect
from runwrap.model.signals import ALRM, signal
from runwrap.native.descriptors import above_stdio

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def open_all(redirects: "Iterable[Redirect]", deadline: float) -> dict[int, int]:
    """Open each file; return the open descriptor for each target.

    A FIFO that nobody opens at the other end blocks: raise OpenTimeout if it does so beyond the
    deadline, an instant on the monotonic clock. Raise StartError for what can't be opened.
    """
    found: dict[int, int] = {}
    paths: dict[str, int] = {}
    for redirect in redirects:
        # The same file for stdout and stderr is opened once, so that neither overwrites the other.
        if redirect.target == 0 or redirect.path not in paths:
            opened = _open(redirect, deadline)
            if redirect.target:
                paths[redirect.path] = opened
            found[redirect.target] = opened
        else:
            found[redirect.target] = paths[redirect.path]
    return found


def _open(redirect: Redirect, deadline: float) -> int:
    flags = os.O_RDONLY
    if redirect.target:
        flags = os.O_WRONLY | os.O_CREAT | (os.O_APPEND if redirect.append else os.O_TRUNC)
    try:
        if deadline < INFINITE and _is_fifo(redirect.path):
            limit = deadline - time.monotonic()
            return above_stdio(_open_within(redirect.path, flags, limit))
        return above_stdio(os.open(redirect.path, flags | os.O_CLOEXEC, 0o666))
    except OSError as error:
        raise blame("open", redirect.path, error) from error


def _is_fifo(path: str) -> bool:
    try:
        return stat.S_ISFIFO(os.stat(path).st_mode)
    except OSError:
        return False


def _open_within(path: str, flags: int, limit: float) -> int:
    """Open a file that may block; SIGALRM interrupts the opening at the limit."""

    def interrupt(_number: int, _frame: object) -> None:
        raise OpenTimeout

    before = signal.signal(ALRM, interrupt)
    mask = signal.pthread_sigmask(signal.SIG_UNBLOCK, (ALRM,))
    signal.setitimer(signal.ITIMER_REAL, max(limit, 1e-6))
    try:
        return os.open(path, flags | os.O_CLOEXEC, 0o666)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(ALRM, before)
