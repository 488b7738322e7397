"""A pipeline as one job: its stages are started together, watched over, and ended together."""

import os
import time

from runwrap.guard.sweep import kill_all
from runwrap.launch import StartError
from runwrap.launch.spawn import find
from runwrap.launch.stages import Stages, start_each
from runwrap.model.escalation import KILLING
from runwrap.model.signals import STOP, TSTP
from runwrap.watch.loop import Supervisor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.containment.contract import Containment
    from runwrap.launch import Launch, Program
    from runwrap.launch.scene import Scene
    from runwrap.model.outcome import Outcome
    from runwrap.model.plan import Plan
    from runwrap.watch.loop import Observer

_STOPPING = 0.2  # seconds in which a stop signal reaches whoever obeys it, on a busy machine too


def programs(plan: "Plan", every: dict[bytes, bytes]) -> "tuple[Program, ...]":
    """Return the program of each stage; `every` is the environment. Raise StartError."""
    known: dict[tuple[str, bytes | None], list[str]] = {}
    found = []
    for stage in plan.stages:
        name, environment = stage.argv[0], every
        if stage.assignments:
            added = {os.fsencode(one): os.fsencode(text) for one, text in stage.assignments}
            environment = environment | added
        path = environment.get(b"PATH")
        paths = known.get((name, path)) or find(plan, name, environment)
        known[name, path] = paths
        found.append((stage.argv, environment, paths))
    return tuple(found)


def start(
    launch: "Launch",
    scene: "Scene",
    containment: "Containment",
    signal_scope: str,
    observe: "Observer",
) -> Supervisor:
    """Start every stage; where one can't be, those before it are killed. Raise StartError then."""
    plan = launch.plan
    stages = _stages(plan, containment, scene.start)
    group = scene.group
    try:
        for pid in start_each(launch, scene.stage_files):
            if stages.running:
                containment.join(pid)
            else:
                group = group if scene.shares_group else pid
                containment.adopt(pid, group, signal_scope, stops=scene.terminal is not None)
            stages.add(pid)
    except StartError as error:
        if stages.running:
            kill_all(containment, scene.queue, plan.policy.sweep_limit)
            error.stages = stages
            error.survivors = () if containment.empty else containment.survivors()
        raise
    return _PipelineSupervisor(plan, scene, containment, observe, group, stages)


def _stages(plan: "Plan", containment: "Containment", start: float) -> Stages:
    if not plan.metered:
        return Stages()
    from runwrap.watch.accounting import AccountedStages

    stages = AccountedStages(plan, start)
    containment.wait = stages.wait
    return stages


class _PipelineSupervisor(Supervisor):
    """Watches over a job that has several leaders: it has ended when all of them have.

    A stop signal of the terminal is meant for all of them, even for one that wasn't started yet or
    ignores it, so the first that stops tells of the job; of SIGSTOP it is the last. The others are
    given a moment: one that waits for the terminal's input, and hasn't run since, would still take
    what is typed for the shell.
    """

    def __init__(
        self,
        plan: "Plan",
        scene: "Scene",
        containment: "Containment",
        observe: "Observer",
        group: int,
        stages: Stages,
    ) -> None:
        super().__init__(plan, scene, containment, observe, stages.first, group)
        self._stages = stages
        self._stopped_by = 0
        self._stop_due = 0.0
        self._culprit: tuple[int, str] | None = None

    def _patience(self) -> float:
        if not self._stopped_by:
            return super()._patience()
        return min(super()._patience(), self._stop_due - time.monotonic())

    def _reap(self) -> None:
        super()._reap()
        stages, number = self._stages, self._stopped_by
        if not number or (time.monotonic() < self._stop_due and not self._all_obeyed(number)):
            return
        # Only now: when this returns they run again, and what else was heard of stops is history.
        self._stopped_by = 0
        if stages.are_stopped_by(number) and self._state.phase != KILLING:
            self._stopped(number)
            stages.stopped.clear()

    def _all_obeyed(self, number: int) -> bool:
        """Tell whether nobody is left to wait for: after SIGSTOP the others may be about to die."""
        return number != STOP and self._stages.stopped == self._stages.running

    def _changed(self, pid: int, status: int) -> None:
        stages = self._stages
        if os.WIFSTOPPED(status):
            stages.stopped.add(pid)
            self._note_stop(os.WSTOPSIG(status))
            return
        stages.end(pid, status)
        if stages.running:
            self._note_stop(STOP)  # it may have been the last that kept the job running
            return
        number, status = stages.verdict(self._plan.pipefail or "last")
        if number < len(self._plan.stages) - 1:
            self._culprit = number + 1, self._plan.stages[number].argv[0]
        self._ended(status)

    def _note_stop(self, number: int) -> None:
        if not self._stages.are_stopped_by(number):
            return
        if not self._stopped_by:
            self._stop_due = time.monotonic() + _STOPPING
        if number != STOP or not self._stopped_by:
            self._stopped_by = number

    def _left_stopped(self) -> bool:
        return self._stages.are_stopped_by(TSTP)

    def outcome(self) -> "Outcome":
        """Return how it ended, and how each of its stages did."""
        cpu, memory = self._stages.used()
        return (
            super()
            .outcome()
            .replace(
                culprit=self._culprit,
                contain=self._containment.name,
                stages=self._stages.all(),
                cpu=cpu,
                memory=memory,
            )
        )
