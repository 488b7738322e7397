"""An Outcome, for programs: what `--report` writes. schema/report.schema.json describes it."""

import os
import time

from runwrap.model import Record
from runwrap.model.durations import INFINITE
from runwrap.model.outcome import StageEnd
from runwrap.model.signal_names import name
from runwrap.model.verdict import dumped_core, exit_code, killer
from runwrap.report.json_text import json_text
from runwrap.report.process_json import facts, survivor
from runwrap.report.summary import ended, warnings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from runwrap.model.outcome import Failure, Outcome
    from runwrap.model.plan import Plan, Stage
    from runwrap.model.verdict import Verdict

FORMAT = 1


class Run(Record):
    """What is told of a run besides its plan and its outcome. Times are seconds since 1970."""

    version: str
    pid: int
    start: float
    end: float


def describe(plan: "Plan", outcome: "Outcome", verdict: "Verdict", run: Run) -> str:
    """Return the report as the text of a file."""
    how = verdict.ending
    shown = {
        "format": FORMAT,
        "result": verdict.result,
        "terminationreason": verdict.termination,
        "reason": "; ".join(warnings(outcome, verdict.told)) or ended(outcome),
        "exit_code": how.code,
        "exit_signal": name(how.signal) if how.signal else None,
        "command": outcome.command,
        "start": _instant(run.start),
        "end": _instant(run.end),
        "walltime": _seconds(outcome.elapsed),
        "cputime": _seconds(outcome.cpu),
        "memory": outcome.memory,
        "memory_floor": max((end.floor for end in outcome.stages), default=None),
        "timeout": _seconds(plan.policy.timeout),
        "contain": outcome.contain,
        "leak": plan.policy.leak,
        "pipefail": plan.pipefail,
        "stages": _stages(plan, outcome),
        "signals": [{"signal": name(one.signal), "at": _seconds(one.at)} for one in outcome.sent],
        "running": [facts(one) for one in outcome.running],
        "leaks": [facts(one) for one in outcome.leaks],
        "survivors": [survivor(one) for one in outcome.survivors],
        "failure": _failure(outcome.failure),
        "runwrap": {"version": run.version, "pid": run.pid},
    }
    return json_text(shown, indent=2) + "\n"


def _stages(plan: "Plan", outcome: "Outcome") -> "list[dict[str, Any]]":
    """Return every stage of the plan; of those that never ran nothing is known."""
    ends: list[StageEnd | None] = [*outcome.stages]
    ends += [None] * (len(plan.stages) - len(ends))
    return [_stage(stage, end) for stage, end in zip(plan.stages, ends, strict=True)]


def _stage(stage: "Stage", end: StageEnd | None) -> "dict[str, Any]":
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


def _failure(failure: "Failure | None") -> "dict[str, Any] | None":
    if failure is None:
        return None
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
    whole = int(seconds)
    fraction = f"{seconds - whole:.6f}"[2:] if seconds - whole < 0.9999995 else "999999"
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole)) + f".{fraction}Z"
