"""Handing over an outcome that is larger than a pipe is by default: one with a long list."""

import fcntl

from runwrap.model.codec import encode
from runwrap.model.outcome import Outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sized

    from runwrap.model.outcome import Process

_LONGEST = (1000, 200, 60)  # characters of a command line, tried in turn: all processes matter more
_LIMIT = 1 << 20  # bytes that any user may ask of a pipe, where the system has its default


def fitting(outcome: Outcome, pipe: int) -> bytes:
    """Return the outcome, packed; where the pipe can't grow to hold it, cut short.

    Command lines come first; only what even then is too long loses processes, and the last stages.
    """
    data = encode(outcome)
    room = _grown(pipe, len(data))
    for longest in _LONGEST:
        if len(data) <= room:
            return data
        outcome = _cut(outcome, 1, longest)
        data = encode(outcome)
    while len(data) > room and any(map(len, _lists(outcome))):
        outcome = _cut(outcome, 2, _LONGEST[-1])
        data = encode(outcome)
    return data


def _grown(pipe: int, wanted: int) -> int:
    """Make a pipe as large as is wanted, or can be; return its size in bytes."""
    for size in (wanted, _LIMIT):
        try:
            return fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, size)
        except OSError:  # more than a user may have
            continue
    return fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ)


def _lists(outcome: Outcome) -> "tuple[Sized, ...]":
    return outcome.running, outcome.leaks, outcome.survivors, outcome.stages


def _cut(outcome: Outcome, share: int, longest: int) -> Outcome:
    """Return an outcome with one process of `share`, and the beginnings of command lines."""

    def less(processes: "tuple[Process, ...]") -> "tuple[Process, ...]":
        kept = processes[: len(processes) // share]
        return tuple(one.replace(command=one.command[:longest]) for one in kept)

    return outcome.replace(
        stages=outcome.stages[: len(outcome.stages) // share],
        running=less(outcome.running),
        leaks=less(outcome.leaks),
        survivors=less(outcome.survivors),
    )
