"""A Plan, for people to read before anything is done."""

from runwrap.model.durations import INFINITE
from runwrap.model.plan import Plan
from runwrap.model.printable import printable
from runwrap.report.wording import duration, steps


def describe(plan: Plan) -> str:
    """Return the plan, a line for each decision."""
    from shlex import join, quote

    policy, environment = plan.policy, plan.environment
    rows = [
        ("command", join(plan.argv)),
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
    if plan.umask is not None:
        rows.append(("umask", f"{plan.umask:03o}"))
    if plan.nice is not None:
        rows.append(("nice", f"{plan.nice:+d}"))
    return "".join(f"{label + ':':13}{printable(text)}\n" for label, text in rows)


def _leaks(plan: Plan) -> str:
    policy = plan.policy
    if policy.leak == "wait":
        return "wait" + (" for ever" if policy.timeout == INFINITE else ", within the timeout")
    return f"{policy.leak}, after {duration(policy.leak_timeout)}"
