"""When a job is signalled and when it is given up: a pure function of state, event and time.

    phase      TICK (due)            CAUGHT signal        ENDED (leader)      EMPTY
    running    limit: next step      forward; maybe arm   -> leaking, over    (ended came first)
    leaking    leak: next step       forward; maybe arm   -                   -> over
    stopping   next step, or kill    forward              -                   -> over
    killing    -> over (survivors)   -                    -                   -> over

A signal that the job has already, because the terminal sent it to both of us, is not forwarded, but
it may arm the countdown to the kill like any other.
The kill is repeated on every CHANGED event of `killing`: the dead leave their children to us.
PAUSED puts every limit and the next step off. ABANDONED (whoever waited for the job is dead) kills
in each phase but `killing`, where that is done. GNU's timeout has a table of its own,
`gnu_escalation`; a policy names the one that it goes by.
Times are seconds on a clock that the caller chooses; `inf` never comes.
"""

from runwrap.model import Record
from runwrap.model.durations import INFINITE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Result = tuple["State", tuple["Action", ...]]
    Rule = Callable[["Policy", "State", "Event", float], Result]

RUNNING, LEAKING, STOPPING, KILLING, OVER = "running", "leaking", "stopping", "killing", "over"
TICK, CAUGHT, ENDED, EMPTY, CHANGED, PAUSED, ABANDONED = (
    "tick", "caught", "ended", "empty", "changed", "paused", "abandoned",
)  # fmt: skip
TIMEOUT, INTERRUPTED, LEAK, LOST = "timeout", "interrupted", "leak", "lost"  # reasons to stop
OURS, GNU = "runwrap", "gnu"  # whose rules
SWEEP_LIMIT = 5.0  # seconds that SIGKILL is given to work before survivors are listed
LEAK_GRACE = 10.0  # seconds that a leak has at most between stop signal and kill
GRACE = 10.0  # seconds between the stop signal and the kill, where -k says nothing
KILL_INTERVAL = 0.05  # seconds between two kills; not every death below us is told of


class Limit(Record):
    """A job is stopped for `reason` when `seconds` have passed since its start."""

    reason: str
    seconds: float


def timeout(seconds: float) -> tuple[Limit, ...]:
    """Return the limits of a job that has only a timeout: none if that is infinite."""
    return () if seconds == INFINITE else (Limit(reason=TIMEOUT, seconds=seconds),)


class Step(Record):
    """A signal, and how long to wait after it before the next step."""

    signal: int
    grace: float


class Policy(Record):
    """What decides about stopping a job."""

    rules: str = OURS  # the table
    limits: tuple[Limit, ...] = ()
    steps: tuple[Step, ...] = ()  # the kill follows the last
    armed: frozenset[int] = frozenset()  # the signals that start the countdown to the kill
    kill_after: float = GRACE
    leak: str = "kill"
    leak_timeout: float = 0.2
    sweep_limit: float = SWEEP_LIMIT
    lone: bool = False  # of the job only the leader is signalled, and never continued

    @property
    def timeout(self) -> float:
        """Return the seconds that the job may run, INFINITE where there is no such limit."""
        return next((one.seconds for one in self.limits if one.reason == TIMEOUT), INFINITE)


class State(Record):
    """Where a job stands: the `deadlines` of its limits, when a TICK is `due`, the next `step`."""

    deadlines: tuple[float, ...]
    due: float
    phase: str = RUNNING
    step: int = 0
    reason: str | None = None
    by: int | None = None

    @property
    def deadline(self) -> float:
        """Return the instant of the first limit."""
        return min(self.deadlines, default=INFINITE)


class Event(Record):
    """What happened. CAUGHT has a `signal`, which is `shared` if the job has it already, too."""

    kind: str
    signal: int = 0
    shared: bool = False
    seconds: float = 0.0  # of PAUSED


class Action(Record):
    """Something to do: `forward` or `stop` with a signal, `kill`, `leaks` or `survivors` (list).

    `stop-group` stops the leader and its process group, `stop-strays` whoever is outside of it.
    `tell` tells of a signal that is passed on.
    """

    do: str
    signal: int = 0


NOTHING: tuple[Action, ...] = ()
_KILL = Action(do="kill")


def begin(policy: Policy, now: float) -> State:
    """Return the state of a job that is being started."""
    deadlines = tuple(now + limit.seconds for limit in policy.limits)
    return State(deadlines=deadlines, due=min(deadlines, default=INFINITE))


