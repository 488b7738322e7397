"""What is decided from what was asked: defaults, and options that contradict each other."""

import pytest

from runwrap.model.decide import decide
from runwrap.model.durations import INFINITE
from runwrap.model.escalation import GRACE, Policy, Step
from runwrap.model.plan import Environment, Plan, Redirect, Stage
from runwrap.model.request import Request
from runwrap.model.signals import INT, KILL, QUIT, TERM

HUP = 1
PLAIN = Request(operands=("true",))


def test_a_bare_command_gets_every_default() -> None:
    assert decide(PLAIN) == Plan(
        stages=(Stage(argv=("true",)),),
        policy=Policy(
            limits=(),
            steps=(Step(signal=TERM, grace=GRACE),),
            armed=frozenset(),
            kill_after=GRACE,
            leak="kill",
            leak_timeout=0.2,
        ),
        session="auto",
        contain="auto",
        environment=Environment(clear=False, unset=(), set=()),
        redirects=(),
        settings=(),
    )


def test_equal_requests_make_equal_plans() -> None:
    assert decide(PLAIN) == decide(Request(operands=("true",)))


def test_the_command_keeps_its_words() -> None:
    words = ("sh", "-c", "", "--", "-t", "\udcff")
    assert decide(PLAIN.replace(operands=words)).stages == (Stage(argv=words),)


def test_without_a_command_there_is_no_plan() -> None:
    with pytest.raises(ValueError, match="no command given"):
        decide(Request())


def test_a_command_without_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match="the command's name is empty"):
        decide(PLAIN.replace(operands=("", "x")))


# Limits and how a job is stopped


@pytest.mark.parametrize("timeout", [0.5, 30.0, INFINITE])
def test_the_timeout_is_the_one_asked_for(timeout: float) -> None:
    assert decide(PLAIN.replace(timeout=timeout)).policy.timeout == timeout


def test_a_timeout_of_zero_is_no_limit() -> None:
    assert decide(PLAIN.replace(timeout=0.0)) == decide(PLAIN)


def test_the_stop_signal_is_the_one_asked_for() -> None:
    assert decide(PLAIN.replace(signal=HUP)).policy.steps == (Step(signal=HUP, grace=GRACE),)


def test_kill_as_the_stop_signal_leaves_no_step_before_it() -> None:
    assert decide(PLAIN.replace(signal=KILL)).policy.steps == ()


@pytest.mark.parametrize("seconds", [0.1, 3.0, INFINITE])
def test_kill_after_is_the_grace_period(seconds: float) -> None:
    policy = decide(PLAIN.replace(kill_after=seconds)).policy
    assert policy.steps == (Step(signal=TERM, grace=seconds),)
    assert policy.kill_after == seconds


def test_kill_after_arms_the_signals_that_ask_a_job_to_end() -> None:
    assert decide(PLAIN.replace(kill_after=3.0)).policy.armed == {TERM, INT, QUIT}


def test_without_kill_after_no_signal_is_armed() -> None:
    assert decide(PLAIN.replace(signal=INT)).policy.armed == frozenset()


def test_kill_after_zero_kills_at_once() -> None:
    policy = decide(PLAIN.replace(kill_after=0.0, signal=INT)).policy
    assert (policy.steps, policy.kill_after) == ((), 0.0)


def test_the_steps_of_escalate_are_taken_as_they_are() -> None:
    steps = (Step(signal=QUIT, grace=2.0), Step(signal=TERM, grace=10.0))
    policy = decide(PLAIN.replace(escalate=steps)).policy
    assert (policy.steps, policy.armed) == (steps, frozenset())


def test_escalate_with_the_kill_alone_kills_at_once() -> None:
    assert decide(PLAIN.replace(escalate=())).policy.steps == ()


def test_escalate_contradicts_a_stop_signal() -> None:
    with pytest.raises(ValueError, match="--escalate says it all: leave out --signal"):
        decide(PLAIN.replace(escalate=(), signal=TERM))


@pytest.mark.parametrize("seconds", [0.0, 3.0])
def test_escalate_contradicts_kill_after(seconds: float) -> None:
    with pytest.raises(ValueError, match="--escalate says it all: leave out --kill-after"):
        decide(PLAIN.replace(escalate=(), kill_after=seconds))


@pytest.mark.parametrize("leak", ["kill", "wait", "allow", "fail"])
def test_what_becomes_of_leaks_is_as_asked(leak: str) -> None:
    policy = decide(PLAIN.replace(leak=leak, leak_timeout=3.0)).policy
    assert (policy.leak, policy.leak_timeout) == (leak, 3.0)


# The session


@pytest.mark.parametrize("session", ["auto", "new", "foreground"])
def test_the_session_is_the_one_asked_for(session: str) -> None:
    assert decide(PLAIN.replace(session=session)).session == session


@pytest.mark.parametrize("session", [None, "foreground"])
def test_foreground_is_short_for_session_foreground(session: str | None) -> None:
    assert decide(PLAIN.replace(foreground=True, session=session)).session == "foreground"


@pytest.mark.parametrize("session", ["auto", "new"])
def test_foreground_contradicts_any_other_session(session: str) -> None:
    with pytest.raises(ValueError, match=f"--foreground contradicts --session {session}"):
        decide(PLAIN.replace(foreground=True, session=session))


# What the command finds around it


def test_the_environment_is_the_callers_with_the_changes_asked_for() -> None:
    request = PLAIN.replace(clean_env=True, unset=("A", "B"), env=(("C", "1"), ("C", "2")))
    assert decide(request).environment == Environment(
        clear=True, unset=("A", "B"), set=(("C", "1"), ("C", "2"))
    )


def test_redirections_are_in_the_order_of_their_descriptors() -> None:
    request = PLAIN.replace(stderr="e", stdout="o", stdin="i")
    assert decide(request).redirects == (
        Redirect(target=0, path="i"),
        Redirect(target=1, path="o"),
        Redirect(target=2, path="e"),
    )


def test_only_what_was_asked_for_is_redirected() -> None:
    assert decide(PLAIN.replace(stderr="e")).redirects == (Redirect(target=2, path="e"),)


def test_append_is_about_the_files_that_are_written() -> None:
    request = PLAIN.replace(append=True, stdin="i", stdout="o", stderr="e")
    assert [redirect.append for redirect in decide(request).redirects] == [False, True, True]


@pytest.mark.parametrize("stdin", [None, "i"])
def test_append_without_a_file_to_write_is_refused(stdin: str | None) -> None:
    with pytest.raises(ValueError, match="--append needs --stdout or --stderr"):
        decide(PLAIN.replace(append=True, stdin=stdin))


def test_folder_mask_niceness_and_containment_are_as_asked() -> None:
    plan = decide(PLAIN.replace(chdir="/", umask=0, nice=0, contain="group"))
    assert plan.settings == (("chdir", "/"), ("umask", 0), ("nice", 0))
    assert (plan.chdir, plan.contain) == ("/", "group")
