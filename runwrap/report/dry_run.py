"""A Plan, to be read before anything is done."""

from shlex import join, quote

from runwrap.model.durations import INFINITE
from runwrap.model.plain_spec import RESERVED
from runwrap.model.plan import SETTINGS, Duplicate, Plan, Redirect, Stage
from runwrap.model.printable import printable
from runwrap.model.signal_names import name
from runwrap.report.json_text import json_text
from runwrap.report.wording import duration, steps


def describe(plan: Plan) -> str:
    """Return the plan for people, a line for each decision."""
    policy, environment, settings = plan.policy, plan.environment, dict(plan.settings)
    label = "command" if plan.pipefail is None else "stage {}"
    rows: list[tuple[str, str | None]] = [
        *((label.format(at), _written(stage)) for at, stage in enumerate(plan.stages, 1)),
        ("pipefail", plan.pipefail),
        ("timeout", duration(policy.timeout)),
        ("stopping", steps(policy)),
        ("session", plan.session),
        ("containment", plan.contain + ", dies with the parent" * plan.die_with_parent),
        ("leaks", _leaks(plan)),
        ("folder", None if plan.chdir is None else quote(plan.chdir)),
        ("environment", "cleared" if environment.clear else None),
        *(("unset", variable) for variable in environment.unset),
        *(("set", f"{variable}={quote(value)}") for variable, value in environment.set),
    ]
    for one in plan.redirects:
        stream = ("stdin", "stdout", "stderr")[one.target]
        rows.append((stream, quote(one.path) + " (append)" * one.append))
    rows.append(("umask", f"{settings['umask']:03o}" if "umask" in settings else None))
    rows.append(("nice", f"{settings['nice']:+d}" if "nice" in settings else None))
    return "".join(f"{label + ':':13}{printable(text)}\n" for label, text in rows if text)


def _written(stage: Stage) -> str:
    """Write a stage as a spec has it; what `|&` adds is written out."""
    parts = [f"{name}={quote(value)}" for name, value in stage.assignments]
    command, *arguments = stage.argv
    # Unquoted it would be an assignment, or a word of a shell's own.
    special = "=" in command or command in RESERVED
    parts.append(f"'{command}'" if special and command == quote(command) else quote(command))
    parts += [join(arguments)] if arguments else []
    for one in stage.redirects:
        if isinstance(one, Redirect):
            operator = ("<", ">", "2>")[one.target] + ">" * one.append
            parts.append(operator + quote(one.path))
        else:
            parts.append(f"{one.target}>&{one.source}")
    return " ".join(parts)


def _leaks(plan: Plan) -> str:
    policy = plan.policy
    if policy.leak == "allow":
        return "allow"
    if policy.leak == "wait":
        return "wait" + (" for ever" if policy.timeout == INFINITE else ", within the timeout")
    return f"{policy.leak}, after {duration(policy.leak_timeout)}"


def as_json(plan: Plan) -> str:
    """Return the plan as JSON, with the options' names: times are seconds, null is no limit."""
    policy, environment = plan.policy, plan.environment
    shown = {
        "stages": [
            {"argv": stage.argv, "assignments": stage.assignments, "redirects": _redirects(stage)}
            for stage in plan.stages
        ],
        "pipefail": plan.pipefail,
        "timeout": _seconds(policy.timeout),
        "escalate": [
            {"signal": name(step.signal), "grace": _seconds(step.grace)} for step in policy.steps
        ],
        "session": plan.session,
        "contain": plan.contain,
        "die_with_parent": plan.die_with_parent,
        "leak": policy.leak,
        "leak_timeout": _seconds(policy.leak_timeout),
        "environment": {name: getattr(environment, name) for name in ("clear", "unset", "set")},
        "redirects": _redirects(plan),
    }
    return json_text(shown | dict.fromkeys(SETTINGS) | dict(plan.settings)) + "\n"


def _redirects(owner: "Plan | Stage") -> list[dict[str, object]]:
    return [
        {"stream": one.target, "copy_of": one.source}
        if isinstance(one, Duplicate)
        else {"stream": one.target, "file": one.path, "append": one.append}
        for one in owner.redirects
    ]


def _seconds(duration: float) -> float | None:
    return None if duration == INFINITE else duration
