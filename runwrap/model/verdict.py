"""What an Outcome comes to: a result in a word, how runwrap exits, and what people must be told.

Nothing else reads the reason or the status of an Outcome to decide this. A new reason to end a job
is a row of `REASONS`; whoever tells of it has a row for it, too (`report/summary.py`).
"""

from runwrap.model import Record
from runwrap.model.escalation import INTERRUPTED, LEAK, TIMEOUT
from runwrap.model.outcome import Outcome
from runwrap.model.plan import Plan

LEAKED, TIMED_OUT, FAILED, NOT_EXECUTABLE, NOT_FOUND = 123, 124, 125, 126, 127
# The steps of a Failure that are about the program; any other failure is runwrap's own.
CODES = {"not-found": NOT_FOUND} | dict.fromkeys(
    ("not-executable", "directory", "interpreter", "exec"), NOT_EXECUTABLE
)
# Why runwrap ends a job: the reason's exit code, None where the command's own status stands, and
# the word that BenchExec has for it.
REASONS = {TIMEOUT: (TIMED_OUT, "walltime"), INTERRUPTED: (None, "killed")}
# What may have to be told, besides the reasons.
FAILURE, SURVIVORS, CULPRIT = "failure", "survivors", "culprit"
_FAILURES = {NOT_FOUND: "not-found", NOT_EXECUTABLE: "not-executable"}


class Exit(Record):
    """The exit code, and the signal to die of instead if that can be; to our `group` as well."""

    code: int
    signal: int = 0
    group: bool = False


class Verdict(Record):
    """What became of a job.

    `result` is one of success, failure (it exited with another code than 0), signal, timeout,
    interrupted, leak, survivors, not-found, not-executable or error.
    """

    result: str
    ending: Exit
    termination: str | None = None  # why runwrap ended the job, or could not start it
    # What must be said even without --verbose: FAILURE, SURVIVORS, CULPRIT, the outcome's reason.
    told: tuple[str, ...] = ()


def judge(outcome: Outcome, plan: Plan) -> Verdict:
    """Return what an outcome comes to, by the rules of the plan that it is the outcome of."""
    if outcome.status == 0 and not (outcome.failure or outcome.reason or is_unproved(outcome)):
        return Verdict(result="success", ending=Exit(code=0))
    result, how = _ended(outcome, plan.policy.leak)
    ended = REASONS[outcome.reason][1] if outcome.reason in REASONS else None
    termination = "failed" if outcome.failure else ended
    return Verdict(result=result, ending=how, termination=termination, told=_told(outcome))


def is_unproved(outcome: Outcome) -> bool:
    """Tell whether something of the job may still be running that had to be ended."""
    return bool(outcome.survivors) or not outcome.proved


def killer(status: int) -> int:
    """Return the signal that a process died of, by its raw wait status; 0 if it exited."""
    return status & 0x7F


def exit_code(status: int) -> int:
    """Return the exit code in the raw wait status of a process that exited."""
    return status >> 8 & 0xFF


def dumped_core(status: int) -> bool:
    """Tell by the raw wait status whether a process that was killed has dumped core."""
    return bool(killer(status) and status & 0x80)


def by_itself(status: int | None) -> tuple[str, Exit]:
    """Return the result, and how to exit, where the command's own end decides."""
    if status is None:
        return "error", Exit(code=FAILED)
    if signal := killer(status):
        return "signal", Exit(code=128 + signal, signal=signal)
    return "failure" if status else "success", Exit(code=exit_code(status))


def _ended(outcome: Outcome, leak: str) -> tuple[str, Exit]:
    if is_unproved(outcome):
        return "survivors", Exit(code=FAILED)
    if outcome.failure:
        code = CODES.get(outcome.failure.step, FAILED)
        return _FAILURES.get(code, "error"), Exit(code=code)
    if outcome.reason == LEAK and leak == "fail":
        return LEAK, Exit(code=LEAKED)
    result, how = by_itself(outcome.status)
    if outcome.reason not in REASONS:
        return result, how
    instead, _ = REASONS[outcome.reason]
    return outcome.reason, how if instead is None else Exit(code=instead)


def _told(outcome: Outcome) -> tuple[str, ...]:
    told = [FAILURE] if outcome.failure else []
    if outcome.reason in (*REASONS, LEAK):
        told.append(outcome.reason)
    if is_unproved(outcome):
        told.append(SURVIVORS)
    # A limit or an interruption tells more than which stage of a pipeline it ended.
    if outcome.culprit and outcome.status is not None and outcome.reason not in REASONS:
        told.append(CULPRIT)
    return tuple(told)
