"""Opening the files that redirections name, before anything is started."""

import os
import stat
import time

from runwrap.launch import OpenTimeout, StartError, Streams, blame
from runwrap.model.durations import INFINITE
from runwrap.model.outcome import Failure
from runwrap.model.plan import Duplicate, Redirect
from runwrap.model.signals import ALRM, signal
from runwrap.native.descriptors import above_stdio

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from runwrap.model.plan import Plan, Stage

_STREAMS = ("standard input", "standard output", "standard error")
_MOST_LINKS = 40  # that the kernel follows
_AGAIN = 0.01  # seconds after which an opening that is over its limit is interrupted anew


def open_streams(plan: "Plan", deadline: float) -> Streams:
    """Open what redirections name, of the job and of each stage of a pipeline.

    A FIFO that nobody opens at the other end blocks: raise OpenTimeout if it does so beyond the
    deadline, an instant on the monotonic clock. Raise StartError for what can't be opened.
    """
    common = _open_all(plan.redirects, deadline)
    _check_copies(plan.stages[-1], common)
    return Streams(common, _open_stages(plan.stages, deadline))


def _open_all(redirects: "Iterable[Redirect]", deadline: float) -> dict[int, int]:
    """Open each file; return the open descriptor for each target."""
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


def _open_stages(stages: "Iterable[Stage]", deadline: float) -> list[dict[int, int]]:
    """Open the files that each stage names, each by itself, as a shell does."""
    files = [[one for one in stage.redirects if isinstance(one, Redirect)] for stage in stages]
    for one in (one for some in files for one in some):
        _check_whose(one.path)
    holders = _hold_loops([one for some in files for one in some])
    found: list[dict[int, int]] = []
    try:
        for some in files:
            found.append({})
            for one in some:
                found[-1][one.target] = _open(one, deadline)
    except StartError:
        for descriptor in (fd for one in found for fd in one.values()):
            os.close(descriptor)  # or there may be none left to say so with
        raise
    finally:
        for descriptor in holders:
            os.close(descriptor)
    return found


def _check_copies(stage: "Stage", given: "Iterable[int]") -> None:
    """Raise StartError if the last stage copies a stream of ours that our caller has closed.

    `given` are its streams that are not ours.
    """
    replaced = set(given)
    for one in stage.redirects:
        if isinstance(one, Duplicate) and one.source not in replaced:
            try:
                os.fstat(one.source)
            except OSError as error:
                raise blame("open", _STREAMS[one.source], error) from error
        replaced.add(one.target)


def _check_whose(path: str) -> None:
    """Raise StartError for what would be another file if the stage opened it.

    A spec that says /dev/stdout is refused already; here it is by another name, as a link.
    """
    ours, said = os.path.realpath("/proc/self") + "/", path
    for _ in range(_MOST_LINKS):
        folder, name = os.path.split(path)
        folder = os.path.realpath(folder)
        if f"{folder}/".startswith(ours):
            from runwrap.model.spec.refusals import REFUSALS

            detail = "; ".join(REFUSALS["special-file"])
            raise StartError(Failure(step="open", subject=said, detail=detail))
        try:
            path = os.path.join(folder, os.readlink(os.path.join(folder, name)))
        except OSError:
            return


def _hold_loops(redirects: list[Redirect]) -> list[int]:
    """Open the FIFOs that the pipeline both reads and writes, in a way that waits for nobody.

    In `nc a <fifo | nc b >fifo` each end waits for the other to be opened; we open one by one.
    """
    # By what the file is: the two redirections may spell its path differently.
    read = {_fifo(one.path) for one in redirects if one.target == 0}
    written = {_fifo(one.path): one.path for one in redirects if one.target}
    try:
        return [
            os.open(path, os.O_RDWR | os.O_CLOEXEC)
            for identity, path in written.items()
            if identity and identity in read
        ]
    except OSError as error:
        raise blame("open", str(error.filename), error) from error


def _open(redirect: Redirect, deadline: float) -> int:
    flags = os.O_RDONLY
    if redirect.target:
        flags = os.O_WRONLY | os.O_CREAT | (os.O_APPEND if redirect.append else os.O_TRUNC)
    try:
        if deadline < INFINITE and _fifo(redirect.path):
            limit = deadline - time.monotonic()
            return above_stdio(_open_within(redirect.path, flags, limit))
        return above_stdio(os.open(redirect.path, flags | os.O_CLOEXEC, 0o666))
    except OSError as error:
        raise blame("open", redirect.path, error) from error


def _fifo(path: str) -> tuple[int, int] | None:
    """Return the device and inode of the FIFO that a path names, None if it names no FIFO."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if stat.S_ISFIFO(found.st_mode) else None


def _open_within(path: str, flags: int, limit: float) -> int:
    """Open a file that may block; SIGALRM interrupts the opening at the limit."""

    def interrupt(_number: int, _frame: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        raise OpenTimeout(path)

    before = signal.signal(ALRM, interrupt)
    mask = signal.pthread_sigmask(signal.SIG_UNBLOCK, (ALRM,))
    try:
        # Until it is heard of: one may come after Python has looked and before the opening.
        signal.setitimer(signal.ITIMER_REAL, max(limit, 1e-6), _AGAIN)
        return os.open(path, flags | os.O_CLOEXEC, 0o666)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(ALRM, before)
