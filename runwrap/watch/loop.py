"""The one loop: wait for a signal or the next due instant, reap, decide, act."""

import os
import time

from runwrap.containment import Containment, kill_all
from runwrap.model.durations import INFINITE
from runwrap.model.escalation import (
    ABANDONED,
    CAUGHT,
    CHANGED,
    EMPTY,
    ENDED,
    GNU,
    KILL_INTERVAL,
    KILLING,
    OVER,
    PAUSED,
    RUNNING,
    STOPPING,
    TICK,
    Action,
    Event,
    Step,
    begin,
    escalate,
)
from runwrap.model.outcome import Outcome, Process, Sent
from runwrap.model.signals import CHLD, CONT, KILL, STOPS, TSTP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.launch import Placement
    from runwrap.model.escalation import Policy, Rule
    from runwrap.model.notices import Observer
    from runwrap.model.plan import Plan
    from runwrap.native import SignalQueue
    from runwrap.watch import Leaders

_AHEAD = 0.02  # seconds between the look at who is running and the limit


class Supervisor:
    """Watches over one job that has been started, until nothing of it is left."""

    def __init__(
        self,
        plan: "Plan",
        placement: "Placement",
        containment: "Containment",
        queue: "SignalQueue",
        observe: "Observer",
        leaders: "Leaders",
        *,
        group: int,
        start: float,
        watched: int,
    ) -> None:
        """`observe` is told what happens; `group` is the job's process group.

        `start` is the job's, on the monotonic clock. The job ends when our parent is no more the
        process `watched`, if that isn't 0.
        """
        self._plan, self._placement, self._containment = plan, placement, containment
        self._queue, self._observe, self._leaders = queue, observe, leaders
        self._group, self._start, self._watched = group, start, watched
        self._terminal = placement.terminal
        self._escalate = _rules(plan.policy)
        self._state = begin(plan.policy, start)
        self._look_due = _look_due(plan.policy, start)
        self._status: int | None = None
        self._was_stopped = False
        self._culprit: tuple[int, str] | None = None
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
            if time.monotonic() >= self._look_due:
                self._look()
            if time.monotonic() >= self._state.due or caught is None:
                self._feed(Event(kind=TICK))

    def abandon(self) -> None:
        """Kill everything at once: we have failed ourselves, and nothing may be left running."""
        kill_all(self._containment, self._queue, self._plan.policy.sweep_limit)

    def _patience(self) -> float:
        """Return the seconds to wait: up to the next due instant, or look where no event tells."""
        due = min(self._state.due, self._look_due)
        if self._leaders.stop_is_pending:
            due = min(due, self._leaders.stop_due)
        due -= time.monotonic()
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
        number = self._leaders.stopped_by()
        if number and self._state.phase != KILLING:
            self._stopped(number)
            # When that returns they run again, and what else was heard of stops is history.
            self._leaders.stopped.clear()

    def _changed(self, pid: int, status: int) -> None:
        if os.WIFSTOPPED(status):
            self._leaders.stop(pid, os.WSTOPSIG(status))
            return
        self._leaders.end(pid, status)
        if not self._leaders.running:
            self._ended()

    def _ended(self) -> None:
        """All leaders have ended: that is the end of the command, or of the pipeline."""
        number, self._status = self._leaders.deciding(self._plan.pipefail or "last")
        if number < len(self._plan.stages) - 1:
            self._culprit = number + 1, self._plan.stages[number].argv[0]
        if self._terminal:
            self._terminal.finish(
                ended_by=os.WTERMSIG(self._status) if os.WIFSIGNALED(self._status) else 0,
                ended_by_us=self._state.reason is not None,
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
        shared = self._placement.job_has(number, from_kernel)
        if self._terminal and number == CONT and not shared:
            self._terminal.continued(self._group)
        self._feed(Event(kind=CAUGHT, signal=number, shared=shared))
        if shared:
            return
        if self._terminal and number == TSTP and self._status is not None:
            self._stopped(number)  # no leader is left whose stop would tell

    def _feed(self, event: Event) -> None:
        now = time.monotonic()
        self._state, actions = self._escalate(self._plan.policy, self._state, event, now)
        for action in actions:
            self._act(action, now)

    def _act(self, action: Action, now: float) -> None:
        if action.do == "forward":
            self._containment.forward(action.signal)
        elif action.do == "tell":
            self._tell_of(action.signal)
        elif action.do in ("stop", "stop-group", "stop-strays"):
            self._stop(action, now)
        elif action.do == "kill":
            if not self._sent or self._sent[-1].signal != KILL:
                self._announce(KILL, now)
            self._containment.kill()
        elif action.do == "leaks":
            self._leaks = self._containment.survivors()
        elif action.do == "survivors":
            self._survivors = self._containment.survivors()

    def _stop(self, action: Action, now: float) -> None:
        if action.do != "stop-strays":
            self._announce(action.signal, now)
            self._containment.stop(action.signal)
        if action.do != "stop-group":
            self._containment.stop_strays(action.signal)

    def _announce(self, signal: int, now: float) -> None:
        """Tell of a signal before it is sent, while those whom it ends can still be seen."""
        from runwrap.model.notices import Stopping  # most jobs end by themselves

        if not self._sent:
            wanted = self._plan.detailed or (self._is_limited() and self._may_look())
            if wanted and not self._running:
                self._running = self._containment.running()
            self._observe(Stopping(reason=self._state.reason or "", running=self._running))
        self._sent.append(Sent(signal=signal, at=now - self._start))
        self._tell_of(signal, self._following(now))

    def _tell_of(self, signal: int, following: "Step | None" = None) -> None:
        from runwrap.model.notices import SignalSent

        self._observe(SignalSent(signal=signal, following=following))

    def _look(self) -> None:
        """See who is running just before a limit: then the stop signal need not wait for that."""
        self._look_due = INFINITE
        if self._state.phase == RUNNING and self._may_look():
            self._running = self._containment.running()

    def _may_look(self) -> bool:
        return self._plan.detailed or not self._containment.has_many()

    def _is_limited(self) -> bool:
        """Tell whether a limit ends the job: then it is told who kept it running."""
        policy = self._plan.policy
        return policy.rules != GNU and self._state.reason in [one.reason for one in policy.limits]

    def _following(self, now: float) -> "Step | None":
        """Return the signal that a limit sends next, and in how many seconds; None if none."""
        steps, state = self._plan.policy.steps, self._state
        if state.phase != STOPPING or not self._is_limited():
            return None
        number = steps[state.step].signal if state.step < len(steps) else KILL
        return Step(signal=number, grace=state.due - now)

    def _stopped(self, number: int) -> None:
        """The job was stopped: that is the terminal's affair, and the clock pauses meanwhile."""
        before, self._was_stopped = time.monotonic(), True
        if self._terminal and self._terminal.stopped(self._group, number):
            shared = self._placement.shares_group  # then our shell has continued it with us
            left_stopped = self._leaders.are_stopped_by(TSTP)
            if left_stopped or not (shared or self._terminal.has_continued()):
                self._containment.forward(CONT)
            seconds = time.monotonic() - before
            self._look_due += seconds
            self._running = ()  # it may be long ago
            self._feed(Event(kind=PAUSED, seconds=seconds))

    def outcome(self) -> Outcome:
        """Return how it ended, when its containment has been closed."""
        outcome = Outcome(
            command=self._plan.name,
            pid=self._leaders.first,
            status=self._status,
            culprit=self._culprit,
            reason=self._state.reason,
            by=self._state.by,
            limit=self._plan.policy.timeout,
            elapsed=time.monotonic() - self._start,
            sent=tuple(self._sent),
            running=self._running if self._sent else (),
            leaks=self._leaks,
            survivors=self._survivors,
            proved=self._containment.empty or self._plan.policy.leak == "allow",
        )
        if not self._plan.metered:
            return outcome
        cpu, memory = self._leaders.used()
        return outcome.replace(
            contain=self._containment.name, stages=self._leaders.ends(), cpu=cpu, memory=memory
        )


def _look_due(policy: "Policy", start: float) -> float:
    """Return when to see who is running: not for a limit that is hardly more than that takes."""
    if policy.rules == GNU or policy.timeout < 2 * _AHEAD:
        return INFINITE
    return start + policy.timeout - _AHEAD


def _rules(policy: "Policy") -> "Rule":
    """Return the table that a policy names."""
    if policy.rules == GNU:
        from runwrap.model.gnu_escalation import escalate as gnus

        return gnus
    return escalate
