"""How `timeout` exits, and what it tells: GNU timeout's own rules (its manual, EXIT STATUS)."""

from runwrap.model import verdict
from runwrap.model.escalation import LEAK, TIMEOUT
from runwrap.model.outcome import Failure, Outcome
from runwrap.model.plan import Plan
from runwrap.model.signals import KILL
from runwrap.model.verdict import FAILED, TIMED_OUT, Exit

CORE = "core"  # what it tells besides
_ABSENT = 2  # ENOENT


def overruled(ours: verdict.Verdict, outcome: Outcome, plan: Plan) -> verdict.Verdict:
    """Return a verdict of ours as GNU's rules have it: a limit that is reached is not told of."""
    told = ours.told
    if not (outcome.failure or outcome.survivors or outcome.reason == LEAK):
        told = (CORE,) if verdict.dumped_core(outcome.status or 0) else ()
    return ours.replace(ending=_ending(outcome, plan), told=told)


def _ending(outcome: Outcome, plan: Plan) -> Exit:
    """Return how timeout ends, in the order of what decides it."""
    if outcome.failure:
        return Exit(code=_code(outcome.failure))
    if verdict.is_unproved(outcome):
        return Exit(code=FAILED)
    if outcome.reason == LEAK and plan.policy.leak == "fail":
        return Exit(code=verdict.LEAKED)
    killed = outcome.reason != LEAK and any(one.signal == KILL for one in outcome.sent)
    if killed and not plan.policy.lone:
        return Exit(code=128 + KILL, signal=KILL, group=True)
    return _by_status(outcome.status, outcome.reason == TIMEOUT, killed, plan.preserve_status)


def _by_status(status: int | None, timed_out: bool, killed: bool, preserve: bool) -> Exit:
    if status is None:
        return Exit(code=TIMED_OUT if timed_out else FAILED)
    ended = timed_out or killed
    if ended and not preserve and verdict.killer(status) != KILL:
        return Exit(code=TIMED_OUT)
    _, how = verdict.by_itself(status)
    return how.replace(signal=0) if ended else how


def _code(failure: Failure) -> int:
    if failure.step not in verdict.CODES:  # nothing about the program
        return FAILED
    return verdict.NOT_FOUND if failure.errno == _ABSENT else verdict.NOT_EXECUTABLE
