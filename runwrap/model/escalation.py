"""When a job is signalled and when it is given up: a pure function of state, event and time.

    phase      TICK (due)            CAUGHT signal        ENDED (leader)      EMPTY
    running    timeout: next step    forward; maybe arm   -> leaking, over    (ended came first)
    leaking    leak: next step       forward              -                   -> over
    stopping   next step, or kill    forward              stays               -> over
    killing    -> over (survivors)   -                    stays               -> over
    settling   -> over               forward              -                   -> over

The kill is repeated on every CHANGED event of `killing`: the dead leave their children to us.
ABANDONED (whoever waited for the job is dead) kills in every phase. How GNU's timeout differs
stands with `Policy.coreutils`.
Times are seconds on a clock that the caller chooses; `inf` never comes.
"""

from runwrap.model import Record
from runwrap.model.durations import INFINITE
from runwrap.model.signals import ALRM, CONT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

RUNNING, LEAKING, STOPPING, KILLING, SETTLING, OVER = (
    "running", "leaking", "stopping", "killing", "settling", "over",
)  # fmt: skip
TICK, CAUGHT, ENDED, EMPTY, CHANGED, PAUSED, ABANDONED = (
    "tick", "caught", "ended", "empty", "changed", "paused", "abandoned",
)  # fmt: skip
TIMEOUT, INTERRUPTED, LEAK, LOST = "timeout", "interrupted", "leak", "lost"
SWEEP_LIMIT = 5.0  # seconds that SIGKILL is given to work before survivors are listed
LEAK_GRACE = 10.0  # seconds that a leak has at most between stop signal and kill
GRACE = 10.0  # seconds between the stop signal and the kill, where -k says nothing
KILL_INTERVAL = 0.05  # seconds between two kills; not every death below us is told of


class Step(Record):
    """A signal, and how long to wait after it before the next step."""

    signal: int
    grace: float


class Policy(Record):
    """What decides about stopping a job; the kill follows the last of `steps`.

    `armed` are the signals whose forwarding starts the countdown to the kill as well.

    `coreutils`: as GNU's timeout does. The job is over when its leader ends; if it was stopped,
    whoever has left the group is stopped then (one may be a timeout that stops its own), and all
    that is left may settle for at most `leak_timeout`. A signal that is forwarded continues the job
    as well; if armed, it puts off the deadline to the kill. SIGALRM stands for the deadline. An
    abandoned job is stopped, not killed. `lone`: of the job only the leader is signalled, and never
    continued (--foreground).
    """

    timeout: float = INFINITE
    steps: tuple[Step, ...] = ()
    armed: frozenset[int] = frozenset()
    kill_after: float = 10.0
    leak: str = "kill"
    leak_timeout: float = 0.2
    sweep_limit: float = SWEEP_LIMIT
    coreutils: bool = False
    lone: bool = False


class State(Record):
    """Where a job stands.

    `deadline` is the timeout's instant, `due` that of the next TICK, `step` the next step's index.
    """

    deadline: float
    due: float
    phase: str = RUNNING
    step: int = 0
    reason: str | None = None
    by: int | None = None


class Event(Record):
    """Something that happened; `signal` belongs to CAUGHT, `seconds` to PAUSED."""

    kind: str
    signal: int = 0
    seconds: float = 0.0


class Action(Record):
    """Something to do: `forward` or `stop` with a signal, `kill`, `leaks` or `survivors` (list).

    `stop-group` stops the leader and its process group, `stop-strays` whoever is outside of it.
    """

    do: str
    signal: int = 0


NOTHING: tuple[Action, ...] = ()
_KILL = Action(do="kill")


def begin(policy: Policy, now: float) -> State:
    """Return the state of a job that is being started."""
    return State(deadline=now + policy.timeout, due=now + policy.timeout)


def escalate(
    policy: Policy, state: State, event: Event, now: float
) -> tuple[State, tuple[Action, ...]]:
    """Return the next state, and what to do on the way there."""
    rule = _RULES.get((state.phase, event.kind))
    return rule(policy, state, event, now) if rule else (state, NOTHING)


def _overdue(policy: Policy, state: State, _event: Event, now: float) -> "_Result":
    if now < state.due:
        return state, NOTHING
    return _next_step(policy, state.replace(reason=state.reason or TIMEOUT), now)


def _overstayed(policy: Policy, state: State, event: Event, now: float) -> "_Result":
    if now < state.due or policy.leak == "wait" or state.reason:
        return _overdue(policy, state, event, now)
    state, actions = _next_step(policy, state.replace(reason=LEAK), now)
    return state, (Action(do="leaks"), *actions)


def _next_step(policy: Policy, state: State, now: float) -> "_Result":
    """Send the signal of the next step; after the last, kill."""
    if state.step >= len(policy.steps):
        return state.replace(phase=KILLING, due=now + policy.sweep_limit), (_KILL,)
    step = policy.steps[state.step]
    grace = min(step.grace, LEAK_GRACE) if state.reason == LEAK else step.grace
    actions = _stop(policy, state, step.signal)
    return state.replace(phase=STOPPING, due=now + grace, step=state.step + 1), actions


def _stop(policy: Policy, state: State, signal: int) -> tuple[Action, ...]:
    """Stop a job all at once, or as GNU does: its group, and the strays when the leader ends."""
    whole = not policy.coreutils or state.phase == LEAKING
    return (Action(do="stop" if whole else "stop-group", signal=signal),)


