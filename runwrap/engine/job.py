"""One job from its Plan to its Outcome: look round, prepare, start, watch, and let go."""

import os
import time

from runwrap.containment import GROUP, LEADER, MEMBERS, choose
from runwrap.engine import (
    JOINT,
    NEW_SESSION,
    OWN_GROUP,
    SHARED,
    Launch,
    OpenTimeout,
    StartError,
    blame,
)
from runwrap.engine.caller import environment, inspect, listen_for_deaths
from runwrap.engine.guardian import delegate
from runwrap.engine.spawn import find, spawn
from runwrap.engine.supervise import Supervisor
from runwrap.model.escalation import TIMEOUT
from runwrap.model.outcome import Outcome
from runwrap.model.signals import ALRM, FROM_TERMINAL, HUP, NOT_TERMINATING, TTIN, TTOU, signal
from runwrap.native import SignalQueue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from runwrap.containment.contract import Containment
    from runwrap.engine.caller import Caller
    from runwrap.engine.supervise import Observer
    from runwrap.engine.terminal import Terminal
    from runwrap.model.plan import Plan

    _Delegate = Callable[["Scene", Containment, Callable[[], Outcome]], Outcome]


class Scene:
    """What a job finds and is given before it is started, in the process that the caller knows.

    `group` is that process's group. `front` is the process whose death ends the job, else 0: our
    parent where that was asked for, and where another process supervises, our own in there.
    """

    def __init__(self, plan: "Plan", start: float) -> None:
        """Look round and take the signals. Raise StartError, and OpenTimeout."""
        self.command, self.start = plan.name, start
        self.caller = inspect().with_defaults(plan.defaulted)
        listen_for_deaths()
        self.front = _follow_parent() if plan.die_with_parent else 0
        self.files, self.stage_files = _open_files(plan, start)
        if plan.policy.coreutils:
            _ignore_stops()
        if plan.session == JOINT:
            _lead_a_group()
        self.queue = SignalQueue(_signals(plan, self.caller))
        self.terminal = _terminal(plan, self.caller.ignored)
        self.place = _place(plan, self.terminal)
        self.group = os.getpgrp()
        self.shares_group = self.place in (SHARED, JOINT)

    def job_has(self, number: int, from_kernel: bool) -> bool:
        """Tell whether the job got a signal as well: the terminal sends it to its whole group.

        Only that the terminal is gone is told to nobody but the session's leader.
        """
        if not (from_kernel and self.shares_group and number in FROM_TERMINAL):
            return False
        return number != HUP or os.getsid(0) != os.getpid()

    def let_go(self) -> None:
        """Close what only the command is to have."""
        for files in (self.files, *self.stage_files):
            for descriptor in set(files.values()):
                os.close(descriptor)
        self.files, self.stage_files = {}, []


def run(plan: "Plan", observe: "Observer") -> Outcome:
    """Run a job and return how it ended; a start that failed is an Outcome as well.

    This process is given over to it: its signals are taken, and every child of it is reaped.
    """
    start, command = time.monotonic(), plan.name
    try:
        scene = Scene(plan, start)
        launches = _prepare(plan, scene)
        containment = _contain(plan)
        if containment.wants_guardian:
            way = _way_to_delegate(plan)
            return way(scene, containment, lambda: _run(launches, scene, containment, observe))
    except StartError as error:
        return Outcome(command=command, failure=error.failure)
    except OpenTimeout:
        elapsed = time.monotonic() - start
        return Outcome(command=command, reason=TIMEOUT, limit=plan.policy.timeout, elapsed=elapsed)
    return _run(launches, scene, containment, observe)


def _run(
    launches: tuple[Launch, ...], scene: Scene, containment: "Containment", observe: "Observer"
) -> Outcome:
    """Start the job and watch over it to its end."""
    terminal = scene.terminal
    try:
        _make_ready(launches[0].plan, containment)
        supervisor = _start(launches, scene, containment, observe)
    except StartError as error:
        containment.close()
        return _not_started(error, scene)
    finally:
        scene.let_go()
    try:
        supervisor.watch()
    except BaseException:
        supervisor.abandon()
        raise
    finally:
        containment.close()
        if terminal:
            terminal.take_back()
    return supervisor.outcome()


def _not_started(error: StartError, scene: Scene) -> Outcome:
    return Outcome(
        command=scene.command,
        failure=error.failure,
        survivors=error.survivors,
        stages=error.stages.all() if error.stages else (),
        elapsed=time.monotonic() - scene.start,
    )


