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
    while len(data) > room and (outcome.leaks or outcome.survivors):
        leaks, survivors = len(outcome.leaks) // 2, len(outcome.survivors) // 2
        outcome = outcome.replace(
            leaks=outcome.leaks[:leaks], survivors=outcome.survivors[:survivors]
        )
        data = pack(outcome)
    return data
