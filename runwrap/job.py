"""One job from its Plan to its Outcome: look round, prepare, start, watch, and let go."""

import gc
import os
import time

from runwrap.containment import GROUP, LEADER, MEMBERS, choose
from runwrap.guard.guardian import delegate
from runwrap.launch import SHARED, Launch, OpenTimeout, StartError, blame
from runwrap.launch.inherited import environment
from runwrap.launch.scene import Scene
from runwrap.launch.spawn import find, spawn
from runwrap.model.limits import TIMEOUT
from runwrap.model.outcome import Outcome
from runwrap.watch.loop import Supervisor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from runwrap.containment.contract import Containment
    from runwrap.launch import Program
    from runwrap.model.plan import Plan
    from runwrap.watch.loop import Observer

    _Made = TypeVar("_Made")
    _Delegate = Callable[[Scene, Containment, Callable[[], Outcome]], Outcome]


def run(plan: "Plan", observe: "Observer") -> Outcome:
    """Run a job and return how it ended; a start that failed is an Outcome as well.

    This process is given over to it: its signals are taken, and every child of it is reaped.
    """
    start, command = time.monotonic(), plan.name
    try:
        scene = Scene(plan, start)
        launch = _prepare(plan, scene)
        lasting = plan.policy.leak == "allow"
        containment = _blaming(plan, lambda: choose(plan.contain, lasting=lasting))
        # The script has begun without garbage collection. From here on it is worth while, but not
        # of what there is already: to look at it would be to copy it, in the guardian and here.
        gc.freeze()
        gc.enable()
        if containment.wants_guardian:
            way = _way_to_delegate(plan)
            return way(scene, containment, lambda: _run(launch, scene, containment, observe))
    except StartError as error:
        return Outcome(command=command, failure=error.failure)
    except OpenTimeout as late:
        return Outcome(
            command=command,
            reason=TIMEOUT,
            limit=plan.policy.timeout,
            elapsed=time.monotonic() - start,
            opening=late.path,
        )
    return _run(launch, scene, containment, observe)


def _run(launch: Launch, scene: Scene, containment: "Containment", observe: "Observer") -> Outcome:
    """Start the job and watch over it to its end."""
    terminal = scene.terminal
    try:
        _blaming(launch.plan, containment.prepare)
        supervisor = _start(launch, scene, containment, observe)
        if scene.guest_in_group:
            # In the session, but outside of the group, we would keep the kernel from seeing that
            # the group is orphaned: a terminal could stop it then, though nobody continues it.
            os.setsid()
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
        elapsed=time.monotonic() - scene.start if error.stages else 0.0,
    )


def _blaming(plan: "Plan", step: "Callable[[], _Made]") -> "_Made":
    """Do a step of the containment; raise StartError where this tier can't be had."""
    try:
        return step()
    except OSError as error:
        raise blame("containment", plan.contain, error, detail=str(error.strerror)) from error


def _way_to_delegate(plan: "Plan") -> "_Delegate":
    if plan.contain == "strict":
        from runwrap.guard import pidns as sealed

        return sealed.delegate
    return delegate


def _signal_scope(plan: "Plan", scene: Scene) -> str:
    if plan.policy.lone:
        return LEADER
    return MEMBERS if scene.place == SHARED else GROUP


def _prepare(plan: "Plan", scene: Scene) -> Launch:
    """Settle all that can be before there is a guardian: each page it writes is copied first."""
    every = environment(plan.environment)
    return Launch(
        plan=plan,
        programs=_programs(plan, every),
        caller=scene.caller,
        queue=scene.queue,
        files=scene.files,
        place=scene.place,
        group=scene.group,
    )


def _programs(plan: "Plan", every: dict[bytes, bytes]) -> "tuple[Program, ...]":
    if plan.staged:
        from runwrap.watch.pipeline import programs

        return programs(plan, every)
    argv = plan.stages[0].argv
    return ((argv, every, find(plan, argv[0], every)),)


def _start(
    launch: Launch, scene: Scene, containment: "Containment", observe: "Observer"
) -> Supervisor:
    """Start the command, or the pipeline; return who watches over it."""
    terminal, cgroup = scene.terminal, containment.cgroup_fd
    # A guardian in a PID namespace has no number for the group.
    launch, plan = launch.replace(cgroup=cgroup, group=scene.group), launch.plan
    if terminal and terminal.offer():
        launch = launch.replace(terminal=terminal.descriptor)
    signal_scope = _signal_scope(plan, scene)
    scene.about_to_start()
    try:
        if plan.staged:
            from runwrap.watch.pipeline import start

            return start(launch, scene, containment, signal_scope, observe)
        pid = spawn(launch, launch.programs[0], launch.files)
    except StartError:
        if terminal:
            terminal.take_back()
        raise
    group = scene.group if scene.shares_group else pid
    containment.adopt(pid, group, signal_scope, stops=terminal is not None)
    return Supervisor(plan, scene, containment, observe, pid, group)
