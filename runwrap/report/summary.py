"""What is said of a job in one line each, without the program's name in front."""

import os

from runwrap.model.escalation import INTERRUPTED, LEAK
from runwrap.model.limits import TIMEOUT
from runwrap.model.outcome import Failure, Outcome, Process, StageEnd
from runwrap.model.signal_names import name
from runwrap.report.wording import duration, survivor

_NAMED_AT_MOST = 3  # processes that a line names before it only counts
_LISTED_AT_MOST = 20  # survivors, each in a line of its own
_LONGEST = 80  # characters of a command line that are shown


def warnings(outcome: Outcome) -> list[str]:
    """Return what must be said even without --verbose, each a line."""
    lines = [_failure(outcome.failure)] if outcome.failure else []
    if outcome.reason in (TIMEOUT, INTERRUPTED):
        lines.append(_stopped(outcome))
    if outcome.reason == LEAK:
        lines.append(_leaked(outcome))
    if outcome.survivors or not outcome.proved:
        lines += [
            f"{outcome.command}: still running after SIGKILL: {one}" for one in _left(outcome)
        ]
    return lines


def _left(outcome: Outcome) -> list[str]:
    shown = outcome.survivors[:_LISTED_AT_MOST]
    more = len(outcome.survivors) - len(shown)
    named = [*map(survivor, shown), *([f"{more} more"] if more else ())]
    return named or ["what cannot be seen in /proc"]


def ended(outcome: Outcome) -> str:
    """Say how the command ended, for --verbose."""
    status = outcome.status
    how = "did not end" if status is None else _how(status)
    return f"{outcome.command}: {how} after {duration(outcome.elapsed)}"


def _how(status: int) -> str:
    if os.WIFSIGNALED(status):
        core = " (core dumped)" if os.WCOREDUMP(status) else ""
        return f"killed by {name(os.WTERMSIG(status))}{core}"
    return f"exited {os.WEXITSTATUS(status)}"


def culprit(outcome: Outcome) -> str | None:
    """Say which stage gave a pipeline its status, where the status alone doesn't tell."""
    if outcome.culprit is None or outcome.status is None or outcome.reason not in (None, LEAK):
        return None
    number, command = outcome.culprit
    return f"{outcome.command}: stage {number}, {command}: {_how(outcome.status)}"


def stages(outcome: Outcome) -> list[str]:
    """Say how each stage of a pipeline ended, and what it took, for --verbose."""
    return [
        f"{outcome.command}: stage {number}, {_stage(end, outcome)}"
        for number, end in enumerate(outcome.stages, 1)
    ]


def _stage(end: StageEnd, outcome: Outcome) -> str:
    if end.status is None or end.ended is None:
        return f"{end.command}: did not end"
    text = f"{end.command}: {_how(end.status)}{_because(end, outcome)}"
    text += f"; took {duration(end.ended - end.began)}"
    if end.cpu is not None:
        text += f", CPU {duration(end.cpu)}"
    if end.memory is not None:
        most = "at most " if end.memory <= end.floor else ""
        text += f", memory {most}{end.memory / 2**20:.1f} MiB"
    return text


def _because(end: StageEnd, outcome: Outcome) -> str:
    """Say whether a stage ended by itself, or had been told to."""
    sent = [one.signal for one in outcome.sent if end.ended and one.at <= end.ended]
    if not sent:
        return ""
    status = end.status or 0
    killer = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    return " that runwrap sent" if killer in sent else f" after runwrap sent {name(sent[0])}"


def _stopped(outcome: Outcome) -> str:
    if outcome.reason == TIMEOUT:
        text = f"{outcome.command}: timed out after {duration(outcome.limit or 0.0)}"
        text += f", waiting for the other end of {outcome.opening}" if outcome.opening else ""
    else:
        text = f"{outcome.command}: interrupted by {name(outcome.by or 0)}"
    return text + (f"; {_sent(outcome)}" if outcome.sent else "")


def _sent(outcome: Outcome) -> str:
    """Say what was sent, and how long after the last: `sent TERM, then KILL after 10 s`."""
    first, *rest = outcome.sent
    text = f"sent {name(first.signal)}"
    before = first
    for one in rest:
        text += f", then {name(one.signal)} after {duration(round(one.at - before.at, 1))}"
        before = one
    return text


def _leaked(outcome: Outcome) -> str:
    names = _names(outcome.leaks) or "a process that ended before it could be named"
    return f"{outcome.command}: left running: {names}; {_sent(outcome)}"


def _names(processes: tuple[Process, ...]) -> str:
    named = [f"{_short(one.command)} (pid {one.pid})" for one in processes[:_NAMED_AT_MOST]]
    more = len(processes) - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")


def _short(command: str) -> str:
    return command if len(command) <= _LONGEST else command[: _LONGEST - 3] + "..."


def _failure(failure: Failure) -> str:
    subject, detail = failure.subject, failure.detail
    why = os.strerror(failure.errno) if failure.errno else ""
    if failure.step == "not-found":
        hint = f"; did you mean '{detail}'?" if detail else ""
        hint = f"; {failure.advice}" if failure.advice else hint
        kind = "no such file" if "/" in subject else "command not found"
        return f"{subject}: {kind}{hint}"
    if failure.step == "guardian":
        return f"{subject}: the guardian of the job {detail}; what was running has been killed"
    if failure.step == "directory":
        return f"{subject}: is a directory, not a command"
    if failure.step == "interpreter":
        what = f"its interpreter {detail}" if detail else "its program loader"
        hint = "; the file has Windows' line ends: delete each \r" if detail[-1:] == "\r" else ""
        return f"{subject}: {what} does not exist{hint}"
    if failure.step == "not-executable":
        hint = f"run it as '{detail} {subject}', or" if detail else "if it is meant to be run,"
        return f"{subject}: {why}; {hint} make it executable with chmod +x"
    doing = {
        "exec": "cannot execute",
        "fork": "cannot start",
        "open": "cannot open",
        "pipe": "cannot make a pipe for",
        "chdir": "cannot change to folder",
        "nice": "cannot set the niceness to",
        "containment": "cannot contain by",
    }.get(failure.step, f"cannot set up ({failure.step})")
    return f"{doing} {subject}: {detail or why}"
