"""What `timeout` says, and how it ends: GNU timeout's words and codes."""

import os

from runwrap.model.escalation import LEAK
from runwrap.model.limits import TIMEOUT
from runwrap.model.outcome import Failure, Outcome
from runwrap.model.quoting import quoted
from runwrap.model.signals import KILL
from runwrap.report import CODES, FAILED, LEAKED, NOT_EXECUTABLE, NOT_FOUND, TIMED_OUT, Exit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.model.request import Request

_ABSENT = 2  # ENOENT


def ending(outcome: Outcome, request: "Request") -> Exit:
    """Return how timeout ends, given what was asked for."""
    if outcome.failure:
        return Exit(code=_code(outcome.failure))
    if outcome.survivors or not outcome.proved:
        return Exit(code=FAILED)
    if outcome.reason == LEAK and request.leak == "fail":
        return Exit(code=LEAKED)
    killed = outcome.reason != LEAK and any(one.signal == KILL for one in outcome.sent)
    if killed and not request.foreground:
        return Exit(code=128 + KILL, signal=KILL, group=True)
    status = outcome.status
    if status is None:
        return Exit(code=TIMED_OUT if outcome.reason == TIMEOUT else FAILED)
    by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    timed_out = outcome.reason == TIMEOUT or killed
    if timed_out and not request.preserve_status and by != KILL:
        return Exit(code=TIMED_OUT)
    if by:
        return Exit(code=128 + by, signal=0 if timed_out else by)
    return Exit(code=os.WEXITSTATUS(status))


def _code(failure: Failure) -> int:
    if failure.step not in CODES:  # nothing about the program
        return FAILED
    return NOT_FOUND if failure.errno == _ABSENT else NOT_EXECUTABLE


def warnings(outcome: Outcome) -> list[str]:
    """Return what is said in any case, each a line."""
    failure = outcome.failure
    if failure and failure.step == "fork":
        return [f"fork system call failed: {os.strerror(failure.errno)}"]
    if failure and failure.errno:
        why = os.strerror(failure.errno)
        return [f"failed to run command {quoted(outcome.command)}: {why}"]
    if failure or outcome.survivors or outcome.reason == LEAK:
        from runwrap.report import summary

        return summary.warnings(outcome)
    if outcome.status is not None and os.WIFSIGNALED(outcome.status):
        return ["the monitored command dumped core"] if os.WCOREDUMP(outcome.status) else []
    return []


def sending(number: int, command: str) -> str:
    """Say that a signal is sent, for --verbose."""
    from runwrap.model.signal_names import coreutils_name

    return f"sending signal {coreutils_name(number)} to command {quoted(command)}"
