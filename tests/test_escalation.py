"""When a job is signalled and given up: decided without a process, a sleep or a clock."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runwrap.model import gnu_escalation
from runwrap.model.durations import INFINITE
from runwrap.model.escalation import (
    ABANDONED,
    CAUGHT,
    CHANGED,
    EMPTY,
    ENDED,
    GNU,
    INTERRUPTED,
    KILLING,
    LEAK,
    LEAKING,
    LOST,
    OURS,
    OVER,
    PAUSED,
    RUNNING,
    STOPPING,
    TICK,
    TIMEOUT,
    Action,
    Event,
    Policy,
    State,
    Step,
    begin,
    escalate,
    timeout,
)
from runwrap.model.gnu_escalation import SETTLING
from runwrap.model.signals import ALRM, CONT, INT, QUIT, TERM

START = 1000.0  # where the virtual clock stands when a job begins
HUP = 1
PHASES = (RUNNING, LEAKING, STOPPING, KILLING, SETTLING, OVER)

TERM_THEN_KILL = (Step(signal=TERM, grace=10.0),)
USUAL = Policy(limits=timeout(5.0), steps=TERM_THEN_KILL, leak_timeout=2.0)
ARMED = USUAL.replace(armed=frozenset({TERM, INT, QUIT}), limits=timeout(60.0))

TABLES = {OURS: escalate, GNU: gnu_escalation.escalate}

tick, ended, empty, changed = (Event(kind=kind) for kind in (TICK, ENDED, EMPTY, CHANGED))
stop_by_term = Action(do="stop", signal=TERM)
kill, leaks, survivors = (Action(do=do) for do in ("kill", "leaks", "survivors"))


def caught(number: int, shared: bool = False) -> Event:
    return Event(kind=CAUGHT, signal=number, shared=shared)


def paused(seconds: float) -> Event:
    return Event(kind=PAUSED, seconds=seconds)


def forward(number: int) -> Action:
    return Action(do="forward", signal=number)


def play(policy: Policy, *script: tuple[float, Event]) -> tuple[State, list[tuple[float, Action]]]:
    """Play events, each at its seconds after the start; return the end and what was to be done."""
    state, done = begin(policy, START), []
    for at, event in script:
        state, actions = TABLES[policy.rules](policy, state, event, START + at)
        done += [(at, action) for action in actions]
    return state, done


# The timeout


def test_a_job_that_ends_in_time_is_left_alone() -> None:
    state, done = play(USUAL, (3, ended), (3, empty), (5, tick))
    assert (state.phase, state.reason, done) == (OVER, None, [])


def test_ticks_before_the_timeout_do_nothing() -> None:
    state, done = play(USUAL, (0, tick), (1, tick), (4.9, tick))
    assert (state, done) == (begin(USUAL, START), [])


def test_the_timeout_sends_the_stop_signal() -> None:
    state, done = play(USUAL, (5, tick))
    assert (state.phase, state.reason, done) == (STOPPING, TIMEOUT, [(5, stop_by_term)])


def test_the_kill_follows_when_the_grace_period_is_over() -> None:
    state, done = play(USUAL, (5, tick), (14.9, tick), (15, tick))
    assert (state.phase, done) == (KILLING, [(5, stop_by_term), (15, kill)])


def test_the_grace_period_counts_from_when_the_signal_was_sent() -> None:
    _, done = play(USUAL, (7, tick), (16.9, tick), (17, tick))
    assert done == [(7, stop_by_term), (17, kill)]


def test_a_job_that_obeys_the_stop_signal_is_not_killed() -> None:
    state, done = play(USUAL, (5, tick), (6, ended), (6, empty), (15, tick))
    assert (state.phase, state.reason, done) == (OVER, TIMEOUT, [(5, stop_by_term)])


def test_a_leader_that_obeys_does_not_save_the_rest_from_the_kill() -> None:
    state, done = play(USUAL, (5, tick), (6, ended), (15, tick))
    assert (state.phase, done) == (KILLING, [(5, stop_by_term), (15, kill)])


def test_without_a_timeout_no_tick_ever_stops_a_job() -> None:
    state, done = play(USUAL.replace(limits=()), (1e9, tick), (1e18, tick))
    assert (state.phase, done) == (RUNNING, [])


def test_without_steps_the_timeout_kills_at_once() -> None:
    state, done = play(USUAL.replace(steps=()), (5, tick))
    assert (state.phase, state.reason, done) == (KILLING, TIMEOUT, [(5, kill)])


def test_an_infinite_grace_period_never_becomes_a_kill() -> None:
    patient = USUAL.replace(steps=(Step(signal=TERM, grace=INFINITE),))
    state, done = play(patient, (5, tick), (1e9, tick), (1e18, tick))
    assert (state.phase, done) == (STOPPING, [(5, stop_by_term)])


def test_steps_are_taken_in_order_each_after_the_grace_of_the_one_before() -> None:
    three = (Step(signal=INT, grace=1), Step(signal=QUIT, grace=2), Step(signal=TERM, grace=4))
    script = [(second, tick) for second in range(20)]
    _, done = play(USUAL.replace(steps=three, sweep_limit=100.0), *script)
    assert [(at, action) for at, action in done if action.do == "stop"] == [
        (5, Action(do="stop", signal=INT)),
        (6, Action(do="stop", signal=QUIT)),
        (8, stop_by_term),
    ]
    assert done[3] == (12, kill)


def test_a_tick_that_comes_late_takes_one_step_only() -> None:
    two = (Step(signal=INT, grace=1), Step(signal=TERM, grace=1))
    _, done = play(USUAL.replace(steps=two), (50, tick))
    assert done == [(50, Action(do="stop", signal=INT))]


# Signals to runwrap


@pytest.mark.parametrize("number", [HUP, INT, TERM])
def test_a_signal_is_forwarded_and_means_no_more_than_that(number: int) -> None:
    state, done = play(USUAL, (1, caught(number)))
    assert (state, done) == (begin(USUAL, START), [(1, forward(number))])


def test_a_signal_is_forwarded_as_often_as_it_comes() -> None:
    _, done = play(USUAL, (1, caught(HUP)), (1, caught(HUP)), (2, caught(HUP)))
    assert done == [(1, forward(HUP)), (1, forward(HUP)), (2, forward(HUP))]


@pytest.mark.parametrize("number", [TERM, INT, QUIT])
def test_an_armed_signal_starts_the_countdown_to_the_kill(number: int) -> None:
    state, done = play(ARMED, (1, caught(number)), (10.9, tick), (11, tick))
    assert (state.phase, done) == (KILLING, [(1, forward(number)), (11, kill)])
    assert (state.reason, state.by) == (INTERRUPTED, number)


def test_a_signal_that_the_job_has_already_is_not_forwarded_but_starts_the_countdown() -> None:
    state, done = play(ARMED, (1, caught(INT, shared=True)), (11, tick))
    assert (state.reason, state.by, done) == (INTERRUPTED, INT, [(11, kill)])


def test_one_that_the_job_has_already_and_that_is_not_armed_changes_nothing() -> None:
    state, done = play(ARMED, (1, caught(HUP, shared=True)))
    assert (state, done) == (begin(ARMED, START), [])


def test_a_signal_that_is_not_armed_starts_no_countdown() -> None:
    state, done = play(ARMED, (1, caught(HUP)), (59.9, tick))
    assert (state.phase, done) == (RUNNING, [(1, forward(HUP))])


def test_an_armed_signal_with_no_grace_kills_at_once() -> None:
    state, done = play(ARMED.replace(kill_after=0.0), (1, caught(TERM)))
    assert (state.phase, done) == (KILLING, [(1, forward(TERM)), (1, kill)])


def test_after_an_armed_signal_the_stop_signal_is_not_sent_as_well() -> None:
    _, done = play(ARMED, (1, caught(INT)), (5, tick), (11, tick))
    assert done == [(1, forward(INT)), (11, kill)]


def test_a_countdown_does_not_outlast_the_timeout() -> None:
    state, done = play(ARMED, (55, caught(INT)), (59.9, tick), (60, tick))
    assert (state.reason, done) == (INTERRUPTED, [(55, forward(INT)), (60, kill)])


def test_a_command_that_ends_when_interrupted_stops_the_countdown() -> None:
    state, done = play(ARMED, (1, caught(TERM)), (2, ended), (4, tick))
    assert (state.reason, done[1:]) == (LEAK, [(4, Action(do="leaks")), (4, stop_by_term)])


def test_a_second_armed_signal_is_forwarded_and_does_not_put_the_kill_off() -> None:
    state, done = play(ARMED, (1, caught(INT)), (6, caught(TERM)), (11, tick))
    assert done == [(1, forward(INT)), (6, forward(TERM)), (11, kill)]
    assert state.by == INT


def test_a_signal_that_comes_while_stopping_is_forwarded() -> None:
    state, done = play(ARMED, (60, tick), (61, caught(TERM)), (70, tick))
    assert done == [(60, stop_by_term), (61, forward(TERM)), (70, kill)]
    assert state.reason == TIMEOUT


def test_a_signal_that_comes_while_killing_is_not_forwarded() -> None:
    _, done = play(USUAL.replace(steps=()), (5, tick), (6, caught(TERM)))
    assert done == [(5, kill)]


# What a command leaves behind


def test_a_leak_may_end_by_itself_in_time() -> None:
    state, done = play(USUAL, (1, ended), (2.9, tick), (2.9, empty), (3, tick))
    assert (state.phase, state.reason, done) == (OVER, None, [])


@pytest.mark.parametrize("policy", ["kill", "fail"])
def test_a_leak_is_listed_and_stopped_when_its_time_is_up(policy: str) -> None:
    script = ((1, ended), (2.9, tick), (3, tick), (13, tick))
    state, done = play(USUAL.replace(leak=policy), *script)
    assert (state.phase, state.reason) == (KILLING, LEAK)
    assert done == [(3, leaks), (3, stop_by_term), (13, kill)]


def test_a_leak_without_steps_is_listed_and_killed() -> None:
    _, done = play(USUAL.replace(steps=()), (1, ended), (3, tick))
    assert done == [(3, leaks), (3, kill)]


def test_a_leak_that_may_not_stay_is_stopped_at_the_next_tick() -> None:
    _, done = play(USUAL.replace(leak_timeout=0.0), (1, ended), (1, tick))
    assert done == [(1, leaks), (1, stop_by_term)]


def test_a_leak_that_is_allowed_ends_the_job_with_its_leader() -> None:
    state, done = play(USUAL.replace(leak="allow"), (1, ended), (9, tick))
    assert (state.phase, state.reason, done) == (OVER, None, [])


# As GNU's timeout does

DROP_IN = Policy(
    rules=GNU,
    limits=timeout(5.0),
    steps=(Step(signal=TERM, grace=INFINITE),),
    leak="allow",
    leak_timeout=2.0,
)


stop_group, stop_strays = (Action(do=do, signal=TERM) for do in ("stop-group", "stop-strays"))


def test_strays_are_stopped_when_the_command_has_ended() -> None:
    _, done = play(DROP_IN, (5, tick), (5.5, ended))
    assert done == [(5, stop_group), (5.5, stop_strays)]


def test_what_a_stopped_command_leaves_may_settle() -> None:
    state, _ = play(DROP_IN, (5, tick), (5.5, ended), (7.4, tick))
    assert state.phase == SETTLING


def test_it_is_not_waited_for_when_nothing_is_left() -> None:
    state, _ = play(DROP_IN, (5, tick), (5.5, ended), (5.6, empty))
    assert (state.phase, state.reason) == (OVER, TIMEOUT)


def test_what_does_not_settle_in_time_lives_on() -> None:
    state, done = play(DROP_IN, (5, tick), (5.5, ended), (7.5, tick))
    assert (state.phase, done) == (OVER, [(5, stop_group), (5.5, stop_strays)])


def test_leaks_are_killed_if_asked_though_the_command_would_not_have_been() -> None:
    _, done = play(DROP_IN.replace(leak="kill"), (1, ended), (3, tick), (13, tick))
    assert done == [(3, leaks), (3, stop_by_term), (13, kill)]


def test_what_a_stopped_command_leaves_is_killed_if_leaks_are() -> None:
    _, done = play(DROP_IN.replace(leak="kill"), (5, tick), (6, ended), (16, tick))
    assert done == [(5, stop_group), (6, stop_strays), (16, kill)]


def test_with_the_command_alone_stopped_nothing_else_is_waited_for() -> None:
    state, _ = play(DROP_IN.replace(lone=True), (5, tick), (5.5, ended))
    assert state.phase == OVER


def test_what_a_command_leaves_in_time_lives_on_at_once() -> None:
    state, done = play(DROP_IN, (1, ended))
    assert (state.phase, done) == (OVER, [])


def test_a_signal_is_told_of_and_continues_the_job() -> None:
    _, done = play(DROP_IN, (1, caught(HUP)))
    assert done == [(1, Action(do="tell", signal=HUP)), (1, forward(HUP)), (1, forward(CONT))]


def test_one_that_the_job_has_already_continues_it_all_the_same() -> None:
    _, done = play(DROP_IN, (1, caught(INT, shared=True)))
    assert done == [(1, Action(do="tell", signal=INT)), (1, forward(CONT))]


def test_an_armed_one_puts_the_timeout_off_until_the_kill() -> None:
    armed = DROP_IN.replace(armed=frozenset({INT}), kill_after=10.0)
    state, done = play(armed, (1, caught(INT, shared=True)), (10.9, tick), (11, tick))
    assert (state.reason, done[-1]) == (INTERRUPTED, (11, kill))


def test_an_alarm_is_the_timeout() -> None:
    state, done = play(DROP_IN, (1, caught(ALRM)))
    assert (state.reason, done) == (TIMEOUT, [(1, stop_group)])


def test_where_no_step_is_left_an_alarm_repeats_the_last() -> None:
    _, done = play(DROP_IN, (5, tick), (6, caught(ALRM)))
    assert done == [(5, stop_group), (6, stop_group)]


def test_whoever_is_abandoned_is_stopped_and_not_killed() -> None:
    state, done = play(DROP_IN, (1, Event(kind=ABANDONED)))
    assert (state.reason, done) == (LOST, [(1, stop_group)])


def test_a_leak_that_is_waited_for_has_until_the_timeout() -> None:
    waiting = USUAL.replace(leak="wait")
    state, done = play(waiting, (1, ended), (3, tick), (4.9, tick), (5, tick))
    assert (state.reason, done) == (TIMEOUT, [(5, stop_by_term)])


def test_a_leak_that_is_waited_for_without_a_timeout_is_waited_for_for_ever() -> None:
    waiting = USUAL.replace(leak="wait", limits=())
    state, done = play(waiting, (1, ended), (1e18, tick))
    assert (state.phase, done) == (LEAKING, [])


def test_a_leak_that_is_waited_for_may_end() -> None:
    state, done = play(USUAL.replace(leak="wait"), (1, ended), (4, empty), (5, tick))
    assert (state.phase, state.reason, done) == (OVER, None, [])


@pytest.mark.parametrize("leak_timeout", [60.0, INFINITE])
def test_the_timeout_ends_a_longer_time_for_leaks(leak_timeout: float) -> None:
    state, done = play(USUAL.replace(leak_timeout=leak_timeout), (1, ended), (5, tick))
    # Still a leak: the command itself ended in time.
    assert (state.reason, done) == (LEAK, [(5, Action(do="leaks")), (5, stop_by_term)])


def test_a_signal_is_forwarded_to_what_was_left_behind() -> None:
    state, done = play(USUAL, (1, ended), (2, caught(HUP)))
    assert (state.phase, done) == (LEAKING, [(2, forward(HUP))])


def test_an_armed_signal_starts_the_countdown_for_what_is_waited_for() -> None:
    waiting = ARMED.replace(leak="wait")
    state, done = play(waiting, (1, ended), (2, caught(TERM)), (3, tick), (12, tick))
    assert (state.reason, done) == (INTERRUPTED, [(2, forward(TERM)), (12, kill)])


def test_what_was_left_behind_is_stopped_in_its_own_time_whatever_signal_comes() -> None:
    state, _ = play(ARMED, (1, ended), (1.1, caught(TERM)), (3.1, tick))
    assert state.reason == LEAK


# Pauses


def test_a_pause_puts_the_timeout_off() -> None:
    _, done = play(USUAL, (1, paused(60)), (64.9, tick), (65, tick))
    assert done == [(65, stop_by_term)]


def test_pauses_add_up() -> None:
    _, done = play(USUAL, (1, paused(10)), (12, paused(10)), (24.9, tick), (25, tick))
    assert done == [(25, stop_by_term)]


def test_a_pause_puts_the_timeout_off_for_what_is_waited_for() -> None:
    policy = USUAL.replace(leak="wait")
    _, done = play(policy, (1, ended), (2, paused(60)), (64.9, tick), (65, tick))
    assert done == [(65, stop_by_term)]


def test_a_pause_puts_the_kill_off() -> None:
    _, done = play(USUAL, (5, tick), (6, paused(60)), (74.9, tick), (75, tick))
    assert done == [(5, stop_by_term), (75, kill)]


def test_a_pause_puts_the_timeout_of_what_is_left_behind_off() -> None:
    waiting = USUAL.replace(leak="wait")
    _, done = play(waiting, (1, paused(60)), (62, ended), (64.9, tick), (65, tick))
    assert done == [(65, stop_by_term)]


def test_after_a_pause_leaks_still_have_their_time() -> None:
    script = ((1, paused(60)), (62, ended), (63.9, tick), (64, tick))
    state, done = play(USUAL, *script)
    assert (state.reason, done) == (LEAK, [(64, leaks), (64, stop_by_term)])


# The sweep


def test_the_kill_is_repeated_whenever_something_changed() -> None:
    swift = USUAL.replace(steps=())
    _, done = play(swift, (5, tick), (5.1, changed), (5.2, changed))
    assert done == [(5, kill), (5.1, kill), (5.2, kill)]


def test_the_sweep_ends_when_nothing_is_left() -> None:
    state, done = play(USUAL.replace(steps=()), (5, tick), (6, changed), (7, ended), (7, empty))
    assert (state.phase, done) == (OVER, [(5, kill), (6, kill)])


def test_what_outlives_the_sweep_is_listed_and_the_job_is_over() -> None:
    state, done = play(USUAL.replace(steps=(), sweep_limit=3.0), (5, tick), (8, tick))
    assert (state.phase, done) == (OVER, [(5, kill), (8, survivors)])


def test_changes_do_not_put_the_end_of_the_sweep_off() -> None:
    swift = USUAL.replace(steps=(), sweep_limit=3.0)
    state, done = play(swift, (5, tick), (7.9, changed), (8, changed), (8, tick))
    assert (state.phase, done[-1]) == (OVER, (8, survivors))


def test_nothing_is_swept_while_the_stop_signal_has_its_time() -> None:
    _, done = play(USUAL, (5, tick), (6, changed), (7, changed))
    assert done == [(5, stop_by_term)]


def test_a_job_that_is_over_hears_nothing_any_more() -> None:
    over = [(1, ended), (1, empty)]
    state, done = play(ARMED, *over, (2, caught(TERM)), (3, changed), (4, paused(1)), (99, tick))
    assert (state, done) == (play(ARMED, *over)[0], [])


# Whatever happens

numbers = st.sampled_from([HUP, INT, QUIT, TERM])
spans = st.floats(0, 30, allow_nan=False)
happenings = st.one_of(
    st.just(tick),
    st.sampled_from([tick, ended, empty, changed]),
    st.builds(caught, numbers, st.booleans()),
    st.builds(paused, spans),
)
scripts = st.lists(st.tuples(spans, happenings), max_size=25)  # seconds since the event before


def policies(seconds: st.SearchStrategy[float]) -> st.SearchStrategy[Policy]:
    """Return policies whose every duration is drawn from `seconds`."""
    return st.builds(
        Policy,
        rules=st.sampled_from(sorted(TABLES)),
        limits=st.builds(timeout, seconds),
        steps=st.lists(st.builds(Step, signal=numbers, grace=seconds), max_size=3).map(tuple),
        armed=st.frozensets(numbers),
        kill_after=seconds,
        leak=st.sampled_from(["kill", "wait", "allow", "fail"]),
        leak_timeout=seconds,
        sweep_limit=spans,
    )


def moves(
    policy: Policy, script: list[tuple[float, Event]]
) -> list[tuple[State, Event, float, State, tuple[Action, ...]]]:
    """Play a script; return each move as the state before, event, instant, state after, actions."""
    state, now, found = begin(policy, START), START, []
    for seconds, event in script:
        now += seconds
        after, actions = TABLES[policy.rules](policy, state, event, now)
        found.append((state, event, now, after, actions))
        state = after
    return found


@settings(deadline=None, max_examples=300)
@given(policies(spans | st.just(INFINITE)), scripts)
def test_phases_and_steps_only_move_forward(
    policy: Policy, script: list[tuple[float, Event]]
) -> None:
    for before, _, _, after, _ in moves(policy, script):
        assert PHASES.index(after.phase) >= PHASES.index(before.phase)
        assert after.step >= before.step or before.reason == INTERRUPTED


@settings(deadline=None, max_examples=300)
@given(policies(spans | st.just(INFINITE)), scripts)
def test_nothing_is_forwarded_once_the_kill_has_begun(
    policy: Policy, script: list[tuple[float, Event]]
) -> None:
    for before, _, _, _, actions in moves(policy, script):
        if before.phase in (KILLING, OVER):
            assert "forward" not in [action.do for action in actions]


@settings(deadline=None, max_examples=300)
@given(policies(spans | st.just(INFINITE)), scripts)
def test_a_tick_before_its_time_changes_no_state(
    policy: Policy, script: list[tuple[float, Event]]
) -> None:
    for before, event, now, after, _ in moves(policy, script):
        if event == tick and now < before.due:
            assert after == before


@settings(deadline=None, max_examples=300)
@given(policies(spans | st.just(INFINITE)), scripts)
def test_the_reason_is_decided_once(policy: Policy, script: list[tuple[float, Event]]) -> None:
    for before, event, _, after, _ in moves(policy, script):
        # But for a command that ended when it was interrupted: it was not stopped by us.
        taken_back = event.kind == ENDED and before.reason == INTERRUPTED
        assert before.reason in (None, after.reason) or taken_back


@settings(deadline=None, max_examples=300)
@given(policies(spans | st.just(INFINITE)), scripts)
def test_stop_signals_are_those_of_the_steps_in_their_order(
    policy: Policy, script: list[tuple[float, Event]]
) -> None:
    every = [action for move in moves(policy, script) for action in move[-1]]
    sent = [action.signal for action in every if action.do == "stop"]
    assert sent == [step.signal for step in policy.steps][: len(sent)]


@settings(deadline=None, max_examples=300)
@given(policies(spans), scripts)
def test_with_finite_times_only_every_job_is_over_in_the_end(
    policy: Policy, script: list[tuple[float, Event]]
) -> None:
    far = [(1e6, tick)] * (len(policy.steps) + 3)
    assert moves(policy, script + far)[-1][3].phase == OVER
