"""An Outcome, for programs: what `--report` writes. schema/report.schema.json describes it."""

import os
import time

from runwrap import __version__
from runwrap.model.durations import INFINITE
from runwrap.model.outcome import Failure, Outcome, StageEnd
from runwrap.model.plan import Plan, Stage
from runwrap.model.signal_names import name
from runwrap.model.verdict import Verdict, dumped_core, exit_code, killer
from runwrap.report.json_text import json_text
from runwrap.report.summary import ended, warnings
from runwrap.report.wording import facts, survivor_facts

FORMAT = 1


def describe(
    plan: Plan, outcome: Outcome, verdict: Verdict, pid: int, span: tuple[float, float]
) -> str:
    """Return a report's text; `pid` is runwrap's, `span` start and end, in seconds since 1970."""
    how = verdict.ending
    # Of stages that never ran nothing is known.
    ends = [*outcome.stages, *[None] * (len(plan.stages) - len(outcome.stages))]
    shown = {
        "format": FORMAT,
        "result": verdict.result,
        "terminationreason": verdict.termination,
        "reason": "; ".join(warnings(outcome, verdict.told)) or ended(outcome),
        "exit_code": how.code,
        "exit_signal": name(how.signal) if how.signal else None,
        "command": outcome.command,
        "start": _instant(span[0]),
        "end": _instant(span[1]),
        "walltime": _seconds(outcome.elapsed),
        "cputime": _seconds(outcome.cpu),
        "memory": outcome.memory,
        "memory_floor": max((one.floor for one in outcome.stages), default=None),
        "timeout": _seconds(plan.policy.timeout),
        "contain": outcome.contain,
        "leak": plan.policy.leak,
        "pipefail": plan.pipefail,
        "stages": [_stage(stage, end) for stage, end in zip(plan.stages, ends, strict=True)],
        "signals": [{"signal": name(one.signal), "at": _seconds(one.at)} for one in outcome.sent],
        "running": [facts(one) for one in outcome.running],
        "leaks": [facts(one) for one in outcome.leaks],
        "survivors": [survivor_facts(one) for one in outcome.survivors],
        "failure": _failure(outcome.failure) if outcome.failure else None,
        "runwrap": {"version": __version__, "pid": pid},
    }
    return json_text(shown, indent=2) + "\n"


def _stage(stage: Stage, end: StageEnd | None) -> dict[str, object]:
    status = end.status if end else None
    by = killer(status or 0)
    return {
        "process": {
            "command_args": list(stage.argv),
            "pid": end.pid if end else None,
            "exit": {
                "code": None if status is None or by else exit_code(status),
                "signal": name(by) if by else None,
                "core_dumped": dumped_core(status or 0),
            },
        },
        "began": _seconds(end.began) if end else None,
        "walltime": _seconds(end.ended - end.began) if end and end.ended is not None else None,
        "cputime": _seconds(end.cpu) if end else None,
        "memory": end.memory if end else None,
    }


def _failure(failure: Failure) -> dict[str, object]:
    return {
        "step": failure.step,
        "subject": failure.subject,
        "errno": failure.errno or None,
        "error": os.strerror(failure.errno) if failure.errno else None,
    }


def _seconds(duration: float | None) -> float | None:
    return None if duration in (None, INFINITE) else round(duration, 6)


def _instant(seconds: float) -> str:
    """Write an instant as RFC 3339 does, in UTC, with microseconds."""
    whole, fraction = divmod(int(seconds * 1e6), 1_000_000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole)) + f".{fraction:06}Z"
