"""A process that was seen, as JSON has it in every report."""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from runwrap.model.outcome import Process


def facts(one: "Process") -> "dict[str, Any]":
    """Return what is known of a process; times are seconds."""
    return {
        "pid": one.pid,
        "parent_pid": one.parent,
        "state": one.state,
        "command_line": one.command,
        "walltime": round(one.elapsed, 2),
        "cputime": round(one.cpu, 2),
    }


def survivor(one: "Process") -> "dict[str, Any]":
    """Return the same, and why it could not be signalled, null where it could."""
    error = os.strerror(one.errno) if one.errno else None
    return facts(one) | {"errno": one.errno or None, "error": error}
