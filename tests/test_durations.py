"""Durations: what may be written, what it means, and what is refused."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runwrap.model.durations import ACCEPTED, INFINITE, UNITS, parse


def test_a_bare_number_is_seconds() -> None:
    assert parse("30") == 30.0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("250ms", 0.25), ("30s", 30.0), ("5m", 300.0), ("2h", 7200.0), ("1d", 86400.0)],
)
def test_a_unit_scales_its_number(text: str, seconds: float) -> None:
    assert parse(text) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1h30m", 5400.0),
        ("1m500ms", 60.5),
        ("1d2h3m4s", 93784.0),
        ("1d2h3m4s500ms", 93784.5),
        ("1.5h30m", 7200.0),
    ],
)
def test_parts_from_the_largest_unit_down_add_up(text: str, seconds: float) -> None:
    assert parse(text) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"), [("1.5", 1.5), ("1.5s", 1.5), (".5", 0.5), ("0.5m", 30.0), ("1.25h", 4500)]
)
def test_a_number_may_have_a_fraction(text: str, seconds: float) -> None:
    assert parse(text) == seconds


@pytest.mark.parametrize("text", ["0", "0s", "0ms", "0.0", "0h0m"])
def test_zero_is_a_duration(text: str) -> None:
    assert parse(text) == 0.0


def test_leading_zeros_change_nothing() -> None:
    assert parse("007s") == 7.0


def test_inf_never_ends() -> None:
    assert parse("inf") == INFINITE


@pytest.mark.parametrize("text", ["infinity", "Inf", "INF", "infs", "inf1s", "1hinf", "nan"])
def test_other_words_of_floating_point_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        parse(text)


@pytest.mark.parametrize("text", ["", ".", "5.", "5.s", "1.2.3", "1..5", "s", "ms", "h5"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        parse(text)


@pytest.mark.parametrize("text", ["5x", "5S", "5M", "5sec", "5min", "5us", "5w", "5,5", "5:30"])
def test_unknown_units_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        parse(text)


@pytest.mark.parametrize("text", ["1m1h", "5s1m", "1s1s", "1h1h30m", "1ms1s"])
def test_units_that_do_not_get_smaller_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        parse(text)


@pytest.mark.parametrize("text", ["1h30", "1m5", "5s5"])
def test_a_number_without_a_unit_stands_alone(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        parse(text)


@pytest.mark.parametrize("text", ["+5", "-5", "-1s", "+1h", "1h-30m", "-0", "-inf", "+inf"])
def test_signs_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        parse(text)


@pytest.mark.parametrize("text", [" ", " 5", "5 ", "5 s", "1h 30m", "5\n", "\t5", "5\u00a0s"])
def test_blanks_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        parse(text)


@pytest.mark.parametrize("text", ["1_000", "1_0s", "_5", "5_"])
def test_underscores_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        parse(text)


@pytest.mark.parametrize("text", ["1e3", "1E3", "0x10", "1e3s"])
def test_exponents_and_other_bases_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        parse(text)


@pytest.mark.parametrize("text", ["\u0665", "\uff15", "\u0967s", "\u00b2", "1\u0665s", "\udcff"])
def test_digits_of_other_scripts_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        parse(text)


def test_a_refusal_shows_the_text_and_what_is_accepted() -> None:
    with pytest.raises(ValueError) as refused:
        parse("soon")
    assert str(refused.value) == f"'soon' is not a duration; write {ACCEPTED}"


def test_every_example_of_a_refusal_is_accepted() -> None:
    examples = ACCEPTED.replace("or ", "").split(", ")
    assert [parse(one) for one in examples] == [30, 1.5, 300, 7200, 86400, 5400, 0.25, INFINITE]


@settings(deadline=None)
@given(st.text("0123456789.hmsdinf+-_e \u0665", max_size=8) | st.text(max_size=8))
def test_any_text_is_refused_or_means_zero_seconds_or_more(text: str) -> None:
    try:
        seconds = parse(text)
    except ValueError as error:
        assert ACCEPTED in str(error)
    else:
        assert seconds >= 0.0
        assert text.isascii()


@settings(deadline=None)
@given(st.lists(st.integers(0, 999), min_size=len(UNITS), max_size=len(UNITS)))
def test_every_unit_may_be_given_at_once(counts: list[int]) -> None:
    parts = list(zip(counts, ("d", "h", "m", "s", "ms"), strict=True))
    text = "".join(f"{count}{unit}" for count, unit in parts)
    assert math.isclose(parse(text), sum(count * UNITS[unit] for count, unit in parts))
