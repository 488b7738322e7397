"""The pipeline spec: what may be written, and what it means."""

import os
import subprocess
import sys

import pytest

from runwrap.model.plan import Redirect, Stage
from runwrap.model.spec.reading import parse
from runwrap.model.spec.refusals import REFUSALS, SpecError
from tests.pipeline_reading import STDERR_TO_STDOUT, argvs, only, refused, words

# Stages and words


def test_a_command_alone_is_a_pipeline_of_one_stage() -> None:
    assert parse("sort -n") == (Stage(argv=("sort", "-n")),)


def test_a_bar_separates_stages() -> None:
    assert argvs("pg_dump db | gzip -9 | wc -c") == [
        ("pg_dump", "db"),
        ("gzip", "-9"),
        ("wc", "-c"),
    ]


def test_operators_need_no_blanks() -> None:
    assert parse("a<f|b 2>>g>h") == parse("a <f | b 2>>g >h")


def test_a_bar_with_an_ampersand_joins_standard_error_to_the_pipe_after_all_else() -> None:
    first, second = parse("a <f |& b")
    assert first.redirects == (Redirect(target=0, path="f"), STDERR_TO_STDOUT)
    assert second == Stage(argv=("b",))


@pytest.mark.parametrize("spec", ["a b", " a b ", "\ta\tb\t", "a  \t b"])
def test_blanks_and_tabs_separate_words(spec: str) -> None:
    assert words(spec) == ("a", "b")


@pytest.mark.parametrize("blank", ["\v", "\f", "\xa0", "\u2003", "\u3000", "\x85", "\x1f"])
def test_no_other_space_separates_words(blank: str) -> None:
    assert words(f"a{blank}b {blank}") == (f"a{blank}b", blank)


@pytest.mark.parametrize(
    "word", ["é", "日本", "\udcff", "e\u0301", "\x01", "\x7f", "-", "a=b", "%", "^", "+@,.:/"]
)
def test_other_characters_stand_for_themselves(word: str) -> None:
    assert words(f"a {word}") == ("a", word)


# Quotes


def test_single_quotes_keep_everything_as_it_is() -> None:
    assert words(r"""a '|&;<>()$`"\*?[x]{a,b}~# '""") == ("a", r"""|&;<>()$`"\*?[x]{a,b}~# """)


def test_double_quotes_keep_all_but_what_a_backslash_quotes() -> None:
    assert words(r'''a "|&;<>()'*?[x]{a,b}~# \"\\\$\`"''') == (
        "a",
        r"""|&;<>()'*?[x]{a,b}~# "\$`""",
    )


@pytest.mark.parametrize("character", ["a", "n", "'", " ", "!", "*", "é", "\udcff", "\t"])
def test_in_double_quotes_a_backslash_before_anything_else_stays(character: str) -> None:
    assert words(f'a "\\{character}"') == ("a", f"\\{character}")


@pytest.mark.parametrize("character", "|&;<>()$`'\"\\*?[]{}~#=! \tné日\udcff\x01")
def test_a_backslash_quotes_the_next_character(character: str) -> None:
    assert words(f"a \\{character}") == ("a", character)


def test_parts_of_a_word_join() -> None:
    assert words("""a b'c d'"e f"\\ g""") == ("a", "bc de f g")


@pytest.mark.parametrize("quotes", ["''", '""', "''\"\""])
def test_quotes_make_an_empty_word(quotes: str) -> None:
    assert words(f"a {quotes} b") == ("a", "", "b")


@pytest.mark.parametrize("spec", ["a 'b", 'a "b', "a '", 'a "b\\"', "a 'b\"", "a \"b'c"])
def test_a_quote_that_is_not_closed_is_refused_where_it_opens(spec: str) -> None:
    assert refused(spec) == ("unterminated-quote", 2)


@pytest.mark.parametrize("spec", ["a \\", "a b\\", "a \\\\\\"])
def test_a_backslash_at_the_end_is_refused(spec: str) -> None:
    assert refused(spec) == ("trailing-backslash", len(spec) - 1)


# Variables for a command


def test_assignments_stand_before_the_command() -> None:
    stage = only("A=1 b_2= _c='x y'=z cmd D=4")
    assert stage.assignments == (("A", "1"), ("b_2", ""), ("_c", "x y=z"))
    assert stage.argv == ("cmd", "D=4")


def test_assignments_to_one_name_are_all_kept_in_order() -> None:
    assert only("A=1 A=2 cmd").assignments == (("A", "1"), ("A", "2"))


