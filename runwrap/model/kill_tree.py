"""Ending trees that are not ours: what was asked, what is decided, what happened."""

from runwrap.model import Record
from runwrap.model.escalation import GRACE, SWEEP_LIMIT, Policy, Step, timeout
from runwrap.model.outcome import Process, Sent
from runwrap.model.printable import quoted
from runwrap.model.signals import KILL, TERM

SCOPES = ("session", "group", "cgroup")
_QUIET = 2  # rounds in a row that must find nothing new
_MOST_ROUNDS = 100  # then a tree that grows faster than it is found is given its time to die
_LARGEST_PID = 2**31 - 1


class TreeRequest(Record):
    """What was asked for, as the command line spelt it; durations are seconds."""

    operands: tuple[str, ...] = ()
    signal: int = TERM
    kill_after: float = GRACE
    wait: float = SWEEP_LIMIT
    keep_root: bool = False
    also: tuple[tuple[str, ...], ...] = ()
    dry_run: bool = False
    json: bool = False


class Target(Record):
    """The root of a tree: a pid, or the pid file to read it from."""

    operand: str
    pid: int = 0
    file: str = ""


class TreePlan(Record):
    """Trees to end, decided."""

    targets: tuple[Target, ...]
    policy: Policy
    keep_root: bool = False
    also: tuple[str, ...] = ()  # the SCOPES of the roots that are swept as well
    dry_run: bool = False  # only name who is found
    tell: bool = False  # name who is found, which takes its time


class Refusal(Record):
    """Why nothing was done.

    Kinds: usage (an operand that can't be meant), init, kernel (a thread of the kernel's), self,
    ancestor, thread (not a process), foreign (someone else's), file (can't be read), content (no
    pid in it), newer (the process is newer than the file), shared (we are in its `detail`
    ourselves), everyones (its `detail` can't be told from all others'), system (the process table
    or a process can't be looked at).
    """

    kind: str
    operand: str
    pid: int = 0  # 0 where it isn't known
    command: str = ""  # its command line
    errno: int = 0
    detail: str = ""


class TreeResult(Record):
    """How it went; `found` is parents first."""

    refusal: Refusal | None = None
    missing: tuple[str, ...] = ()  # operands
    found: tuple[Process, ...] = ()
    survivors: tuple[Process, ...] = ()
    signalled: int = 0
    sent: tuple[Sent, ...] = ()
    elapsed: float = 0.0


def decide(request: TreeRequest) -> TreePlan:
    """Turn a request into a plan; ValueError for an operand that can't be meant."""
    if not request.operands:
        raise ValueError("no process given; see 'runwrap kill-tree --help'")
    at_once = request.signal == KILL or request.kill_after == 0
    steps = () if at_once else (Step(signal=request.signal, grace=request.kill_after),)
    return TreePlan(
        targets=tuple(map(target, request.operands)),
        policy=Policy(limits=timeout(0.0), steps=steps, sweep_limit=request.wait),
        keep_root=request.keep_root,
        also=tuple({scope: None for scopes in request.also for scope in scopes}),
        dry_run=request.dry_run,
        tell=request.json,
    )


def target(text: str) -> Target:
    """Read an operand: `4711`, or `@FILE` for the pid in a file; ValueError for anything else."""
    if text == "@":
        raise ValueError("'@' needs the name of a pid file, as in @/run/server.pid")
    if text.startswith("@"):
        return Target(operand=text, file=text[1:])
    return Target(operand=text, pid=pid_in(text))


def pid_in(text: str) -> int:
    """Return the pid that a text consists of; ValueError where it could be nobody's to kill."""
    if text[:1] == "-" and text[1:].isdigit():
        raise ValueError(f"{quoted(text)} is negative: process groups are ended by --also group")
    if not (text.isascii() and text.isdigit()) or len(text) > 10 or int(text) > _LARGEST_PID:
        raise ValueError(f"{quoted(text)} is not a process ID")
    pid = int(text)
    if pid < 2:
        why = "the system's first process, which is not ended" if pid else "not a process ID"
        raise ValueError(f"{pid} is {why}")
    return pid


def scopes(text: str) -> tuple[str, ...]:
    """Read the value of --also: `session,cgroup`; ValueError for anything else."""
    found = tuple(text.split(","))
    if odd := [one for one in found if one not in SCOPES]:
        raise ValueError(f"{quoted(odd[0])} is none of {', '.join(SCOPES)}")
    return found


def at_rest(found: list[int]) -> bool:
    """Tell whether to stop looking, from how many were new in each round so far."""
    quiet = len(found) >= _QUIET and not any(found[-_QUIET:])
    return quiet or len(found) >= _MOST_ROUNDS
