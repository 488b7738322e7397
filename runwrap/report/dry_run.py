"""A Plan, for people to read before anything is done."""

from runwrap.model.durations import INFINITE
from runwrap.model.plan import Plan, Redirect, Stage
from runwrap.model.printable import printable
from runwrap.report.wording import duration, steps


def describe(plan: Plan) -> str:
    """Return the plan, a line for each decision."""
    from shlex import quote

    policy, environment = plan.policy, plan.environment
    rows = [
        *_commands(plan),
        ("timeout", duration(policy.timeout)),
        ("stopping", steps(policy)),
        ("session", plan.session),
        ("containment", plan.contain + (", dies with the parent" * plan.die_with_parent)),
        ("leaks", policy.leak if policy.leak == "allow" else _leaks(plan)),
    ]
    if plan.chdir is not None:
        rows.append(("folder", quote(plan.chdir)))
    if environment.clear:
        rows.append(("environment", "cleared"))
    rows += [("unset", variable) for variable in environment.unset]
    rows += [("set", f"{variable}={quote(value)}") for variable, value in environment.set]
    for redirect in plan.redirects:
        name = ("stdin", "stdout", "stderr")[redirect.target]
        rows.append((name, quote(redirect.path) + (" (append)" if redirect.append else "")))
    settings = dict(plan.settings)
    if "umask" in settings:
        rows.append(("umask", f"{settings['umask']:03o}"))
    if "nice" in settings:
        rows.append(("nice", f"{settings['nice']:+d}"))
    return "".join(f"{label + ':':13}{printable(text)}\n" for label, text in rows)


def _commands(plan: Plan) -> list[tuple[str, str]]:
    if plan.pipefail is None:
        return [("command", _written(plan.stages[0]))]
    rows = [(f"stage {number}", _written(stage)) for number, stage in enumerate(plan.stages, 1)]
    return [*rows, ("pipefail", plan.pipefail)]


def _written(stage: Stage) -> str:
    """Write a stage as a spec has it; what `|&` adds is written out."""
    from shlex import join, quote

    from runwrap.model.plain_spec import RESERVED

    parts = [f"{name}={quote(value)}" for name, value in stage.assignments]
    command, *arguments = stage.argv
    # Unquoted it would be an assignment, or a word of a shell's own.
    special = "=" in command or command in RESERVED
    parts.append(f"'{command}'" if special and command == quote(command) else quote(command))
    parts += [join(arguments)] if arguments else []
    for one in stage.redirects:
        if isinstance(one, Redirect):
            operator = ("<", ">", "2>")[one.target] + (">" if one.append else "")
            parts.append(operator + quote(one.path))
        else:
            parts.append(f"{one.target}>&{one.source}")
    return " ".join(parts)


def _leaks(plan: Plan) -> str:
    policy = plan.policy
    if policy.leak == "wait":
        return "wait" + (" for ever" if policy.timeout == INFINITE else ", within the timeout")
    return f"{policy.leak}, after {duration(policy.leak_timeout)}"
