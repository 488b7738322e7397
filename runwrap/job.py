"""One job from its Plan to its Outcome: prepare, start, watch, and let go."""

import gc
import os
import time

from runwrap.containment import GROUP, LEADER, MEMBERS, Containment, kill_all
from runwrap.containment.reaper import Reaper
from runwrap.guard import Guardian
from runwrap.guard.front import Front
from runwrap.launch import (
    SHARED,
    ChildSetup,
    OpenTimeout,
    Placement,
    StartError,
    Streams,
    act_as_timeout,
    blame,
)
from runwrap.launch.inherited import environment, inspect
from runwrap.launch.spawn import programs, spawn
from runwrap.model.escalation import GNU, TIMEOUT
from runwrap.model.outcome import Outcome
from runwrap.model.signals import ALRM, NOT_TERMINATING
from runwrap.native import set_subreaper
from runwrap.watch import Leaders
from runwrap.watch.loop import Supervisor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeVar

    from runwrap.launch.inherited import Inherited
    from runwrap.model.notices import Observer
    from runwrap.model.plan import Plan

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
        return _Job(front, plan, observe, start).begin()
    except StartError as error:
        return Outcome(command=plan.name, failure=error.failure)
    except OpenTimeout as late:
        elapsed, limit = time.monotonic() - start, plan.policy.timeout
        late_one = Outcome(command=plan.name, reason=TIMEOUT, limit=limit, elapsed=elapsed)
        return late_one.replace(opening=late.path)


class _Job:
    """A job, with all settled that can be before there is a guardian.

    Each page that the guardian writes is copied first.
    """

    def __init__(self, front: Front, plan: "Plan", observe: "Observer", start: float) -> None:
        """Raise StartError, or OpenTimeout."""
        self._front, self._plan, self._observe, self._start = front, plan, observe, start
        self._inherited = front.inherited.with_defaults(plan.defaulted)
        if plan.die_with_parent:
            from runwrap.guard.parent_death import follow_parent

            front.watched = follow_parent()
        # Before any signal is blocked: the opening of a FIFO may take for ever.
        self._streams = _open_streams(plan, start)
        try:
            self._programs = programs(plan, environment(plan.environment))
        except StartError:
            self._streams.close()
            raise
        if plan.policy.rules == GNU:
            act_as_timeout(plan)
        self._queue = front.take_signals(_signals(plan, self._inherited))
        self._placement = Placement(plan, self._inherited)

    def begin(self) -> "Guardian | Outcome":
        """Fork a guardian that runs the job, or run it where none is wanted. Raise StartError."""
        placement = self._placement
        try:
            containment = self._blaming(lambda: _contain(self._plan))
            # The script has begun without garbage collection. Enable it now, but freeze the
            # existing objects: scanning them would copy their pages after the fork.
            gc.freeze()
            gc.enable()
            if not containment.wants_guardian:
                outcome = self._run(containment, self._front.watched, None)
                placement.close()
                return outcome
            guardian = Guardian(self._plan.name, self._start, placement, containment)
            self._front.start(guardian, lambda front: self._run(containment, front, front))
            return guardian
        except StartError:
            placement.close()
            raise
        finally:
            self._streams.close()

    def _run(self, containment: "Containment", watched: int, front: int | None) -> Outcome:
        """Start the job and watch over it to its end, or to that of the process `watched`.

        `front`: in a guardian its front, 0 for one outside of our PID namespace.
        """
        self._queue.front = front
        try:
            self._blaming(containment.prepare)
            supervisor = self._supervised(containment, watched)
            if self._placement.guest_in_group:
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
            if self._placement.terminal:
                self._placement.terminal.take_back()
        return supervisor.outcome()

    def _supervised(self, containment: "Containment", watched: int) -> Supervisor:
        """Start the command, or the pipeline; return who watches over it."""
        plan, placement, leaders = self._plan, self._placement, self._leaders(containment)
        terminal, group = placement.terminal, placement.group
        setup = ChildSetup(
            inherited=self._inherited,
            queue=self._queue,
            place=placement.place,
            group=group,
            environment={},
            files={},
            settings=plan.settings,
            has_terminal=terminal is not None,
            terminal=terminal.descriptor if terminal and terminal.offer() else None,
            cgroup=containment.cgroup_fd,
        )
        placement.about_to_start()
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
            plan, placement, containment, self._queue, self._observe, leaders,
            group=group, start=self._start, watched=watched,
        )  # fmt: skip

    def _leaders(self, containment: "Containment") -> Leaders:
        commands = [stage.argv[0] for stage in self._plan.stages]
        if not self._plan.metered:
            return Leaders(commands, self._start)
        from runwrap.watch.accounting import Accounting

        accounting = Accounting()
        containment.wait = accounting.wait
        return Leaders(commands, self._start, accounting)

    def _start_each(self, setup: ChildSetup) -> "Iterator[int]":
        if self._plan.pipefail is None:
            return iter((spawn(self._programs[0], setup, self._streams.common),))
        from runwrap.launch.stages import start_each

        return start_each(self._programs, self._plan.stages, setup, self._streams)

    def _undo(self, error: StartError, containment: "Containment", leaders: Leaders) -> None:
        """Kill the stages that had been started before the one that couldn't be."""
        if leaders.running:
            ended = kill_all(containment, self._queue, self._plan.policy.sweep_limit)
            for pid, status in ended:
                if not os.WIFSTOPPED(status):
                    leaders.end(pid, status)
            error.stages = leaders.ends()
            error.survivors = () if containment.empty else containment.survivors()
        if self._placement.terminal:
            self._placement.terminal.take_back()

    def _not_started(self, error: StartError) -> Outcome:
        outcome = Outcome(command=self._plan.name, failure=error.failure, survivors=error.survivors)
        if not error.stages:
            return outcome
        return outcome.replace(stages=error.stages, elapsed=time.monotonic() - self._start)

    def _blaming(self, step: "Callable[[], _Made]") -> "_Made":
        """Do a step of the containment; raise StartError where this tier can't be had."""
        try:
            return step()
        except OSError as error:
            detail = str(error.strerror)
            raise blame("containment", self._plan.contain, error, detail) from error


def _contain(plan: "Plan") -> "Containment":
    """Return a containment of the tier asked for; OSError where it can't be had."""
    if plan.contain in ("auto", "reaper") and set_subreaper():
        return Reaper()
    from runwrap.containment.tiers import choose

    return choose(plan.contain, lasting=plan.policy.leak == "allow")


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


def _signal_scope(plan: "Plan", placement: Placement) -> str:
    if plan.policy.lone:
        return LEADER
    return MEMBERS if placement.place == SHARED else GROUP
