"""How `timeout` exits, and what it tells: GNU timeout's own rules (its manual, EXIT STATUS)."""

from runwrap.model.escalation import LEAK, TIMEOUT
from runwrap.model.signals import KILL
from runwrap.model.verdict import (
    CODES,
    FAILED,
    LEAKED,
    NOT_EXECUTABLE,
    NOT_FOUND,
    TIMED_OUT,
    Exit,
    by_itself,
    dumped_core,
    is_unproved,
    killer,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.model.outcome import Failure, Outcome
    from runwrap.model.plan import Plan
    from runwrap.model.verdict import Verdict

CORE = "core"  # what it tells besides
_ABSENT = 2  # ENOENT


def overruled(ours: "Verdict", outcome: "Outcome", plan: "Plan") -> "Verdict":
    """Return a verdict of ours as GNU's rules have it."""
    return ours.replace(ending=_ending(outcome, plan), told=_told(outcome, ours.told))


def _told(outcome: "Outcome", ours: tuple[str, ...]) -> tuple[str, ...]:
    """Return what must be said: of what `run` would tell only what is more than a limit."""
    if outcome.failure or outcome.survivors or outcome.reason == LEAK:
        return ours
    return (CORE,) if dumped_core(outcome.status or 0) else ()


def _ending(outcome: "Outcome", plan: "Plan") -> Exit:
    """Return how timeout ends, in the order of what decides it."""
    if outcome.failure:
        return Exit(code=_code(outcome.failure))
    if is_unproved(outcome):
        return Exit(code=FAILED)
    if outcome.reason == LEAK and plan.policy.leak == "fail":
        return Exit(code=LEAKED)
    killed = outcome.reason != LEAK and any(one.signal == KILL for one in outcome.sent)
    if killed and not plan.policy.lone:
        return Exit(code=128 + KILL, signal=KILL, group=True)
    return _by_status(outcome.status, outcome.reason == TIMEOUT, killed, plan.preserve_status)


def _by_status(status: int | None, timed_out: bool, killed: bool, preserve: bool) -> Exit:
    if status is None:
        return Exit(code=TIMED_OUT if timed_out else FAILED)
    ended = timed_out or killed
    if ended and not preserve and killer(status) != KILL:
        return Exit(code=TIMED_OUT)
    _, how = by_itself(status)
    return how.replace(signal=0) if ended else how


def _code(failure: "Failure") -> int:
    if failure.step not in CODES:  # nothing about the program
        return FAILED
    return NOT_FOUND if failure.errno == _ABSENT else NOT_EXECUTABLE
