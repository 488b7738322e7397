"""A Plan, for programs: the same as for people, as JSON."""

from runwrap.model.durations import INFINITE
from runwrap.model.plan import SETTINGS, Plan, Redirect, Stage
from runwrap.model.signal_names import name
from runwrap.report.json_text import json_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.model.plan import Duplicate


def describe(plan: Plan) -> str:
    """Return the plan as one JSON object, with the options' names.

    Times are seconds, and null is no limit.
    """
    policy, environment = plan.policy, plan.environment
    shown = (
        {
            "stages": [_stage(stage) for stage in plan.stages],
            "pipefail": plan.pipefail,
            "timeout": _seconds(policy.timeout),
            "escalate": [
                {"signal": name(step.signal), "grace": _seconds(step.grace)}
                for step in policy.steps
            ],
            "session": plan.session,
            "contain": plan.contain,
            "die_with_parent": plan.die_with_parent,
            "leak": policy.leak,
            "leak_timeout": _seconds(policy.leak_timeout),
            "environment": {
                "clear": environment.clear,
                "unset": environment.unset,
                "set": environment.set,
            },
            "redirects": [_redirect(one) for one in plan.redirects],
        }
        | dict.fromkeys(SETTINGS)
        | dict(plan.settings)
    )
    return json_text(shown) + "\n"


def _stage(stage: Stage) -> dict[str, object]:
    return {
        "argv": stage.argv,
        "assignments": stage.assignments,
        "redirects": [_redirect(one) for one in stage.redirects],
    }


def _redirect(one: "Redirect | Duplicate") -> dict[str, object]:
    if isinstance(one, Redirect):
        return {"stream": one.target, "file": one.path, "append": one.append}
    return {"stream": one.target, "copy_of": one.source}


def _seconds(duration: float) -> float | None:
    return None if duration == INFINITE else duration
