"""How GNU's timeout decides (coreutils, src/timeout.c), where that differs from our own rules.

The steps signal the job's process group. Who has left it is stopped when the leader has ended: it
may be a timeout that stops its own. What is left then may settle, for `leak_timeout` at most. The
job is over with its leader, unless leaks are to be looked after; once it is being stopped, only if
nobody but the leader is signalled (`lone`).
A signal that is passed on continues the job as well, even one that the job has already. If armed,
it puts the timeout off until the kill. SIGALRM stands for the timeout.
"""

from runwrap.model import escalation as ours
from runwrap.model.durations import INFINITE
from runwrap.model.escalation import NOTHING, Action, Event, Policy, State, next_step
from runwrap.model.request import Request
from runwrap.model.signals import ALRM, CONT, KILL, NOT_TERMINATING, STOP, TERM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.model.escalation import Result, Rule

SETTLING = "settling"
_MOST_SIGNALS = 65  # one more than the last on any Linux


def policy_of(request: "Request") -> Policy:
    """Return the policy of a `timeout`: no kill but by -k, and leaks live on by default."""
    stop = TERM if request.signal is None else request.signal
    kill_after = request.kill_after or INFINITE
    # STOP stops the whole group, runwrap as well: until that is continued the kill has to wait.
    waits = stop == STOP and not request.foreground
    step = ours.Step(signal=stop, grace=INFINITE if waits else kill_after)
    every = () if kill_after == INFINITE else range(1, _MOST_SIGNALS)
    return Policy(
        rules=ours.GNU,
        limits=ours.timeout(request.timeout or INFINITE),
        steps=() if stop == KILL else (step,),
        armed=frozenset(every).difference(NOT_TERMINATING),
        kill_after=kill_after,
        leak=request.leak or "allow",
        leak_timeout=request.leak_timeout,
        lone=request.foreground,
    )


def escalate(policy: Policy, state: State, event: Event, now: float) -> "Result":
    """Return the next state, and what to do on the way there."""
    rules = {**ours.RULES.get(state.phase, {}), **_RULES.get(state.phase, {})}
    rule = rules.get(event.kind)
    after, actions = rule(policy, state, event, now) if rule else (state, NOTHING)
    if state.phase == ours.LEAKING:
        return after, actions
    return after, tuple(
        one.replace(do="stop-group") if one.do == "stop" else one for one in actions
    )


def _pass_on(policy: Policy, state: State, event: Event, now: float) -> "Result":
    if event.signal == ALRM:
        return _alarmed(policy, state, now)
    told = Action(do="tell", signal=event.signal)
    forward = () if event.shared else (Action(do="forward", signal=event.signal),)
    continued = () if policy.lone else (Action(do="forward", signal=CONT),)
    return state, (told, *forward, *continued)


def _pass_on_and_arm(policy: Policy, state: State, event: Event, now: float) -> "Result":
    state, actions = _pass_on(policy, state, event, now)
    state, kill = ours.arm(policy, state, event, now, latest=INFINITE)
    return state, actions + kill


def _alarmed(policy: Policy, state: State, now: float) -> "Result":
    """Take the next step now; where none follows, the last one again."""
    if state.phase == ours.STOPPING and state.due == INFINITE:
        return state, (Action(do="stop", signal=policy.steps[-1].signal),)
    return next_step(policy, state.replace(reason=ours.TIMEOUT), now)


def _stopped_leader_ended(policy: Policy, state: State, event: Event, now: float) -> "Result":
    if policy.lone and policy.leak == "allow":
        return ours.over(policy, state, event, now)
    if policy.leak == "allow":
        state = state.replace(phase=SETTLING, due=now + policy.leak_timeout)
    else:
        state = state.replace(due=min(state.due, now + ours.LEAK_GRACE))
    return state, (Action(do="stop-strays", signal=policy.steps[state.step - 1].signal),)


def _killed_leader_ended(policy: Policy, state: State, event: Event, now: float) -> "Result":
    return ours.over(policy, state, event, now) if policy.lone else (state, NOTHING)


def _abandoned(policy: Policy, state: State, _event: Event, now: float) -> "Result":
    """Stop the job: GNU's timeout has the signal sent to its command when it dies."""
    return next_step(policy, state.replace(reason=state.reason or ours.LOST), now)


def _settled(policy: Policy, state: State, event: Event, now: float) -> "Result":
    return ours.over(policy, state, event, now) if now >= state.due else (state, NOTHING)


# Where they differ from ours; None: nothing is done.
_RULES: "dict[str, dict[str, Rule | None]]" = {
    ours.RUNNING: {ours.CAUGHT: _pass_on_and_arm, ours.ABANDONED: _abandoned},
    ours.LEAKING: {ours.CAUGHT: _pass_on_and_arm, ours.ABANDONED: None},
    ours.STOPPING: {ours.CAUGHT: _pass_on, ours.ENDED: _stopped_leader_ended, ours.ABANDONED: None},
    ours.KILLING: {ours.ENDED: _killed_leader_ended},
    SETTLING: {ours.TICK: _settled, ours.CAUGHT: _pass_on, ours.EMPTY: ours.over},
}