def _signals(plan: "Plan", caller: "Caller") -> frozenset[int]:
    """Return the signals that we take: GNU's timeout leaves to itself what the caller blocked."""
    if not plan.policy.coreutils:
        return caller.forwardable()
    return caller.forwardable(caller.blocked.union(NOT_TERMINATING) - {ALRM})


def _open_files(plan: "Plan", start: float) -> "tuple[dict[int, int], list[dict[int, int]]]":
    """Open what redirections name, of the job and of each stage of a pipeline.

    OpenTimeout if the time limit passed meanwhile.
    """
    if not plan.redirects and not any(stage.redirects for stage in plan.stages):
        return {}, [{} for _ in plan.stages]
    from runwrap.engine.files import check_copies, open_all, open_stages

    deadline = start + plan.policy.timeout
    files = open_all(plan.redirects, deadline)
    check_copies(plan.stages[-1], files)
    return files, open_stages(plan.stages, deadline)


def _lead_a_group() -> None:
    """Become the leader of a process group that the command will share, as GNU's timeout does."""
    if os.getsid(0) != os.getpid():  # a session's leader leads a group already
        os.setpgid(0, 0)


def _ignore_stops() -> None:
    """Leave it to the command to be stopped for using the terminal in the background."""
    for number in (TTIN, TTOU):
        signal.signal(number, signal.SIG_IGN)


def _follow_parent() -> int:
    from runwrap.engine.bereaved import follow_parent

    return follow_parent()


def _contain(plan: "Plan") -> "Containment":
    try:
        return choose(plan.contain, lasting=plan.policy.leak == "allow")
    except OSError as error:
        raise blame("containment", plan.contain, error, detail=str(error.strerror)) from error


def _make_ready(plan: "Plan", containment: "Containment") -> None:
    try:
        containment.prepare()
    except OSError as error:
        raise blame("containment", plan.contain, error, detail=str(error.strerror)) from error


def _way_to_delegate(plan: "Plan") -> "_Delegate":
    if plan.contain == "strict":
        from runwrap.engine import sealed

        return sealed.delegate
    return delegate


def _terminal(plan: "Plan", ignored: frozenset[int]) -> "Terminal | None":
    """Return our controlling terminal, where the job is to share it."""
    if plan.session in ("new", JOINT) or plan.policy.coreutils:
        return None
    try:
        descriptor = os.open("/dev/tty", os.O_RDWR | os.O_CLOEXEC | os.O_NOCTTY)
    except OSError:
        return None
    from runwrap.engine.terminal import Terminal

    return Terminal(descriptor, ignored, may_be_apart=plan.session == "auto")


def _place(plan: "Plan", terminal: "Terminal | None") -> str:
    if plan.session == JOINT:
        return JOINT
    if plan.session == "foreground":
        return SHARED
    if terminal is None:
        return NEW_SESSION
    return OWN_GROUP if terminal.apart else SHARED


def _reach(plan: "Plan", scene: Scene) -> str:
    if plan.policy.lone:
        return LEADER
    return MEMBERS if scene.place == SHARED else GROUP


def _prepare(plan: "Plan", scene: Scene) -> tuple[Launch, ...]:
    """Settle all that can be before there is a guardian: each page it writes is copied first."""
    every = environment(plan.environment)
    launch = Launch(
        plan=plan,
        argv=plan.stages[0].argv,
        caller=scene.caller,
        queue=scene.queue,
        environment=every,
        paths=[] if plan.staged else find(plan, plan.stages[0].argv[0], every),
        files=scene.files,
        place=scene.place,
        group=scene.group,
    )
    if not plan.staged:
        return (launch,)
    from runwrap.engine.pipeline import launch_each

    return launch_each(launch)


def _start(
    launches: tuple[Launch, ...], scene: Scene, containment: "Containment", observe: "Observer"
) -> Supervisor:
    """Start the command, or the pipeline; return who watches over it."""
    terminal, cgroup = scene.terminal, containment.birthplace
    # A guardian in a PID namespace has no number for the group.
    if cgroup is not None or launches[0].group != scene.group:
        launches = tuple(one.replace(cgroup=cgroup, group=scene.group) for one in launches)
    launch, plan = launches[0], launches[0].plan
    if terminal and terminal.offer():
        launch = launch.replace(terminal=terminal.descriptor)
    reach = _reach(plan, scene)
    try:
        if plan.staged:
            from runwrap.engine.pipeline import start

            return start((launch, *launches[1:]), scene, containment, reach, observe)
        pid = spawn(launch)
    except StartError:
        if terminal:
            terminal.take_back()
        raise
    group = scene.group if scene.shares_group else pid
    containment.adopt(pid, group, reach, stops=terminal is not None)
    return Supervisor(plan, scene, containment, observe, pid, group)
