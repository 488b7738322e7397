"""Signals as people write them."""

import signal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runwrap.model.signal_names import name, parse

VALID = sorted(map(int, signal.valid_signals()))
COMMON = ("HUP", "INT", "QUIT", "KILL", "USR1", "TERM", "CHLD", "CONT", "STOP", "TSTP", "WINCH")
needs_real_time_signals = pytest.mark.skipif(
    not hasattr(signal, "SIGRTMIN"), reason="this system has no real-time signals"
)


def number_of(word: str) -> int:
    return int(getattr(signal, f"SIG{word}"))


@pytest.mark.parametrize("word", COMMON)
def test_a_name_means_its_number(word: str) -> None:
    assert parse(word) == number_of(word)


@pytest.mark.parametrize("word", COMMON)
def test_the_prefix_sig_may_be_written(word: str) -> None:
    assert parse(f"SIG{word}") == number_of(word)


@pytest.mark.parametrize("text", ["term", "Term", "sigterm", "SigTerm", "sigTERM", "SIGterm"])
def test_case_does_not_matter(text: str) -> None:
    assert parse(text) == signal.SIGTERM


@pytest.mark.parametrize("number", VALID)
def test_a_valid_number_means_itself(number: int) -> None:
    assert parse(str(number)) == number


@pytest.mark.skipif(not hasattr(signal, "SIGCLD"), reason="an old name of System V")
def test_old_names_are_understood() -> None:
    assert (parse("CLD"), parse("IOT")) == (signal.SIGCHLD, signal.SIGABRT)


@needs_real_time_signals
@pytest.mark.parametrize(
    ("text", "base", "offset"),
    [
        ("RTMIN", "RTMIN", 0),
        ("RTMIN+0", "RTMIN", 0),
        ("RTMIN+3", "RTMIN", 3),
        ("SIGRTMIN+3", "RTMIN", 3),
        ("sigrtmin+3", "RTMIN", 3),
        ("RtMin+12", "RTMIN", 12),
        ("RTMAX", "RTMAX", 0),
        ("RTMAX-0", "RTMAX", 0),
        ("RTMAX-1", "RTMAX", -1),
        ("SIGRTMAX-1", "RTMAX", -1),
        ("rtmax-14", "RTMAX", -14),
    ],
)
def test_real_time_signals_are_counted_from_either_end(text: str, base: str, offset: int) -> None:
    assert parse(text) == number_of(base) + offset


@needs_real_time_signals
def test_the_whole_real_time_range_is_reached_from_either_end() -> None:
    wide = number_of("RTMAX") - number_of("RTMIN")
    assert parse(f"RTMIN+{wide}") == number_of("RTMAX")
    assert parse(f"RTMAX-{wide}") == number_of("RTMIN")


@needs_real_time_signals
@pytest.mark.parametrize(
    "text",
    [
        "RTMIN-1",
        "RTMAX+1",
        "RTMIN+99",
        "RTMAX-40",
        "RTMAX-99",
        "RTMIN+",
        "RTMAX-",
        "RTMIN3",
        "RTMIN+-3",
        "RTMIN++3",
        "RTMIN+ 3",
        "RTMIN+\u0663",
        "RTMIN+1_0",
        "RTMINI",
        "RTM",
    ],
)
def test_real_time_signals_outside_the_range_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a signal"):
        parse(text)


@pytest.mark.parametrize("number", sorted({0, 32, 33, 65, 128, 10**9} - set(VALID)))
def test_numbers_that_are_no_signal_here_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="is not a signal"):
        parse(str(number))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "SIG",
        "FOO",
        "SIGFOO",
        "SIGSIGTERM",
        "SIG15",
        "SIG_DFL",
        "_IGN",
        "TERM ",
        " TERM",
        "TERM,INT",
        "-15",
        "+15",
        "15.0",
        "1_5",
        "\u0661\u0665",
        "\u00b2",
        "0x0f",
        "\udcff",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a signal"):
        parse(text)


def test_a_refusal_shows_the_text_and_what_is_accepted() -> None:
    with pytest.raises(ValueError) as refused:
        parse("FOO")
    message = "'FOO' is not a signal; write a name or number, as TERM, SIGTERM, 15"
    assert str(refused.value) == message


@pytest.mark.parametrize("word", COMMON)
def test_a_number_is_named_without_sig(word: str) -> None:
    assert name(number_of(word)) == word


def test_the_usual_name_is_given_where_there_are_several() -> None:
    assert (name(signal.SIGABRT), name(signal.SIGCHLD), name(signal.SIGIO)) == (
        "ABRT",
        "CHLD",
        "IO",
    )


@needs_real_time_signals
@pytest.mark.parametrize(("offset", "expected"), [(0, "RTMIN"), (1, "RTMIN+1"), (3, "RTMIN+3")])
def test_a_real_time_signal_is_named_from_the_first(offset: int, expected: str) -> None:
    assert name(number_of("RTMIN") + offset) == expected


@pytest.mark.parametrize("number", [0, 999])
def test_what_has_no_name_is_named_by_its_number(number: int) -> None:
    assert name(number) == str(number)


@pytest.mark.parametrize("number", VALID)
def test_the_name_of_a_signal_is_read_as_the_same_signal(number: int) -> None:
    assert parse(name(number)) == number


@settings(deadline=None)
@given(st.text("SIGTERMNAX+-0123456789", max_size=9) | st.text(max_size=9))
def test_any_text_is_refused_or_is_a_signal_of_this_system(text: str) -> None:
    try:
        assert parse(text) in VALID
    except ValueError as error:
        assert "is not a signal" in str(error)


@pytest.mark.parametrize(
    "text", ["\u0131nt", "\u017figterm", "\ufb06op", "9" * 5000, "RTMIN+" + "9" * 5000]
)
def test_signals_in_letters_of_other_scripts_or_endless_digits_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a signal"):
        parse(text)
