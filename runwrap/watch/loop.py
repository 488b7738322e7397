"""The one loop: wait for a signal or the next due instant, reap, decide, act."""

import os
import time

from runwrap.guard.sweep import kill_all
from runwrap.model.escalation import (
    ABANDONED,
    CAUGHT,
    CHANGED,
    EMPTY,
    ENDED,
    KILL_INTERVAL,
    KILLING,
    OVER,
    PAUSED,
    TICK,
    Action,
    Event,
    begin,
    escalate,
)
from runwrap.model.outcome import Outcome, Process, Sent
from runwrap.model.signals import CHLD, CONT, KILL, STOPS, TSTP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from runwrap.containment.contract import Containment
    from runwrap.launch.scene import Scene
    from runwrap.model.plan import Plan

    Observer = Callable[[int, tuple[Process, ...]], None]


class Supervisor:
    """Watches over one job that has been started, until nothing of it is left."""

    def __init__(
        self,
        plan: "Plan",
        scene: "Scene",
        containment: "Containment",
        observe: "Observer",
        leader: int,
        group: int,
    ) -> None:
        """`observe` is told of each signal that we choose, and with the first who is running.

        `group` is the job's process group.
        """
        self._plan, self._containment, self._observe = plan, containment, observe
        self._terminal, self._queue, self._start = scene.terminal, scene.queue, scene.start
        self._scene, self._watched = scene, scene.watched
        self._state = begin(plan.policy, self._start)
        self._leader, self._group = leader, group
        self._status: int | None = None
        self._was_stopped = False
        self._sent: list[Sent] = []
        self._running: tuple[Process, ...] = ()
        self._leaks: tuple[Process, ...] = ()
        self._survivors: tuple[Process, ...] = ()

    def watch(self) -> None:
        """Run the job to its end."""
        while self._state.phase != OVER:
            if self._watched not in (0, os.getppid()):  # SIGCHLD has told of it
                self._watched = 0
                self._feed(Event(kind=ABANDONED))
            caught = self._queue.wait(self._patience())
            self._was_stopped = False
            # First of all: a command that ended by itself in time has not been timed out.
            self._reap()
            if caught is not None and caught[0] != CHLD:
                self._take(*caught)
            if time.monotonic() >= self._state.due or caught is None:
                self._feed(Event(kind=TICK))

    def abandon(self) -> None:
        """Kill everything at once: we have failed ourselves, and nothing may be left running."""
        kill_all(self._containment, self._queue, self._plan.policy.sweep_limit)

    def _patience(self) -> float:
        """Return the seconds to wait: up to the next due instant, or look where no event tells."""
        due = self._state.due - time.monotonic()
        if self._state.phase == KILLING:
            return min(due, KILL_INTERVAL)
        return due if self._status is None else min(due, self._containment.poll_interval)

    def _reap(self) -> None:
        for pid, status in self._containment.reap():
            self._changed(pid, status)
        if self._containment.empty:
            self._feed(Event(kind=EMPTY))
        elif self._state.phase == KILLING:
            self._feed(Event(kind=CHANGED))

    def _changed(self, _pid: int, status: int) -> None:
        if os.WIFSTOPPED(status):
            self._stopped(os.WSTOPSIG(status))
        else:
            self._ended(status)

    def _ended(self, status: int) -> None:
        self._status = status
        if self._terminal:
            self._terminal.finish(
                ended_by=os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
                stopped_by_us=self._state.reason is not None,
            )
        self._feed(Event(kind=ENDED))

    def _take(self, number: int, from_kernel: bool, sender: int) -> None:
        """Pass a signal on to the job, unless the job has it already or it was not meant for it."""
        if self._terminal:
            self._terminal.took(number)
        if sender == os.getpid():
            return  # SIGPIPE for a message of our own
        if self._was_stopped and number in STOPS:
            return  # it told of the stop that is over by now
        if self._scene.job_has(number, from_kernel):
            return
        if self._terminal and number == CONT:
            self._terminal.continued(self._group)
        self._feed(Event(kind=CAUGHT, signal=number))
        if self._terminal and number == TSTP and self._status is not None:
            self._stopped(number)  # no leader is left whose stop would tell

    def _feed(self, event: Event) -> None:
        now = time.monotonic()
        self._state, actions = escalate(self._plan.policy, self._state, event, now)
        for action in actions:
            self._act(action, now)

    def _act(self, action: Action, now: float) -> None:
        if action.do == "forward":
            if self._plan.policy.coreutils and action.signal != CONT:
                self._observe(action.signal, ())
            self._containment.forward(action.signal)
        elif action.do in ("stop", "stop-group", "stop-strays"):
            self._stop(action, now)
        elif action.do == "kill":
            if not self._sent or self._sent[-1].signal != KILL:
                self._note(KILL, now)
            self._containment.kill()
        elif action.do == "leaks":
            self._leaks = self._containment.survivors()
        elif action.do == "survivors":
            self._survivors = self._containment.survivors()

    def _stop(self, action: Action, now: float) -> None:
        if action.do != "stop-strays":
            self._note(action.signal, now)
            self._containment.stop(action.signal)
        if action.do != "stop-group":
            self._containment.stop_strays(action.signal)

    def _note(self, signal: int, now: float) -> None:
        first = not self._sent
        if first and self._plan.detailed:
            self._running = self._containment.running()
        self._sent.append(Sent(signal=signal, at=now - self._start))
        self._observe(signal, self._running if first else ())

    def _stopped(self, number: int) -> None:
        """The leader was stopped: the terminal's affair, and the clock pauses meanwhile."""
        before, self._was_stopped = time.monotonic(), True
        if self._terminal and self._terminal.stopped(self._group, number):
            shared = self._scene.shares_group  # then our shell has continued it with us
            if self._left_stopped() or not (shared or self._terminal.has_continued()):
                self._containment.forward(CONT)
            self._feed(Event(kind=PAUSED, seconds=time.monotonic() - before))

    def _left_stopped(self) -> bool:
        """Tell whether whoever continued us has left the job stopped."""
        return self._terminal is not None and self._terminal.still_stopped(self._leader)

    def outcome(self) -> Outcome:
        """Return how it ended, when its containment has been closed."""
        return Outcome(
            command=self._plan.name,
            pid=self._leader,
            status=self._status,
            reason=self._state.reason,
            by=self._state.by,
            limit=self._plan.policy.timeout,
            elapsed=time.monotonic() - self._start,
            sent=tuple(self._sent),
            running=self._running,
            leaks=self._leaks,
            survivors=self._survivors,
            proved=self._containment.empty or self._plan.policy.leak == "allow",
        )
