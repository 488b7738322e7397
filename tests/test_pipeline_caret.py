"""How a refused spec is shown: on one line, a caret under the column, the reason, the way out."""

import pytest

from runwrap.model.pipeline import parse_words
from runwrap.model.spec.caret import render
from runwrap.model.spec.reading import parse, parse_file_text
from runwrap.model.spec.refusals import SpecError


def shown(spec: str, width: int = 76) -> list[str]:
    with pytest.raises(SpecError) as caught:
        parse(spec)
    return render(caught.value, width).split("\n")


def test_the_caret_is_under_the_first_error() -> None:
    assert shown("pg_dump db && gzip; x") == [
        "pg_dump db && gzip; x",
        "           ^",
        "and-or: && and || are for a shell; use runwrap -- sh -c '...', or runwrap once for each",
    ]


def test_the_error_alone_tells_all_but_the_place() -> None:
    with pytest.raises(ValueError, match="begins another command") as caught:
        parse("a ; b")
    assert "\n" not in str(caught.value)


def test_a_wide_character_takes_two_columns() -> None:
    assert shown("日本 ;")[:2] == ["日本 ;", "     ^"]


def test_a_mark_upon_a_character_takes_none() -> None:
    assert shown("e\u0301a\u0336 ;")[:2] == ["e\u0301a\u0336 ;", "   ^"]


@pytest.mark.parametrize(
    ("character", "seen"),
    [("\t", "\\t"), ("\x1b", "\\x1b"), ("\u200b", "\\u200b"), ("\u202e", "\\u202e"),
     ("\xa0", "\\xa0"), ("\udcff", "\\xff"), ("\udc80", "\\x80"), ("\u3000", "\\u3000")],
)  # fmt: skip
def test_what_cannot_be_seen_is_escaped(character: str, seen: str) -> None:
    assert shown(f"a{character};")[:2] == [f"a{seen};", " " * (1 + len(seen)) + "^"]


def test_an_end_of_line_does_not_end_the_line() -> None:
    assert shown("a\nb")[:2] == ["a\\nb", " ^"]


def test_the_caret_may_stand_after_the_end() -> None:
    assert shown("a |")[:2] == ["a |", "   ^"]


def test_of_a_long_spec_the_part_around_the_caret_is_shown() -> None:
    spec = "x" * 500_000 + ";" + "y" * 500_000
    assert shown(spec, 20)[:2] == ["...xxxxxxxxxxx;yy...", "              ^"]


def test_a_long_rest_is_cut() -> None:
    assert shown(";" + "y" * 500_000, 20)[:2] == [";yyyyyyyyyyyyy...", "^"]


def test_a_long_beginning_is_cut() -> None:
    assert shown("x" * 500_000 + " |", 20)[:2] == ["...xxxxxxxxx |", "              ^"]


@pytest.mark.parametrize("text", ["x", "日", "\udcff", "e\u0301", "\u202e", "日x\t"])
@pytest.mark.parametrize("before", [0, 1, 30, 100, 5000])
def test_the_spec_never_takes_more_columns_than_there_are(text: str, before: int) -> None:
    line, caret, _told = shown(text * before + ";" + text * 5000, 40)
    width = sum(2 if character == "日" else character != "\u0301" for character in line)
    assert width <= 40
    assert line[_index(line, len(caret) - 1)] == ";"


def _index(line: str, column: int) -> int:
    """Return which character stands in a column."""
    at = 0
    for index, character in enumerate(line):
        if at == column and character != "\u0301":
            return index
        at += 2 if character == "日" else character != "\u0301"
    raise AssertionError("the caret is outside of the line")


def test_of_a_file_its_line_is_shown_with_its_number() -> None:
    with pytest.raises(SpecError) as caught:
        parse_file_text("#!/usr/bin/runwrap\n\na |\n  b; c\n")
    assert render(caught.value).split("\n") == [
        "  b; c",
        "   ^",
        "line 4: list: ; begins another command; use runwrap -- sh -c '...', or quote it to mean "
        "itself",
    ]


def test_words_are_shown_with_blanks_between_them() -> None:
    with pytest.raises(SpecError) as caught:
        parse_words(["a", "b c", "|"])
    assert render(caught.value).split("\n")[:2] == ["a b c |", "       ^"]
