"""What is said of a job in one line each, without the program's name in front."""

import os

from runwrap.model.durations import INFINITE
from runwrap.model.escalation import INTERRUPTED, LEAK, TIMEOUT, Step
from runwrap.model.outcome import Failure, Outcome, Process, StageEnd
from runwrap.model.plan import Plan
from runwrap.model.signal_names import name
from runwrap.model.verdict import CULPRIT, FAILURE, SURVIVORS, dumped_core, exit_code, killer
from runwrap.report.wording import duration, survivor

_NAMED_AT_MOST = 3  # processes that a line names before it only counts
_LISTED_AT_MOST = 20  # survivors, each in a line of its own
_LONGEST = 80  # characters of a command line that are shown
_DOING = {  # by the step of a failure
    "exec": "execute", "fork": "start", "open": "open", "pipe": "make a pipe for",
    "chdir": "change to folder", "nice": "set the niceness to", "containment": "contain by",
}  # fmt: skip


def all_lines(outcome: Outcome, told: tuple[str, ...], plan: Plan) -> list[str]:
    """Return what is said in the end with --verbose, each a line."""
    # Each stage is told of, so the one that decided is not told of again.
    found = warnings(outcome, tuple(kind for kind in told if kind != CULPRIT))
    if outcome.failure:
        return found
    return [*found, *(stages(outcome) if plan.pipefail is not None else ()), ended(outcome)]


def warnings(outcome: Outcome, told: tuple[str, ...]) -> list[str]:
    """Return what must be said even without --verbose, each a line: the verdict says what."""
    return [line for kind in told for line in _LINES[kind](outcome)]


def sending(number: int, following: Step | None) -> str:
    """Say that a signal is sent, and which one follows if that one doesn't end the job."""
    text = f"sending {name(number)}"
    if following and following.grace < INFINITE:
        text += f"; {name(following.signal)} follows in {duration(round(following.grace, 1))}"
    return text


def _left(outcome: Outcome) -> list[str]:
    shown = outcome.survivors[:_LISTED_AT_MOST]
    more = len(outcome.survivors) - len(shown)
    named = [*map(survivor, shown), *([f"{more} more"] if more else ())]
    named = named or ["what cannot be seen in /proc"]
    return [f"{outcome.command}: still running after SIGKILL: {one}" for one in named]


def ended(outcome: Outcome) -> str:
    """Say how the command ended, for --verbose."""
    how = "did not end" if outcome.status is None else _how(outcome.status)
    return f"{outcome.command}: {how} after {duration(outcome.elapsed)}"


def _how(status: int) -> str:
    if killer(status):
        core = " (core dumped)" if dumped_core(status) else ""
        return f"killed by {name(killer(status))}{core}"
    return f"exited {exit_code(status)}"


def _culprit(outcome: Outcome) -> list[str]:
    """Say which stage gave a pipeline its status, where the status alone doesn't tell."""
    number, command = outcome.culprit or (0, "")
    return [f"{outcome.command}: stage {number}, {command}: {_how(outcome.status or 0)}"]


def stages(outcome: Outcome) -> list[str]:
    """Say how each stage of a pipeline ended, and what it took, for --verbose."""
    each = enumerate(outcome.stages, 1)
    return [f"{outcome.command}: stage {number}, {_stage(end, outcome)}" for number, end in each]


def _stage(end: StageEnd, outcome: Outcome) -> str:
    if end.status is None or end.ended is None:
        return f"{end.command}: did not end"
    text = f"{end.command}: {_how(end.status)}{_because(end, outcome)}"
    text += f"; took {duration(end.ended - end.began)}"
    text += "" if end.cpu is None else f", CPU {duration(end.cpu)}"
    if end.memory is not None:
        most = "at most " if end.memory <= end.floor else ""
        text += f", memory {most}{end.memory / 2**20:.1f} MiB"
    return text


def _because(end: StageEnd, outcome: Outcome) -> str:
    """Say whether a stage ended by itself, or had been told to."""
    sent = [one.signal for one in outcome.sent if end.ended and one.at <= end.ended]
    if not sent:
        return ""
    ours = killer(end.status or 0) in sent
    return " that runwrap sent" if ours else f" after runwrap sent {name(sent[0])}"


def _timed_out(outcome: Outcome) -> list[str]:
    text = f"{outcome.command}: timed out after {duration(outcome.limit or 0.0)}"
    text += f", waiting for the other end of {outcome.opening}" if outcome.opening else ""
    hung = _names(_leaves(outcome), _LONGEST // 2)
    return [text + (f", running {hung}" if hung else "") + _sent(outcome)]


def _leaves(outcome: Outcome) -> tuple[Process, ...]:
    """Return who was running and waited for none of the others: what hung is among them.

    The command itself is named anyway, unless it is the first of a pipeline.
    """
    alive = [one for one in outcome.running if one.state != "Z"]
    named = None if " | " in outcome.command else outcome.pid
    busy = {named, *(one.parent for one in alive)}
    return tuple(one for one in alive if one.pid not in busy)


def _interrupted(outcome: Outcome) -> list[str]:
    return [f"{outcome.command}: interrupted by {name(outcome.by or 0)}{_sent(outcome)}"]


def _sent(outcome: Outcome) -> str:
    """Say what was sent, and how long after the last: `; sent TERM, then KILL after 10 s`."""
    text = ""
    for before, one in zip((None, *outcome.sent), outcome.sent, strict=False):
        if before is None:
            text = f"; sent {name(one.signal)}"
        else:
            text += f", then {name(one.signal)} after {duration(round(one.at - before.at, 1))}"
    return text


def _leaked(outcome: Outcome) -> list[str]:
    names = _names(outcome.leaks) or "a process that ended before it could be named"
    return [f"{outcome.command}: left running: {names}{_sent(outcome)}"]


def _names(processes: tuple[Process, ...], longest: int = _LONGEST) -> str:
    shown = processes[:_NAMED_AT_MOST]
    named = ", ".join(f"{_short(one.command, longest)} (pid {one.pid})" for one in shown)
    more = len(processes) - len(shown)
    return named + (f" and {more} more" if more else "")


def _short(command: str, longest: int) -> str:
    return command if len(command) <= longest else command[: longest - 3] + "..."


def _failed(outcome: Outcome) -> list[str]:
    return [_failure(outcome.failure)] if outcome.failure else []


def _failure(failure: Failure) -> str:
    subject, detail = failure.subject, failure.detail
    why = os.strerror(failure.errno) if failure.errno else ""
    if failure.step == "not-found":
        hint = failure.advice or (detail and f"did you mean '{detail}'?")
        kind = "no such file" if "/" in subject else "command not found"
        return f"{subject}: {kind}{hint and '; ' + hint}"
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
    doing = _DOING.get(failure.step, f"set up ({failure.step})")
    return f"cannot {doing} {subject}: {detail or why}"


_LINES = {
    FAILURE: _failed, TIMEOUT: _timed_out, INTERRUPTED: _interrupted, LEAK: _leaked,
    SURVIVORS: _left, CULPRIT: _culprit,
}  # fmt: skip
