"""The way of `run`, `pipe` and `timeout`: Request -> Plan -> job -> Verdict -> outputs, Exit."""

import os

from runwrap import job
from runwrap.model.decide import decide
from runwrap.model.escalation import GNU
from runwrap.model.outcome import Outcome
from runwrap.model.plan import Plan
from runwrap.model.request import Request
from runwrap.model.verdict import FAILED, Exit, Verdict, judge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from runwrap.model.notices import Notice, Observer, SignalSent
    from runwrap.outputs import Output

    Say = Callable[..., None]  # of a text, and of a drawing that comes before it


def run(request: Request, say: "Say", show: "Callable[[str, str], bool]") -> Exit:
    """Run a job, or show what would be run; ValueError for bad usage.

    `say` is for what must be told. `show` is for a text that was asked for, after a word for what
    it is; False where that can't be printed.
    """
    if request.file is not None:
        from runwrap.cli.spec_file import load

        request = request.replace(text=load(request.file))
    plan = decide(request)
    if request.dry_run:
        from runwrap.report.dry_run import as_json, describe

        text = as_json(plan) if request.json else describe(plan)
        return Exit(code=0 if show("plan", text) else FAILED)
    return _execute(request, plan, say)


def _execute(request: Request, plan: Plan, say: "Say") -> Exit:
    outputs: list[Output] = []
    if request.report is not None:
        from runwrap.outputs.report import Report

        outputs.append(Report(request.report))
    if not all(_succeeds(say, output, output.open) for output in outputs):
        return Exit(code=FAILED)
    outcome = _advised(job.run(plan, _observer(request, plan, say)), plan)
    verdict = _judged(outcome, plan)
    if verdict.told or (request.verbose and plan.policy.rules != GNU):
        for line in _lines(outcome, verdict.told, plan, request.verbose):
            say(line)
    # A list: one that fails doesn't keep the others from being written.
    written = [_succeeds(say, one, one.finish, plan, outcome, verdict) for one in outputs]
    return verdict.ending if all(written) else Exit(code=FAILED)


def _succeeds(say: "Say", output: "Output", step: "Callable[..., None]", *what: object) -> bool:
    try:
        step(*what)
    except OSError as error:
        say(f"cannot write {output.name}: {error.strerror}")
        return False
    return True


def _observer(request: Request, plan: Plan, say: "Say") -> "Observer":
    drawings: list[str] = []  # of who was running, to be said with the first signal

    def observe(notice: "Notice") -> None:
        """Tell of a signal that is sent: if that was asked for, or if a person has to wait now."""
        from runwrap.model.notices import Stopping

        if isinstance(notice, Stopping):
            if notice.running and request.verbose:
                from runwrap.cli.console import drawn

                drawings.append(drawn(notice.running, 2))
        elif request.verbose or (notice.following and os.isatty(2)):
            say(_sending(notice, plan), drawings.pop() if drawings else "")

    return observe


def _sending(notice: "SignalSent", plan: Plan) -> str:
    if plan.policy.rules == GNU:
        from runwrap.report import gnu

        return gnu.sending(notice.signal, plan.name)
    from runwrap.report.summary import sending

    return sending(notice.signal, notice.following)


def _advised(outcome: Outcome, plan: Plan) -> Outcome:
    """Return an outcome whose failure to find a command says what may have been meant."""
    failure = outcome.failure
    if not failure or failure.step != "not-found":
        return outcome
    from runwrap.cli.hints import advice

    meant = advice(failure.subject, plan.chdir)
    return outcome.replace(failure=failure.replace(advice=meant))


def _judged(outcome: Outcome, plan: Plan) -> Verdict:
    verdict = judge(outcome, plan)
    if plan.policy.rules != GNU or verdict.result == "success":
        return verdict
    from runwrap.model.gnu_verdict import overruled

    return overruled(verdict, outcome, plan)


def _lines(outcome: Outcome, told: tuple[str, ...], plan: Plan, verbose: bool) -> list[str]:
    if plan.policy.rules == GNU:
        from runwrap.report import gnu

        return gnu.warnings(outcome, told)
    from runwrap.report.summary import all_lines, warnings

    return all_lines(outcome, told, plan) if verbose else warnings(outcome, told)
