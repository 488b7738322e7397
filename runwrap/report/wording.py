"""How values are written, for people and in JSON."""

import os

from runwrap.model.durations import INFINITE, UNITS
from runwrap.model.escalation import Policy
from runwrap.model.outcome import Process
from runwrap.model.printable import printable
from runwrap.model.signal_names import name


def duration(seconds: float) -> str:
    """Write a duration for people: `250 ms`, `30 s`, `1h30m`."""
    if seconds == INFINITE:
        return "no limit"
    if seconds < 0.9995:
        return f"{seconds * 1000:.3g} ms"
    if seconds < 120 or seconds != int(seconds):
        return f"{float(f'{seconds:.2f}'):.10g} s"
    text, rest = "", int(seconds)
    for unit in "dhms":
        count, rest = divmod(rest, int(UNITS[unit]))
        text += f"{count}{unit}" if count else ""
    return text


def survivor(process: Process) -> str:
    """Name a process that should be dead, and say what it is doing and why it isn't."""
    why = f", {os.strerror(process.errno)}" if process.errno else ""
    return f"{printable(process.command)} (pid {process.pid}, state {process.state}{why})"


def steps(policy: Policy) -> str:
    """Write the escalation as `--escalate` takes it: `TERM:10s,KILL`."""
    written = [f"{name(step.signal)}:{_typed(step.grace)}" for step in policy.steps]
    return ",".join([*written, "KILL"])


def _typed(seconds: float) -> str:
    return "inf" if seconds == INFINITE else f"{seconds:.9f}".rstrip("0").rstrip(".") + "s"


def facts(one: Process) -> dict[str, object]:
    """Return what JSON has of a process; times are seconds."""
    return {
        "pid": one.pid,
        "parent_pid": one.parent,
        "state": one.state,
        "command_line": one.command,
        "walltime": round(one.elapsed, 2),
        "cputime": round(one.cpu, 2),
    }


def survivor_facts(one: Process) -> dict[str, object]:
    """Return the same, and why it could not be signalled, null where it could."""
    error = os.strerror(one.errno) if one.errno else None
    return facts(one) | {"errno": one.errno or None, "error": error}
