"""One job from its Plan to its Outcome: prepare, start, watch, and let go."""

import gc
import os
import time

from runwrap.containment import GROUP, LEADER, MEMBERS, kill_all
from runwrap.containment.tiers import choose
from runwrap.guard import Guardian
from runwrap.guard.front import Front
from runwrap.launch import SHARED, ChildSetup, OpenTimeout, StartError, Streams, blame
from runwrap.launch.inherited import environment, inspect
from runwrap.launch.placement import Placement, act_as_timeout
from runwrap.launch.spawn import programs, spawn
from runwrap.model.escalation import GNU, TIMEOUT
from runwrap.model.outcome import Outcome
from runwrap.model.signals import ALRM, NOT_TERMINATING
from runwrap.watch import Leaders
from runwrap.watch.loop import Supervisor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeVar

    from runwrap.containment.contract import Containment
    from runwrap.launch import Program
    from runwrap.launch.inherited import Inherited
    from runwrap.model.notices import Observer
    from runwrap.model.plan import Plan
    from runwrap.native import SignalQueue

    _Made = TypeVar("_Made")


def run(plan: "Plan", observe: "Observer") -> Outcome:
    """Run a job and return how it ended; a start that failed is an Outcome as well.

    This process is given over to it: its signals are taken, and every child of it is reaped.
    """
    front = Front(inspect())
    started = begin(front, plan, observe)
    return front.wait(started) if isinstance(started, Guardian) else started


def begin(front: Front, plan: "Plan", observe: "Observer") -> "Guardian | Outcome":
    """Begin a job: return the guardian that has it, or its outcome where there is no guardian.

    Without one, as in the tier `group` and as PID 1, it has been run to its end.
    """
    start = time.monotonic()
    try:
        return _begin(front, plan, observe, start)
    except StartError as error:
        return Outcome(command=plan.name, failure=error.failure)
    except OpenTimeout as late:
        return Outcome(
            command=plan.name,
            reason=TIMEOUT,
            limit=plan.policy.timeout,
            elapsed=time.monotonic() - start,
            opening=late.path,
        )


def _begin(front: Front, plan: "Plan", observe: "Observer", start: float) -> "Guardian | Outcome":
    inherited = front.inherited.with_defaults(plan.defaulted)
    if plan.die_with_parent:
        from runwrap.guard.parent_death import follow_parent

        front.watched = follow_parent()
    # Before any signal is blocked: the opening of a FIFO may take for ever.
    streams = _open_streams(plan, start)
    try:
        every = programs(plan, environment(plan.environment))
        if plan.policy.rules == GNU:
            act_as_timeout(plan)
        queue = front.take_signals(_signals(plan, inherited))
        return _in_place(front, Job(plan, observe, inherited, queue, every, streams, start))
    finally:
        streams.close()


def _in_place(front: Front, job: "Job") -> "Guardian | Outcome":
    plan, placement = job.plan, job.placement
    try:
        lasting = plan.policy.leak == "allow"
        containment = _blaming(plan, lambda: choose(plan.contain, lasting=lasting))
        # The script has begun without garbage collection. Enable it now, but freeze the existing
        # objects: scanning them would copy their pages after the fork.
        gc.freeze()
        gc.enable()
        if containment.wants_guardian:
            guardian = Guardian(plan.name, job.start, placement, containment)
            front.start(guardian, lambda watched: job.run(containment, watched, front=watched))
            return guardian
    except StartError:
        placement.close()
        raise
    outcome = job.run(containment, front.watched)
    placement.close()
    return outcome


