"""What was asked and what will be done: every default filled in, nothing touched yet."""

from runwrap.model import Record
from runwrap.model.durations import INFINITE
from runwrap.model.escalation import Policy, Step
from runwrap.model.limits import timeout
from runwrap.model.signals import (
    ALRM,
    CHLD,
    INT,
    KILL,
    PIPE,
    QUIT,
    STOP,
    TERM,
    TTIN,
    TTOU,
)

_NAMED_AT_MOST = 5  # stages
JOINT = "joint"  # session and place: in a group that runwrap leads, as GNU's timeout does
GRACE = 10.0  # seconds between the stop signal and the kill, where -k says nothing


class Request(Record):
    """One invocation, as the face understood it. Durations are seconds, signals are numbers.

    None means that an option was not given, where that differs from its default. `text` is what
    `file` holds.
    """

    command: str = "run"
    operands: tuple[str, ...] = ()
    file: str | None = None
    text: str | None = None
    pipefail: str = "sigpipe-ok"
    timeout: float = INFINITE
    kill_after: float | None = None
    signal: int | None = None
    escalate: tuple[Step, ...] | None = None
    foreground: bool = False
    session: str | None = None
    chdir: str | None = None
    env: tuple[tuple[str, str], ...] = ()
    unset: tuple[str, ...] = ()
    clean_env: bool = False
    stdin: str | None = None
    stdout: str | None = None
    stderr: str | None = None
    append: bool = False
    umask: int | None = None
    nice: int | None = None
    leak: str = ""
    leak_timeout: float = 0.2
    contain: str = "auto"
    die_with_parent: bool = False
    preserve_status: bool = False
    verbose: bool = False
    report: str | None = None
    dry_run: bool = False
    json: bool = False


class Environment(Record):
    """How the command's environment differs from the caller's: cleared, then unset, then set."""

    clear: bool = False
    unset: tuple[str, ...] = ()
    set: tuple[tuple[str, str], ...] = ()


class Redirect(Record):
    """A file that takes the place of the caller's descriptor `target` (0, 1 or 2)."""

    target: int
    path: str
    append: bool = False


class Duplicate(Record):
    """The stream `target` becomes a copy of what `source` is at that moment: `2>&1`."""

    target: int
    source: int


MERGE = Duplicate(target=2, source=1)  # what |& adds to the stage before it


class Stage(Record):
    """One command: all of a job, or a part of its pipeline.

    `redirects` hold from left to right, after the pipes have become streams 0 and 1; `|&` is the
    last of them. Of assignments to one variable the last holds.
    """

    argv: tuple[str, ...]
    assignments: tuple[tuple[str, str], ...] = ()
    redirects: "tuple[Redirect | Duplicate, ...]" = ()


class Plan(Record):
    """One job, decided. Two equal plans do the same thing.

    Each of the `stages` writes into the next; the files of `redirects` are for all of them.
    `pipefail` is the rule for a pipeline's status, None where there is only a command. `detailed`:
    who runs is looked up before the job is stopped. `metered`: what it uses is measured.
    `defaulted` are signals that the command gets as by default, even if the caller ignores them;
    they are forwarded, too.
    """

    stages: tuple[Stage, ...]
    policy: Policy
    pipefail: str | None = None
    detailed: bool = False
    metered: bool = False
    session: str = "auto"
    contain: str = "auto"
    die_with_parent: bool = False
    environment: Environment = Environment()
    redirects: tuple[Redirect, ...] = ()
    chdir: str | None = None
    umask: int | None = None
    nice: int | None = None
    defaulted: frozenset[int] = frozenset()

    @property
    def name(self) -> str:
        """Return what people call the job: its command, or its commands with bars between."""
        names = [stage.argv[0] for stage in self.stages]
        if len(names) > _NAMED_AT_MOST:
            names[2:-1] = ["..."]
        return " | ".join(names)

    @property
    def staged(self) -> bool:
        """Tell whether the job is watched over stage by stage, even if it is a single command."""
        return self.pipefail is not None or self.metered


def decide(request: Request) -> Plan:
    """Turn a request into a plan; ValueError for what contradicts itself or can't be read."""
    if request.contain == "strict" and request.leak == "allow":
        raise ValueError("--leak allow contradicts --contain strict, which nothing outlives")
    if request.command == "timeout":
        return _like_coreutils(request)
    if request.json and not request.dry_run:
        raise ValueError("--json needs --dry-run")
    return Plan(
        stages=_stages(request),
        policy=_policy(request),
        pipefail=request.pipefail if request.command == "pipe" else None,
        detailed=request.verbose or request.report is not None,
        metered=request.report is not None or (request.verbose and request.command == "pipe"),
        session=_session(request),
        contain=request.contain,
        die_with_parent=request.die_with_parent,
        environment=Environment(clear=request.clean_env, unset=request.unset, set=request.env),
        redirects=_redirects(request),
        chdir=request.chdir,
        umask=request.umask,
        nice=request.nice,
        # A service manager may ignore it, and then `yes | head` would never end.
        defaulted=frozenset((PIPE,) if request.command == "pipe" else ()),
    )


def _stages(request: Request) -> tuple[Stage, ...]:
    if request.command == "pipe":
        from runwrap.model.pipeline import stages_of

        return stages_of(request)
    if not request.operands:
        raise ValueError("no command given; see 'runwrap --help'")
    if not request.operands[0] and request.command == "run":
        raise ValueError("the command's name is empty")
    return (Stage(argv=request.operands),)


def _session(request: Request) -> str:
    if not request.foreground:
        return request.session or "auto"
    if request.session not in (None, "foreground"):
        raise ValueError(f"--foreground contradicts --session {request.session}")
    return "foreground"


def _policy(request: Request) -> Policy:
    armed = () if request.kill_after is None else (TERM, INT, QUIT)
    return Policy(
        limits=timeout(request.timeout or INFINITE),
        steps=_steps(request),
        armed=frozenset(armed),
        kill_after=GRACE if request.kill_after is None else request.kill_after,
        leak=request.leak or "kill",
        leak_timeout=request.leak_timeout,
    )


def _like_coreutils(request: Request) -> Plan:
    """Return what GNU's timeout does: no kill but by -k, and leaks are nobody's affair."""
    from runwrap.model.gnu_escalation import policy_of

    stop = TERM if request.signal is None else request.signal
    return Plan(
        stages=_stages(request),
        policy=policy_of(request),
        session="foreground" if request.foreground else JOINT,
        contain=request.contain,
        defaulted=frozenset((stop, ALRM, CHLD, TTIN, TTOU)) - {0, KILL, STOP},
    )


def _steps(request: Request) -> tuple[Step, ...]:
    """Return the steps before the kill, which is always the last and is not among them."""
    if request.escalate is None:
        stop = TERM if request.signal is None else request.signal
        grace = GRACE if request.kill_after is None else request.kill_after
        return () if stop == KILL or grace == 0 else (Step(signal=stop, grace=grace),)
    for option, value in (("--signal", request.signal), ("--kill-after", request.kill_after)):
        if value is not None:
            raise ValueError(f"--escalate says it all: leave out {option}")
    return request.escalate


def _redirects(request: Request) -> tuple[Redirect, ...]:
    if request.append and request.stdout is None and request.stderr is None:
        raise ValueError("--append needs --stdout or --stderr")
    asked = ((0, request.stdin, False), (1, request.stdout, request.append),
             (2, request.stderr, request.append))  # fmt: skip
    return tuple(
        Redirect(target=target, path=path, append=append)
        for target, path, append in asked
        if path is not None
    )