def _step_due(policy: Policy, state: State, _event: Event, now: float) -> "_Result":
    return _next_step(policy, state, now) if now >= state.due else (state, NOTHING)


def _forward(policy: Policy, state: State, event: Event, now: float) -> "_Result":
    if policy.coreutils and event.signal == ALRM:
        return _alarmed(policy, state, now)
    forward = Action(do="forward", signal=event.signal)
    if policy.coreutils and not policy.lone:
        return state, (forward, Action(do="forward", signal=CONT))
    return state, (forward,)


def _alarmed(policy: Policy, state: State, now: float) -> "_Result":
    """Take the next step now; where none follows, the last one again."""
    if state.phase == STOPPING and state.due == INFINITE:
        return state, _stop(policy, state, policy.steps[-1].signal)
    return _next_step(policy, state.replace(reason=TIMEOUT), now)


def _forward_and_arm(policy: Policy, state: State, event: Event, now: float) -> "_Result":
    state, forward = _forward(policy, state, event, now)
    if event.signal not in policy.armed or state.reason is not None:
        return state, forward
    due = now + policy.kill_after
    due = due if policy.coreutils else min(state.deadline, due)
    state = state.replace(reason=INTERRUPTED, by=event.signal, step=len(policy.steps), due=due)
    if policy.kill_after == 0:
        state, actions = _next_step(policy, state, now)
        return state, forward + actions
    return state, forward


def _leader_ended(policy: Policy, state: State, _event: Event, now: float) -> "_Result":
    if policy.leak == "allow":
        return state.replace(phase=OVER), NOTHING
    due = state.deadline
    if policy.leak != "wait":
        due = min(due, now + policy.leak_timeout)
    # A command that ended because it was interrupted has done as it was told: the countdown is
    # off, and what it left behind is a leak like any.
    return state.replace(phase=LEAKING, due=due, step=0, reason=None, by=None), NOTHING


def _leader_stopped(policy: Policy, state: State, _event: Event, now: float) -> "_Result":
    if not policy.coreutils:
        return state, NOTHING
    if policy.lone and policy.leak == "allow":
        return state.replace(phase=OVER), NOTHING
    if policy.leak == "allow":
        state = state.replace(phase=SETTLING, due=now + policy.leak_timeout)
    else:
        state = state.replace(due=min(state.due, now + LEAK_GRACE))
    return state, (Action(do="stop-strays", signal=policy.steps[state.step - 1].signal),)


def _leader_killed(policy: Policy, state: State, _event: Event, _now: float) -> "_Result":
    return (state.replace(phase=OVER) if policy.lone else state), NOTHING


def _abandoned(policy: Policy, state: State, _event: Event, now: float) -> "_Result":
    state = state.replace(reason=state.reason or LOST)
    if not policy.coreutils:
        state = state.replace(step=len(policy.steps))
    elif state.phase != RUNNING:
        return state, NOTHING
    return _next_step(policy, state, now)


def _empty(_policy: Policy, state: State, _event: Event, _now: float) -> "_Result":
    return state.replace(phase=OVER), NOTHING


def _settled(_policy: Policy, state: State, _event: Event, now: float) -> "_Result":
    return (state.replace(phase=OVER) if now >= state.due else state), NOTHING


def _kill_again(_policy: Policy, state: State, _event: Event, _now: float) -> "_Result":
    return state, (_KILL,)


def _give_up(_policy: Policy, state: State, _event: Event, now: float) -> "_Result":
    if now < state.due:
        return state, (_KILL,)
    return state.replace(phase=OVER), (Action(do="survivors"),)


def _paused(_policy: Policy, state: State, event: Event, _now: float) -> "_Result":
    later = state.deadline + event.seconds
    return state.replace(due=state.due + event.seconds, deadline=later), NOTHING


if TYPE_CHECKING:
    _Result = tuple[State, tuple[Action, ...]]
    _Rule = Callable[[Policy, State, Event, float], _Result]

_RULES: "dict[tuple[str, str], _Rule]" = {
    (RUNNING, TICK): _overdue,
    (RUNNING, CAUGHT): _forward_and_arm,
    (RUNNING, ENDED): _leader_ended,
    (RUNNING, PAUSED): _paused,
    (RUNNING, ABANDONED): _abandoned,
    (LEAKING, TICK): _overstayed,
    (LEAKING, CAUGHT): _forward_and_arm,
    (LEAKING, EMPTY): _empty,
    (LEAKING, PAUSED): _paused,
    (LEAKING, ABANDONED): _abandoned,
    (STOPPING, TICK): _step_due,
    (STOPPING, CAUGHT): _forward,
    (STOPPING, ENDED): _leader_stopped,
    (STOPPING, ABANDONED): _abandoned,
    (STOPPING, EMPTY): _empty,
    (STOPPING, PAUSED): _paused,
    (SETTLING, TICK): _settled,
    (SETTLING, CAUGHT): _forward,
    (SETTLING, EMPTY): _empty,
    (KILLING, TICK): _give_up,
    (KILLING, ENDED): _leader_killed,
    (KILLING, CHANGED): _kill_again,
    (KILLING, EMPTY): _empty,
}