class Job:
    """A job, with all settled that can be before there is a guardian.

    Each page that the guardian writes is copied first.
    """

    def __init__(
        self,
        plan: "Plan",
        observe: "Observer",
        inherited: "Inherited",
        queue: "SignalQueue",
        programs: "tuple[Program, ...]",
        streams: Streams,
        start: float,
    ) -> None:
        self.plan, self.start = plan, start
        self.placement = Placement(plan, inherited)
        self._observe, self._inherited, self._queue = observe, inherited, queue
        self._programs, self._streams = programs, streams

    def run(self, containment: "Containment", watched: int, front: int | None = None) -> Outcome:
        """Start the job and watch over it to its end, or to that of the process `watched`.

        `front`: in a guardian its front, 0 for one outside of our PID namespace.
        """
        self._queue.front = front
        placement, terminal = self.placement, self.placement.terminal
        leaders = _leaders(self.plan, containment, self.start)
        try:
            _blaming(self.plan, containment.prepare)
            supervisor = self._supervised(containment, leaders, watched)
            if placement.guest_in_group:
                # If we stayed in the session, the kernel would not treat the group as orphaned,
                # and Ctrl-Z could stop it for good.
                os.setsid()
        except StartError as error:
            containment.close()
            return self._not_started(error)
        finally:
            self._streams.close()
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

    def _supervised(self, containment: "Containment", leaders: Leaders, watched: int) -> Supervisor:
        """Start the command, or the pipeline; return who watches over it."""
        placement, plan = self.placement, self.plan
        terminal = placement.terminal
        setup = ChildSetup(
            inherited=self._inherited,
            queue=self._queue,
            place=placement.place,
            group=placement.group,
            settings=plan.settings,
            terminal=terminal.descriptor if terminal and terminal.offer() else None,
            cgroup=containment.cgroup_fd,
        )
        placement.about_to_start()
        group = placement.group
        try:
            for pid in self._start_each(setup):
                if leaders.running:
                    containment.join(pid)
                else:
                    group = group if placement.shares_group else pid
                    scope = _signal_scope(plan, placement)
                    containment.adopt(pid, group, scope, stops=terminal is not None)
                leaders.add(pid)
        except StartError as error:
            self._undo(error, containment, leaders)
            raise
        return Supervisor(
            plan,
            placement,
            containment,
            self._queue,
            self._observe,
            leaders,
            group=group,
            start=self.start,
            watched=watched,
        )

    def _start_each(self, setup: ChildSetup) -> "Iterator[int]":
        if self.plan.pipefail is None:
            return iter((spawn(self._programs[0], setup, self._streams.common),))
        from runwrap.launch.stages import start_each

        return start_each(self._programs, self.plan.stages, setup, self._streams)

    def _undo(self, error: StartError, containment: "Containment", leaders: Leaders) -> None:
        """Kill the stages that had been started before the one that couldn't be."""
        if leaders.running:
            ended = kill_all(containment, self._queue, self.plan.policy.sweep_limit)
            for pid, status in ended:
                if not os.WIFSTOPPED(status):
                    leaders.end(pid, status)
            error.stages = leaders.ends()
            error.survivors = () if containment.empty else containment.survivors()
        if self.placement.terminal:
            self.placement.terminal.take_back()

    def _not_started(self, error: StartError) -> Outcome:
        return Outcome(
            command=self.plan.name,
            failure=error.failure,
            survivors=error.survivors,
            stages=error.stages,
            elapsed=time.monotonic() - self.start if error.stages else 0.0,
        )


def _open_streams(plan: "Plan", start: float) -> Streams:
    if not plan.redirects and not any(stage.redirects for stage in plan.stages):
        return Streams({}, [{} for _ in plan.stages])
    from runwrap.launch.redirects import open_streams

    return open_streams(plan, start + plan.policy.timeout)


def _signals(plan: "Plan", inherited: "Inherited") -> frozenset[int]:
    """Return the signals that we take: GNU's timeout leaves to itself what the caller blocked."""
    if plan.policy.rules != GNU:
        return inherited.forwardable()
    return inherited.forwardable(inherited.blocked.union(NOT_TERMINATING) - {ALRM})


def _leaders(plan: "Plan", containment: "Containment", start: float) -> Leaders:
    commands = [stage.argv[0] for stage in plan.stages]
    if not plan.metered:
        return Leaders(commands, start)
    from runwrap.watch.accounting import Accounting

    accounting = Accounting()
    containment.wait = accounting.wait
    return Leaders(commands, start, accounting)


def _blaming(plan: "Plan", step: "Callable[[], _Made]") -> "_Made":
    """Do a step of the containment; raise StartError where this tier can't be had."""
    try:
        return step()
    except OSError as error:
        raise blame("containment", plan.contain, error, detail=str(error.strerror)) from error


def _signal_scope(plan: "Plan", placement: Placement) -> str:
    if plan.policy.lone:
        return LEADER
    return MEMBERS if placement.place == SHARED else GROUP
