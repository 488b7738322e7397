"""The way of `run`, `pipe` and `timeout`: Request -> Plan -> job -> Verdict -> outputs, Exit."""

import os

from runwrap import job
from runwrap.model.decide import decide
from runwrap.model.escalation import GNU
from runwrap.model.verdict import FAILED, Exit, judge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from runwrap.model.escalation import Step
    from runwrap.model.notices import Notice, Observer
    from runwrap.model.outcome import Outcome
    from runwrap.model.plan import Plan
    from runwrap.model.request import Request
    from runwrap.model.verdict import Verdict
    from runwrap.outputs import Output

    class Words(Protocol):
        """How a subcommand words what it tells."""

        def lines(
            self, outcome: Outcome, verdict: Verdict, plan: Plan, *, verbose: bool
        ) -> list[str]:
            """Return what is said in the end."""

        def sending(self, number: int, command: str, following: Step | None) -> str:
            """Say that a signal is sent, and what follows if that doesn't end the job."""

    Say = Callable[..., None]  # of a text, and of a drawing that comes before it


def run(request: "Request", say: "Say", show: "Callable[[str], None]") -> Exit:
    """Run a job, or show what would be run; ValueError for bad usage.

    `say` is for what must be told, `show` for what was asked for: OSError if it can't be.
    """
    if request.file is not None:
        from runwrap.cli.spec_file import load

        request = load(request)
    plan = decide(request)
    if request.dry_run:
        return _show_plan(plan, request.json, say, show)
    return _execute(request, plan, say)


def _execute(request: "Request", plan: "Plan", say: "Say") -> Exit:
    outputs = _outputs(request)
    if not all(_succeeds(say, output, output.open) for output in outputs):
        return Exit(code=FAILED)
    outcome = _advised(job.run(plan, _observer(request, plan, say)), plan)
    verdict = _judged(outcome, plan)
    if verdict.told or (request.verbose and plan.policy.rules != GNU):
        for line in _words(plan).lines(outcome, verdict, plan, verbose=request.verbose):
            say(line)
    # A list: one that fails doesn't keep the others from being written.
    written = [_succeeds(say, one, one.finish, plan, outcome, verdict) for one in outputs]
    return verdict.ending if all(written) else Exit(code=FAILED)


def _show_plan(plan: "Plan", json: bool, say: "Say", show: "Callable[[str], None]") -> Exit:
    if json:
        from runwrap.report.dry_run_json import describe
    else:
        from runwrap.report.dry_run import describe

    try:
        show(describe(plan))
    except OSError as error:
        say(f"cannot print the plan: {error.strerror}")
        return Exit(code=FAILED)
    return Exit(code=0)


def _outputs(request: "Request") -> "list[Output]":
    """Return what the run is to leave behind besides its exit status."""
    outputs: list[Output] = []
    if request.report is not None:
        from runwrap.outputs.report import Report

        outputs.append(Report(request.report))
    return outputs


def _succeeds(say: "Say", output: "Output", step: "Callable[..., None]", *what: object) -> bool:
    try:
        step(*what)
    except OSError as error:
        say(f"cannot write {output.name}: {error.strerror}")
        return False
    return True


def _observer(request: "Request", plan: "Plan", say: "Say") -> "Observer":
    drawings: list[str] = []  # of who was running, to be said with the first signal

    def observe(notice: "Notice") -> None:
        """Tell of a signal that is sent: if that was asked for, or if a person has to wait now."""
        from runwrap.model.notices import Stopping

        if isinstance(notice, Stopping):
            if notice.running and request.verbose:
                from runwrap.cli.drawing import drawn

                drawings.append(drawn(notice.running, 2))
        elif request.verbose or (notice.following and os.isatty(2)):
            told = _words(plan).sending(notice.signal, plan.name, notice.following)
            say(told, drawings.pop() if drawings else "")

    return observe


def _judged(outcome: "Outcome", plan: "Plan") -> "Verdict":
    verdict = judge(outcome, plan)
    if plan.policy.rules != GNU or verdict.result == "success":
        return verdict
    from runwrap.model.gnu_verdict import overruled

    return overruled(verdict, outcome, plan)


def _words(plan: "Plan") -> "Words":
    if plan.policy.rules == GNU:
        from runwrap.report import gnu

        return gnu
    from runwrap.report import summary

    return summary


def _advised(outcome: "Outcome", plan: "Plan") -> "Outcome":
    """Return an outcome whose failure to find a command says what may have been meant."""
    if not outcome.failure or outcome.failure.step != "not-found":
        return outcome
    from runwrap.cli.hints import advised

    return outcome.replace(failure=advised(outcome.failure, plan.chdir))
