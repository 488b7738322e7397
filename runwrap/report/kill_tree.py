"""What is told of trees that were ended, made from a TreeResult alone."""

import os

from runwrap.model.kill_tree import Refusal, TreeResult
from runwrap.model.printable import printable
from runwrap.model.signal_names import name
from runwrap.model.verdict import FAILED
from runwrap.report.json_text import json_text
from runwrap.report.wording import facts, survivor, survivor_facts

ALL_DEAD, SURVIVED, NO_SUCH_PROCESS = 0, 1, 3


def exit_code(result: TreeResult) -> int:
    """Return how the program is to exit."""
    if result.refusal:
        return FAILED
    if result.survivors:
        return SURVIVED
    return NO_SUCH_PROCESS if result.missing else ALL_DEAD


def warnings(result: TreeResult) -> list[str]:
    """Return what must be said, each a line."""
    if result.refusal:
        return [_refusal(result.refusal)]
    lines = [f"{printable(operand)}: no such process" for operand in result.missing]
    return lines + [f"still running: {survivor(one)}" for one in result.survivors]


def as_json(result: TreeResult) -> str:
    """Return the result as one line of JSON, with seconds, and names of signals."""
    shown = {
        "exit_code": exit_code(result),
        "refusal": _refusal(result.refusal) if result.refusal else None,
        "missing": list(result.missing),
        "found": [facts(one) for one in result.found],
        "signalled": result.signalled,
        "sent": [{"signal": name(one.signal), "at": round(one.at, 6)} for one in result.sent],
        "survivors": [survivor_facts(one) for one in result.survivors],
        "walltime": round(result.elapsed, 6),
    }
    return json_text(shown) + "\n"


def _refusal(one: Refusal) -> str:
    if one.kind == "usage":
        return one.detail
    who = printable(one.operand) or "the process table"
    if one.command:
        pid = f"pid {one.pid}, " if one.operand != str(one.pid) else ""
        who += f" ({pid}{printable(one.command)})"
    error = os.strerror(one.errno) if one.errno else one.detail
    why = {
        "self": "is this process itself",
        "init": "is the system's first process, which is not ended",
        "kernel": "is a thread of the kernel's, which no signal ends",
        "ancestor": "would end this process too, which runs below it",
        "thread": "is a thread's number, not a process's",
        "foreign": f"is someone else's: {error}",
        "file": f"cannot be read: {error}",
        "content": one.detail,
        "newer": "was started after the file was written: it is not the process that is meant",
        "shared": f"shares its {one.detail} with this process or one above it",
        "everyones": f"has no {one.detail} of its own that could be swept",
    }.get(one.kind, f"cannot be looked at: {error}")
    return f"{who}: {why}"
