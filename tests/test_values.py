"""The values of options: what each parser takes, and what it says of the rest."""

import signal as system

import pytest

from runwrap.cli import values
from runwrap.model.escalation import Step
from runwrap.model.signals import INT, QUIT, TERM


@pytest.mark.parametrize("text", ["auto", "new"])
def test_one_of_takes_its_words(text: str) -> None:
    assert values.one_of("auto", "new")(text) == text


@pytest.mark.parametrize("text", ["", "AUTO", "aut", "auto ", "auto,new", "auto, new"])
def test_one_of_refuses_other_words_and_lists_its_own(text: str) -> None:
    with pytest.raises(ValueError) as refused:
        values.one_of("auto", "new")(text)
    assert str(refused.value) == f"{text!r} is none of auto, new"


@pytest.mark.parametrize("text", ["a", "/a/b", ".", "-", " ", "a b", "\udcff", "-t"])
def test_a_path_is_any_name(text: str) -> None:
    assert values.path(text) == text


def test_an_empty_path_is_refused() -> None:
    with pytest.raises(ValueError, match="not empty"):
        values.path("")


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("A=1", ("A", "1")),
        ("A=", ("A", "")),
        ("A==", ("A", "=")),
        ("A=B=C", ("A", "B=C")),
        ("a b= c ", ("a b", " c ")),
        ("\udcff=\udcfe", ("\udcff", "\udcfe")),
    ],
)
def test_an_assignment_is_split_at_the_first_equals_sign(text: str, pair: tuple[str, str]) -> None:
    assert values.assignment(text) == pair


@pytest.mark.parametrize("text", ["", "A", "=", "=1"])
def test_an_assignment_without_name_or_equals_sign_is_refused(text: str) -> None:
    with pytest.raises(ValueError) as refused:
        values.assignment(text)
    assert str(refused.value) == f"{text!r} is not NAME=VALUE"


@pytest.mark.parametrize("text", ["A", "a_1", "1", "a.b", "BASH_FUNC_f%%"])
def test_a_variable_has_any_name_that_an_environment_can_hold(text: str) -> None:
    assert values.variable_name(text) == text


@pytest.mark.parametrize("text", ["", "=", "A=", "A=1"])
def test_a_name_that_no_variable_can_have_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not the name of a variable"):
        values.variable_name(text)


@pytest.mark.parametrize(
    ("text", "mode"), [("0", 0), ("22", 0o22), ("022", 0o22), ("777", 0o777), ("00077", 0o77)]
)
def test_a_umask_is_octal(text: str, mode: int) -> None:
    assert values.umask(text) == mode


@pytest.mark.parametrize(
    "text", ["", "8", "1000", "0o22", "-22", "+22", " 22", "2_2", "u=rwx", "\u0662"]
)
def test_a_umask_that_is_no_octal_mode_is_refused(text: str) -> None:
    with pytest.raises(ValueError) as refused:
        values.umask(text)
    assert str(refused.value) == f"{text!r} is not an octal mode from 000 to 777"


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("5", 5), ("+5", 5), ("-5", -5), ("40", 40), ("-40", -40)]
)
def test_a_niceness_is_a_whole_number_of_either_sign(text: str, number: int) -> None:
    assert values.niceness(text) == number


@pytest.mark.parametrize(
    "text", ["", "+", "-", "41", "-41", "--5", "+-5", "5.0", " 5", "5 ", "1_0", "\u0665", "five"]
)
def test_a_niceness_outside_the_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError) as refused:
        values.niceness(text)
    assert str(refused.value) == f"{text!r} is not a whole number from -40 to 40"


@pytest.mark.parametrize("text", ["TERM", "sigterm", str(int(system.SIGTERM))])
def test_a_signal_is_a_name_or_a_number(text: str) -> None:
    assert values.signal(text) == TERM


def test_an_unknown_signal_is_refused() -> None:
    with pytest.raises(ValueError, match="'FOO' is not a signal"):
        values.signal("FOO")


@pytest.mark.parametrize(
    "text", ["QUIT:2s,TERM:10s,KILL", "QUIT:2s,TERM:10s", "sigquit:2,term:10,9", "3:2s,15:10s,kill"]
)
def test_steps_are_signals_with_the_time_to_wait_after_each(text: str) -> None:
    assert values.steps(text) == (Step(signal=QUIT, grace=2.0), Step(signal=TERM, grace=10.0))


def test_a_signal_may_be_repeated_in_steps() -> None:
    assert values.steps("INT:0,INT:1m") == (Step(signal=INT, grace=0.0), Step(signal=INT, grace=60))


def test_a_step_may_wait_for_ever() -> None:
    assert values.steps("TERM:inf,KILL") == (Step(signal=TERM, grace=float("inf")),)


@pytest.mark.parametrize("text", ["KILL", "SIGKILL", "sigkill", "9"])
def test_kill_alone_is_no_step_before_the_kill(text: str) -> None:
    assert values.steps(text) == ()


@pytest.mark.parametrize("text", ["TERM", "TERM,KILL", "INT:2s,TERM,KILL"])
def test_steps_need_a_time(text: str) -> None:
    with pytest.raises(ValueError, match=r"^'TERM' needs a time to wait, as in QUIT:2s"):
        values.steps(text)


@pytest.mark.parametrize(
    "text", ["KILL:2s", "KILL:2s,TERM:2s", "TERM:2s,KILL:2s", "TERM:2s,KILL,KILL"]
)
def test_steps_have_kill_only_at_the_end_and_without_a_time(text: str) -> None:
    with pytest.raises(ValueError, match=r"^'KILL.*': KILL is the last, and nothing is waited for"):
        values.steps(text)


@pytest.mark.parametrize("text", ["", ",", "TERM:2s,", ",TERM:2s", "FOO:2s", "TERM :2s", ":2s"])
def test_steps_of_what_is_no_signal_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a signal"):
        values.steps(text)


@pytest.mark.parametrize("text", ["TERM:", "TERM:soon", "TERM:-1", "TERM:2s:3s", "TERM: 2s"])
def test_steps_with_what_is_no_duration_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        values.steps(text)


def test_kill_in_letters_of_other_scripts_is_refused() -> None:
    with pytest.raises(ValueError, match="is not a signal"):
        values.steps("TERM:2s,k\u0131ll")
