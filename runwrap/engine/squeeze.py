"""Handing over an outcome that is larger than a pipe is by default: one with a long list."""

import fcntl

from runwrap.model.outcome import Outcome, pack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.model.outcome import Process

_LONGEST = 1000  # characters of a command line, where all of it is too much


def fitting(outcome: Outcome, pipe: int) -> bytes:
    """Return the outcome, packed; where the pipe can't grow to hold it, with shorter lists."""
    data = pack(outcome)
    try:
        room = fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, len(data))
    except OSError:  # more than a user may have
        room = fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ)
    share = 1
    while len(data) > room and (outcome.running or outcome.leaks or outcome.survivors):
        outcome = outcome.replace(
            running=_less(outcome.running, share),
            leaks=_less(outcome.leaks, share),
            survivors=_less(outcome.survivors, share),
        )
        data, share = pack(outcome), 2
    return data


def _less(processes: "tuple[Process, ...]", share: int) -> "tuple[Process, ...]":
    kept = processes[: len(processes) // share]
    return tuple(one.replace(command=one.command[:_LONGEST]) for one in kept)
