"""Handing over an outcome that is larger than a pipe is by default: one with a long list."""

import fcntl

from runwrap.model.outcome import Outcome, pack


def fitting(outcome: Outcome, pipe: int) -> bytes:
    """Return the outcome, packed; where the pipe can't grow to hold it, with shorter lists."""
    data = pack(outcome)
    try:
        room = fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, len(data))
    except OSError:  # more than a user may have
        room = fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ)
    lists = ("running", "leaks", "survivors")
    while len(data) > room and any(getattr(outcome, name) for name in lists):
        halves = {name: getattr(outcome, name) for name in lists}
        outcome = outcome.replace(**{name: one[: len(one) // 2] for name, one in halves.items()})
        data = pack(outcome)
    return data
