"""Pipelines in files, and pipelines whose words are given one by one."""

import pytest

from runwrap.model.pipeline import parse_words
from runwrap.model.plan import Stage
from runwrap.model.spec.reading import parse, parse_file_text
from runwrap.model.spec.refusals import SpecError
from tests.pipeline_reading import STDERR_TO_STDOUT

# Files


def test_a_file_of_one_line_is_a_spec() -> None:
    assert parse_file_text("a <f | b\n") == parse("a <f | b")


def test_a_first_line_may_name_the_interpreter() -> None:
    assert parse_file_text("#!/usr/bin/env -S runwrap pipe --file\na | b\n") == parse("a | b")


@pytest.mark.parametrize(
    "text",
    [
        "a |\nb |&\nc",
        "a |  \n  b |& \t\n\tc\n",
        "a |\n\n \t\nb |&\n\n\nc\n\n \n",
        "a |\n# x | y ' $(\n   # z\nb |& #\n".replace(" #\n", "\n") + "# w\nc\n#v",
        "\n\n# a\n \n a | b |& c",
    ],
)
def test_a_line_goes_on_after_a_bar_past_empty_lines_and_comments(text: str) -> None:
    assert parse_file_text(text) == parse("a | b |& c")


def refused_in_file(text: str) -> tuple[str, int | None, str, int]:
    """Return why a file is refused, its line, what that says, and the column."""
    with pytest.raises(SpecError) as caught:
        parse_file_text(text)
    error = caught.value
    return error.reason, error.line, error.spec, error.position


@pytest.mark.parametrize(
    ("text", "reason", "line", "shown", "position"),
    [
        ("a\nb\n", "newline", 2, "b", 0),
        ("a\n| b", "newline", 2, "| b", 0),
        ("a |\nb\n\n  c\n", "newline", 4, "  c", 2),
        ("a 'b\nc'\n", "newline", 1, "a 'b", 4),
        ('a "b\nc"\n', "newline", 1, 'a "b', 4),
        ('a "b\\\nc"\n', "newline", 1, 'a "b\\', 5),
        ("a \\\nb\n", "newline", 1, "a \\", 3),
        ("a\r\n", "newline", 1, "a\r", 1),
        ("a 2>&1\r\n", "newline", 1, "a 2>&1\r", 6),
        ("a\n# \0\n", "nul", 2, "# \0", 2),
        ("a | # b\nc", "comment", 1, "a | # b", 4),
        ("a |\nb # c\n", "comment", 2, "b # c", 2),
        ("a |\n\n", "empty-stage", 1, "a |", 3),
        ("a |\n| b", "empty-stage", 2, "| b", 0),
        (">f\na", "newline", 2, "a", 0),
        ("a >\nf", "newline", 2, "f", 0),
        ("a |\n b && c\n", "and-or", 2, " b && c", 3),
        ("", "empty", 1, "", 0),
        ("#!/bin/x\n\n", "empty", 1, "#!/bin/x", 0),
    ],
)
def test_a_refusal_names_the_line(
    text: str, reason: str, line: int, shown: str, position: int
) -> None:
    assert refused_in_file(text) == (reason, line, shown, position)


# Words as they are


def test_words_are_taken_as_they_are() -> None:
    (stage,) = parse_words(["A=1", "$b", "*", "a b", "", ">f", "\n", "2>&1", "|x", "||"])
    assert stage == Stage(argv=("A=1", "$b", "*", "a b", "", ">f", "\n", "2>&1", "|x", "||"))


def test_a_word_that_is_a_bar_separates_stages() -> None:
    assert parse_words(["zcat", "a", "|", "cd", "|&", "if"]) == (
        Stage(argv=("zcat", "a")),
        Stage(argv=("cd",), redirects=(STDERR_TO_STDOUT,)),
        Stage(argv=("if",)),
    )


@pytest.mark.parametrize(
    ("given", "reason", "position"),
    [
        ([], "empty", 0),
        (["|"], "empty-stage", 0),
        (["a", "|"], "empty-stage", 3),
        (["a", "|&"], "empty-stage", 4),
        (["a", "|", "|", "b"], "empty-stage", 4),
        (["a", "|", "", "b"], "empty-stage", 4),
        ([""], "empty-stage", 0),
        (["a", "b\0"], "nul", 3),
    ],
)
def test_words_without_a_command_are_refused(given: list[str], reason: str, position: int) -> None:
    with pytest.raises(SpecError) as caught:
        parse_words(given)
    assert (caught.value.reason, caught.value.position) == (reason, position)
