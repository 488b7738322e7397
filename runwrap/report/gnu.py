"""What `timeout` says: GNU timeout's words."""

import os

from runwrap.model.gnu_verdict import CORE
from runwrap.model.printable import quoted_in_c as quoted
from runwrap.report import summary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.model.escalation import Step
    from runwrap.model.outcome import Outcome
    from runwrap.model.plan import Plan
    from runwrap.model.verdict import Verdict


def lines(outcome: "Outcome", verdict: "Verdict", _plan: "Plan", *, verbose: bool) -> list[str]:  # noqa: ARG001
    """Return what is said in the end, each a line, with --verbose and without."""
    failure = outcome.failure
    if failure and failure.step == "fork":
        return [f"fork system call failed: {os.strerror(failure.errno)}"]
    if failure and failure.errno:
        why = os.strerror(failure.errno)
        return [f"failed to run command {quoted(outcome.command)}: {why}"]
    if verdict.told == (CORE,):
        return ["the monitored command dumped core"]
    return summary.warnings(outcome, verdict.told)


def sending(number: int, command: str, _following: "Step | None") -> str:
    """Say that a signal is sent, for --verbose."""
    from runwrap.model.signal_names import coreutils_name

    return f"sending signal {coreutils_name(number)} to command {quoted(command)}"
