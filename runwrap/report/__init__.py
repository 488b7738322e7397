"""What people and programs are told, made from an Outcome alone; and how runwrap ends."""

import os

from runwrap.model import Record
from runwrap.model.escalation import LEAK
from runwrap.model.limits import TIMEOUT
from runwrap.model.outcome import Outcome

LEAKED, TIMED_OUT, FAILED, NOT_EXECUTABLE, NOT_FOUND = 123, 124, 125, 126, 127
CODES = {
    "not-found": NOT_FOUND,
    "not-executable": NOT_EXECUTABLE,
    "directory": NOT_EXECUTABLE,
    "interpreter": NOT_EXECUTABLE,
    "exec": NOT_EXECUTABLE,
}


class Exit(Record):
    """The exit code; and the signal to die of instead where that is possible, else 0.

    `group`: the signal goes to our whole process group, which is timeout's own.
    """

    code: int
    signal: int = 0
    group: bool = False


def ending(outcome: Outcome, leak: str) -> Exit:
    """Return how runwrap ends; `leak` is the policy that the job ran under."""
    if outcome.survivors or not outcome.proved:
        return Exit(code=FAILED)
    if outcome.failure:
        return Exit(code=CODES.get(outcome.failure.step, FAILED))
    if outcome.reason == TIMEOUT:
        return Exit(code=TIMED_OUT)
    if outcome.reason == LEAK and leak == "fail":
        return Exit(code=LEAKED)
    status = outcome.status
    if status is None:
        return Exit(code=FAILED)
    if os.WIFSIGNALED(status):
        signal = os.WTERMSIG(status)
        return Exit(code=128 + signal, signal=signal)
    return Exit(code=os.WEXITSTATUS(status))
