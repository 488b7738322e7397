"""From a Request to a Plan: what contradicts itself is refused here, before anything is touched."""

from runwrap.model.durations import INFINITE
from runwrap.model.escalation import GRACE, Policy, Step, timeout
from runwrap.model.plan import JOINT, SETTINGS, Environment, Plan, Redirect, Stage
from runwrap.model.request import Request
from runwrap.model.signals import ALRM, CHLD, INT, KILL, PIPE, QUIT, STOP, TERM, TTIN, TTOU


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
        settings=tuple(
            (name, value) for name in SETTINGS if (value := getattr(request, name)) is not None
        ),
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
    grace = GRACE if request.kill_after is None else request.kill_after
    return Policy(
        limits=timeout(request.timeout or INFINITE),
        steps=_steps(request, grace),
        armed=frozenset(() if request.kill_after is None else (TERM, INT, QUIT)),
        kill_after=grace,
        leak=request.leak or "kill",
        leak_timeout=request.leak_timeout,
    )


def _like_coreutils(request: Request) -> Plan:
    """Return what GNU's timeout does: no kill but by -k, and leaks live on by default."""
    from runwrap.model.gnu_escalation import policy_of

    stop = TERM if request.signal is None else request.signal
    return Plan(
        stages=_stages(request),
        policy=policy_of(request),
        session="foreground" if request.foreground else JOINT,
        contain=request.contain,
        preserve_status=request.preserve_status,
        defaulted=frozenset((stop, ALRM, CHLD, TTIN, TTOU)) - {0, KILL, STOP},
    )


def _steps(request: Request, grace: float) -> tuple[Step, ...]:
    """Return the steps before the kill, which is always the last and is not among them."""
    if request.escalate is None:
        stop = TERM if request.signal is None else request.signal
        return () if stop == KILL or grace == 0 else (Step(signal=stop, grace=grace),)
    if request.signal is not None or request.kill_after is not None:
        option = "--kill-after" if request.signal is None else "--signal"
        raise ValueError(f"--escalate says it all: leave out {option}")
    return request.escalate


def _redirects(request: Request) -> tuple[Redirect, ...]:
    if request.append and request.stdout is None and request.stderr is None:
        raise ValueError("--append needs --stdout or --stderr")
    return tuple(
        Redirect(target=target, path=path, append=request.append and target > 0)
        for target, path in enumerate((request.stdin, request.stdout, request.stderr))
        if path is not None
    )