def escalate(policy: Policy, state: State, event: Event, now: float) -> "Result":
    """Return the next state, and what to do on the way there."""
    rule = RULES.get(state.phase, {}).get(event.kind)
    return rule(policy, state, event, now) if rule else (state, NOTHING)


def _overdue(policy: Policy, state: State, _event: Event, now: float) -> "Result":
    if now < state.due:
        return state, NOTHING
    reached = state.reason or policy.limits[state.deadlines.index(state.deadline)].reason
    return next_step(policy, state.replace(reason=reached), now)


def _overstayed(policy: Policy, state: State, event: Event, now: float) -> "Result":
    if now < state.due or policy.leak == "wait" or state.reason:
        return _overdue(policy, state, event, now)
    state, actions = next_step(policy, state.replace(reason=LEAK), now)
    return state, (Action(do="leaks"), *actions)


def next_step(policy: Policy, state: State, now: float) -> "Result":
    """Send the signal of the next step; after the last, kill."""
    if state.step >= len(policy.steps):
        return state.replace(phase=KILLING, due=now + policy.sweep_limit), (_KILL,)
    step = policy.steps[state.step]
    grace = min(step.grace, LEAK_GRACE) if state.reason == LEAK else step.grace
    state = state.replace(phase=STOPPING, due=now + grace, step=state.step + 1)
    return state, (Action(do="stop", signal=step.signal),)


def _forward(_policy: Policy, state: State, event: Event, _now: float) -> "Result":
    return state, NOTHING if event.shared else (Action(do="forward", signal=event.signal),)


def _forward_and_arm(policy: Policy, state: State, event: Event, now: float) -> "Result":
    state, forward = _forward(policy, state, event, now)
    state, kill = arm(policy, state, event, now, latest=state.deadline)
    return state, forward + kill


def arm(policy: Policy, state: State, event: Event, now: float, latest: float) -> "Result":
    """Start the countdown to the kill, which comes at `latest`, if the signal is one for that."""
    # What a command has left is stopped in a time of its own, unless it is waited for.
    dealt_with = state.phase == LEAKING and policy.leak != "wait"
    if event.signal not in policy.armed or state.reason is not None or dealt_with:
        return state, NOTHING
    due = min(latest, now + policy.kill_after)
    state = state.replace(reason=INTERRUPTED, by=event.signal, step=len(policy.steps), due=due)
    return next_step(policy, state, now) if policy.kill_after == 0 else (state, NOTHING)


def _leader_ended(policy: Policy, state: State, _event: Event, now: float) -> "Result":
    if policy.leak == "allow":
        return state.replace(phase=OVER), NOTHING
    wait = INFINITE if policy.leak == "wait" else policy.leak_timeout
    due = min(state.deadline, now + wait)
    # A command that ended because it was interrupted has done as it was told: the countdown is
    # off, and what it left behind is a leak like any.
    return state.replace(phase=LEAKING, due=due, step=0, reason=None, by=None), NOTHING


def _abandoned(policy: Policy, state: State, _event: Event, now: float) -> "Result":
    state = state.replace(reason=state.reason or LOST, step=len(policy.steps))
    return next_step(policy, state, now)


def over(_policy: Policy, state: State, _event: Event, _now: float) -> "Result":
    """Have done with the job."""
    return state.replace(phase=OVER), NOTHING


def _kill_again(_policy: Policy, state: State, _event: Event, _now: float) -> "Result":
    return state, (_KILL,)


def _give_up(_policy: Policy, state: State, _event: Event, now: float) -> "Result":
    if now < state.due:
        return state, (_KILL,)
    return state.replace(phase=OVER), (Action(do="survivors"),)


def _paused(_policy: Policy, state: State, event: Event, _now: float) -> "Result":
    later = tuple(deadline + event.seconds for deadline in state.deadlines)
    return state.replace(due=state.due + event.seconds, deadlines=later), NOTHING


_ALWAYS: "dict[str, Rule]" = {PAUSED: _paused, ABANDONED: _abandoned}
RULES: "dict[str, dict[str, Rule]]" = {
    RUNNING: {TICK: _overdue, CAUGHT: _forward_and_arm, ENDED: _leader_ended, **_ALWAYS},
    LEAKING: {TICK: _overstayed, CAUGHT: _forward_and_arm, EMPTY: over, **_ALWAYS},
    STOPPING: {TICK: _overdue, CAUGHT: _forward, EMPTY: over, **_ALWAYS},
    KILLING: {TICK: _give_up, CHANGED: _kill_again, EMPTY: over},
}