def test_every_stage_has_its_own_assignments() -> None:
    assert [stage.assignments for stage in parse("A=1 a | B=2 b")] == [
        (("A", "1"),),
        (("B", "2"),),
    ]


def test_redirections_may_stand_between_assignments() -> None:
    assert only(">f A=1 2>g cmd") == only("A=1 cmd >f 2>g")


@pytest.mark.parametrize(
    ("spec", "name"),
    [("'A'=1 x", "A=1"), ("A\\=1 x", "A=1"), ('"A=1" x', "A=1"), ("A''=1 x", "A=1"),
     ("1A=1 x", "1A=1"), ("=1 x", "=1"), ("A-b=1 x", "A-b=1"), ("./A=1 x", "./A=1")],
)  # fmt: skip
def test_a_quoted_name_or_none_at_all_makes_a_command(spec: str, name: str) -> None:
    assert words(spec) == (name, "x")


@pytest.mark.parametrize(
    "word", ["A+=1", "a[0]=1", "a[0=1", "a[", "é=1", "aé=1", "\udcff=1", "é+=1"]
)
def test_what_a_shell_may_take_for_an_assignment_is_no_command(word: str) -> None:
    reason, position = refused(f"B=1 {word} x")
    assert reason in ("assignment", "glob")  # a closed bracket is a pattern as well
    assert position >= 4


@pytest.mark.parametrize("word", ["A+=1", "a[0=1", "a[", "é=1", "A=1"])
def test_after_the_command_it_is_a_word(word: str) -> None:
    assert words(f"cmd {word}") == ("cmd", word)


@pytest.mark.parametrize("name", ["UID", "EUID", "PPID", "SHELLOPTS", "BASHOPTS", "BASH_VERSINFO"])
def test_a_variable_that_bash_keeps_from_writing_is_refused(name: str) -> None:
    assert refused(f"A=1 {name}=1 cmd") == ("assignment", 4)


@pytest.mark.parametrize(
    "name",
    ["_", "SHLVL", "GROUPS", "FUNCNAME", "BASH_ARGC", "BASH_ARGV", "BASH_LINENO", "BASH_SOURCE"],
)
def test_a_variable_that_bash_gives_a_value_of_its_own_is_refused(name: str) -> None:
    assert refused(f"{name}=1 cmd") == ("assignment", 0)


# Size and cost


@pytest.mark.parametrize(
    "spec",
    ["a" + "|a" * 300_000, "a " + "x" * 1_000_000, "a" + " x" * 300_000, "a " + "''" * 300_000,
     "a " + "\\a" * 300_000, 'a "' + '\\"' * 300_000 + '"', "a " + "[" * 300_000,
     "a " + "{}" * 300_000, "a b" + ":~" * 300_000, "a b''" + ":~" * 300_000,
     "a=b " * 200_000 + "a"],
    ids=lambda spec: spec[:10],
)  # fmt: skip
def test_a_spec_may_be_long(spec: str) -> None:
    assert len(parse(spec)[-1].argv[0]) == 1


def test_it_needs_no_module_that_is_costly_to_load() -> None:
    code = "import sys, runwrap.model.spec.reading; print(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={name: value for name, value in os.environ.items() if not name.startswith("COV")},
    )  # fmt: skip
    bare = subprocess.run(
        [sys.executable, "-c", "import sys; print(*sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    loaded = set(ran.stdout.split()) - set(bare.stdout.split())
    assert {name.partition(".")[0] for name in loaded} == {"runwrap"}


REASONS = {
    "amp-redirect", "and-or", "assignment", "background", "brace", "builtin", "clobber",
    "command-substitution", "comment", "duplicate-redirect", "empty", "empty-stage", "expansion",
    "fd-dup", "fd-number", "glob", "heredoc", "list", "newline", "nul", "redirect-conflict",
    "redirect-target", "reserved-word", "rw-redirect", "special-file", "subshell", "tilde",
    "trailing-backslash", "unterminated-quote",
}  # fmt: skip


def test_these_are_the_reasons() -> None:
    assert set(REFUSALS) == REASONS


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_a_reason_is_told_on_one_line_with_a_way_out(reason: str) -> None:
    error = SpecError(reason, "spec", 0)
    assert str(error) == f"{reason}: {error.message}; {error.way_out}"
    assert error.message.isprintable()
    assert error.way_out.isprintable()
    assert error.message
    assert error.way_out
