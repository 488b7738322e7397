"""The pipeline spec: what may be written, what it means, and what is refused."""

import os
import subprocess
import sys

import pytest

from runwrap.model.pipeline import (
    Duplicate,
    Pipeline,
    Stage,
    parse,
    parse_file_text,
    parse_words,
)
from runwrap.model.plan import Redirect
from runwrap.model.spec.refusals import REFUSALS, SpecError

STDERR_TO_STDOUT = Duplicate(target=2, source=1)
STDOUT_TO_STDERR = Duplicate(target=1, source=2)


def argvs(spec: str) -> list[tuple[str, ...]]:
    return [stage.argv for stage in parse(spec).stages]


def words(spec: str) -> tuple[str, ...]:
    """Return the words of a spec of one stage, which has nothing else."""
    (stage,) = parse(spec).stages
    assert stage == Stage(argv=stage.argv)
    return stage.argv


def only(spec: str) -> Stage:
    (stage,) = parse(spec).stages
    return stage


def refused(spec: str) -> tuple[str, int]:
    """Return why a spec is refused, and the column."""
    with pytest.raises(SpecError) as caught:
        parse(spec)
    return caught.value.reason, caught.value.position


# Stages and words


def test_a_command_alone_is_a_pipeline_of_one_stage() -> None:
    assert parse("sort -n") == Pipeline(stages=(Stage(argv=("sort", "-n")),))


def test_a_bar_separates_stages() -> None:
    assert argvs("pg_dump db | gzip -9 | wc -c") == [
        ("pg_dump", "db"),
        ("gzip", "-9"),
        ("wc", "-c"),
    ]


def test_operators_need_no_blanks() -> None:
    assert parse("a<f|b 2>>g>h") == parse("a <f | b 2>>g >h")


def test_a_bar_with_an_ampersand_joins_standard_error_to_the_pipe_after_all_else() -> None:
    first, second = parse("a <f |& b").stages
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
    assert [stage.assignments for stage in parse("A=1 a | B=2 b").stages] == [
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


# Redirections


@pytest.mark.parametrize(
    ("operator", "redirect"),
    [
        ("<", Redirect(target=0, path="f")),
        ("0<", Redirect(target=0, path="f")),
        (">", Redirect(target=1, path="f")),
        ("1>", Redirect(target=1, path="f")),
        (">>", Redirect(target=1, path="f", append=True)),
        ("1>>", Redirect(target=1, path="f", append=True)),
        ("2>", Redirect(target=2, path="f")),
        ("2>>", Redirect(target=2, path="f", append=True)),
    ],
)
@pytest.mark.parametrize("blank", ["", " \t"])
def test_a_file_takes_the_place_of_a_stream(operator: str, blank: str, redirect: Redirect) -> None:
    assert only(f"cmd {operator}{blank}f x") == Stage(argv=("cmd", "x"), redirects=(redirect,))


@pytest.mark.parametrize(
    ("operator", "duplicate"),
    [("2>&1", STDERR_TO_STDOUT), (">&2", STDOUT_TO_STDERR), ("1>&2", STDOUT_TO_STDERR)],
)
def test_a_stream_takes_the_place_of_another(operator: str, duplicate: Duplicate) -> None:
    assert only(f"cmd {operator}").redirects == (duplicate,)


def test_redirections_keep_their_order() -> None:
    assert only("cmd 2>&1 >f").redirects == (STDERR_TO_STDOUT, Redirect(target=1, path="f"))
    assert only("cmd >f 2>&1").redirects == (Redirect(target=1, path="f"), STDERR_TO_STDOUT)


def test_a_redirection_may_stand_before_the_command_and_among_its_words() -> None:
    assert only("<f cmd >g x") == only("cmd x <f >g")


def test_a_files_name_is_a_word_like_any() -> None:
    assert only("cmd >'a b'\"c\"\\*{}").redirects == (Redirect(target=1, path="a bc*{}"),)


@pytest.mark.parametrize(
    ("spec", "word"),
    [("cmd a2>f", "a2"), ("cmd '2'>f", "2"), ("cmd \\2>f", "2"), ("cmd 2''>f", "2"),
     ("cmd 2 >f", "2"), ("cmd -1>f", "-1"), ("cmd ٢>f", "٢"), ("cmd {}>f", "{}")],
)  # fmt: skip
def test_digits_that_are_part_of_a_word_name_no_stream(spec: str, word: str) -> None:
    assert only(spec) == Stage(argv=("cmd", word), redirects=(Redirect(target=1, path="f"),))


def test_digits_touch_the_next_redirection_and_not_the_last_one() -> None:
    assert refused("cmd >2>f") == ("redirect-target", 4)
    assert only("cmd >2 <f").redirects[0] == Redirect(target=1, path="2")


@pytest.mark.parametrize(
    "operator", ["0>", "0>>", "1<", "2<", "3>", "3<", "12>>", "02>", "00<", "3>&1"]
)
def test_other_streams_are_refused(operator: str) -> None:
    assert refused(f"cmd {operator}f") == ("fd-number", 4)


@pytest.mark.parametrize(
    "join",
    [">&1", "1>&1", "2>&2", ">&3", "2>&3", "<&0", "0<&1", ">&-", "<&-", "2>&-", "2>&1-", ">&f",
     ">&2f", "2>&12", "2>&'1'", "2>&1'", "2>& 1", ">& 2", "1>&2\\", "2>&", "2>&1>f", "2>&1<f"],
)  # fmt: skip
def test_other_ways_to_join_streams_are_refused(join: str) -> None:
    assert refused(f"cmd {join}") == ("fd-dup", 4)


@pytest.mark.parametrize("after", ["", " ", "|b", " |b", "\t|&b"])
def test_a_blank_or_a_bar_may_follow_a_join(after: str) -> None:
    assert parse(f"a |b 2>&1{after.replace('&', '')}").stages[1].redirects == (STDERR_TO_STDOUT,)


@pytest.mark.parametrize("operator", ["<<", "<<<", "<<-", "0<<"])
def test_here_documents_are_refused(operator: str) -> None:
    assert refused(f"cmd {operator}EOF") == ("heredoc", 4)


@pytest.mark.parametrize("operator", ["&>", "&>>"])
def test_a_redirection_of_both_streams_at_once_is_refused(operator: str) -> None:
    assert refused(f"cmd {operator}f") == ("amp-redirect", 4)


@pytest.mark.parametrize("operator", [">|", "1>|", "2>|"])
def test_clobbering_is_refused(operator: str) -> None:
    assert refused(f"cmd {operator}f") == ("clobber", 4)


@pytest.mark.parametrize("operator", ["<>", "0<>", "1<>"])
def test_reading_and_writing_at_once_is_refused(operator: str) -> None:
    assert refused(f"cmd {operator}f") == ("rw-redirect", 4)


@pytest.mark.parametrize(
    "rest", [">", "> ", "< | b", ">>", "2> 2>f", "> >f", ">> <f", "<\t", ">>|f", "> ''", '<""']
)
def test_a_redirection_without_a_file_is_refused(rest: str) -> None:
    assert refused(f"cmd {rest}") == ("redirect-target", 4)


@pytest.mark.parametrize(
    "spec", ["a >f >g", "a >f >>g", "a >f >&2", "a 2>f 2>&1", "a <f <g", "a >&2 1>f", "a 2>&1 2>g"]
)
def test_a_stream_is_redirected_once(spec: str) -> None:
    assert refused(spec) == ("duplicate-redirect", spec.index(" ", 3) + 1)


@pytest.mark.parametrize(
    ("spec", "position"),
    [("a | b <f", 6), ("a | <f b", 4), ("a >f | b", 2), ("a | b >>f |& c", 6), ("a >&2 | b", 2),
     ("a 1>&2 | b", 2), ("a 2>f |& b", 2), ("a 2>>f |& b", 2), ("a 2>&1 |& b", 2),
     ("a 2>&1 >f | b", 7)],
)  # fmt: skip
def test_a_stream_that_a_pipe_takes_is_not_redirected(spec: str, position: int) -> None:
    assert refused(spec) == ("redirect-conflict", position)


def test_the_streams_that_no_pipe_takes_are_free() -> None:
    assert len(parse("a <f 2>g | b 2>&1 | c 2>h | d >i 2>>j").stages) == 4


# What a shell would expand


@pytest.mark.parametrize(
    ("spec", "reason", "position"),
    [
        ("a $b", "expansion", 2),
        ("a x$", "expansion", 3),
        ("a ${b}", "expansion", 2),
        ('a "b $c"', "expansion", 5),
        ('a "$"', "expansion", 3),
        ("a $'b'", "expansion", 2),
        ('a $"b"', "expansion", 2),
        ("a b=$c", "expansion", 4),
        ("a $(b)", "command-substitution", 2),
        ("a $((1))", "command-substitution", 2),
        ("a `b`", "command-substitution", 2),
        ('a "`b`"', "command-substitution", 3),
        ("a *", "glob", 2),
        ("a b?", "glob", 3),
        ("a [b]", "glob", 2),
        ("a x[b]c", "glob", 3),
        ("a [[]", "glob", 2),
        ("a []", "glob", 2),
        ("a [!'x']", "glob", 2),
        ("a >*", "glob", 3),
        ("A=* a", "glob", 2),
        ("a {b,c}", "brace", 2),
        ("a b{1..3}", "brace", 3),
        ("a {", "brace", 2),
        ("a {fd}>f", "brace", 2),
        ("a {''}", "brace", 2),
        ("a ~", "tilde", 2),
        ("a ~b/c", "tilde", 2),
        ("~/a", "tilde", 0),
        ("a >~/f", "tilde", 3),
        ("A=~ a", "tilde", 2),
        ("A=x:~b a", "tilde", 4),
        ("A='x':~ a", "tilde", 6),
    ],
)
def test_what_a_shell_would_expand_is_refused(spec: str, reason: str, position: int) -> None:
    assert refused(spec) == (reason, position)


@pytest.mark.parametrize("word", ["[", "]", "a[b", "a]b[", "]x["])
def test_a_bracket_that_the_word_does_not_close_is_literal(word: str) -> None:
    assert words(f"a {word}") == ("a", word)


@pytest.mark.parametrize("word", ["\\[a]", "'['a]", '"["]', "[a\\]", "[a']'"])
def test_a_pattern_needs_both_brackets_unquoted(word: str) -> None:
    assert words(f"x {word}") == ("x", word.translate({ord(quote): None for quote in "\\'\""}))


def test_the_test_command_is_written_as_ever() -> None:
    assert words("[ -f x ]") == ("[", "-f", "x", "]")


@pytest.mark.parametrize("word", ["{}", "x{}y", "{}{}", "{}.{}", "a{},{}", "}", "a}b", "}{}"])
def test_empty_braces_and_closing_ones_are_literal(word: str) -> None:
    assert words(f"find . -exec {word}") == ("find", ".", "-exec", word)


@pytest.mark.parametrize(
    ("spec", "position"), [("a x{},b}", 7), ("a {}{},b}", 8), ("a ''{},b}", 8), ("a x{}}", 5)]
)
def test_after_empty_braces_a_closing_one_may_make_bash_expand_them(
    spec: str, position: int
) -> None:
    assert refused(spec) == ("brace", position)


@pytest.mark.parametrize("word", ["a~", "a/~", "-o=~/x", "host:~/x", "--p=a:~", "1=~", "x.y=~"])
def test_a_tilde_within_a_word_is_literal(word: str) -> None:
    assert words(f"rsync {word}") == ("rsync", word)


@pytest.mark.parametrize("word", ["''~", "\\~", "A=''~", "A=\\~", "A\\=~", "'A'=~", "A=\\:~"])
def test_a_tilde_after_a_quote_is_literal(word: str) -> None:
    assert words(f"a {word}")[1].endswith("~")


@pytest.mark.parametrize("word", ["PREFIX=~/x", "A=b:~", "A+=~", "a[=~", "é=~", "A=b=~", "A='b':~"])
def test_bash_expands_a_tilde_even_in_an_argument_that_looks_like_an_assignment(word: str) -> None:
    assert refused(f"make {word}") == ("tilde", 5 + word.index("~"))


@pytest.mark.parametrize(
    ("spec", "position"), [("#a", 0), ("a #b", 2), ("a |#b", 3), ("a >#f", 3), ("A=1 #", 4)]
)
def test_a_comment_is_refused(spec: str, position: int) -> None:
    assert refused(spec) == ("comment", position)


@pytest.mark.parametrize("word", ["a#", "a#b", "''#", "\\#", "'#'"])
def test_a_number_sign_within_a_word_is_literal(word: str) -> None:
    assert "#" in words(f"a {word}")[1]


def test_an_exclamation_mark_is_literal_but_as_the_command() -> None:
    assert words('find . ! -name "!x" !y') == ("find", ".", "!", "-name", "!x", "!y")


# What a shell would do besides


@pytest.mark.parametrize(
    ("spec", "reason", "position"),
    [
        ("a && b", "and-or", 2),
        ("a||b", "and-or", 1),
        ("a ||& b", "and-or", 2),
        ("a; b", "list", 1),
        ("a;", "list", 1),
        ("a ;; b", "list", 2),
        ("a & b", "background", 2),
        ("a&", "background", 1),
        ("a | & b", "background", 4),
        ("a |&& b", "background", 4),
        ("(a)", "subshell", 0),
        ("a )", "subshell", 2),
        ("a()", "subshell", 1),
        ("a <(b)", "subshell", 3),
        ("a >(b)", "subshell", 3),
        ("a=(b) c", "subshell", 2),
        ("a @(b)", "subshell", 3),
        ("((1))", "subshell", 0),
    ],
)
def test_what_needs_a_shell_is_refused(spec: str, reason: str, position: int) -> None:
    assert refused(spec) == (reason, position)


@pytest.mark.parametrize("text", ["", " ", "\t \t"])
def test_nothing_at_all_is_refused(text: str) -> None:
    assert refused(text) == ("empty", 0)


@pytest.mark.parametrize(
    ("spec", "position"),
    [("|", 0), ("| a", 0), ("a |", 3), ("a |  ", 3), ("a |&", 4), ("a | | b", 4), ("X=1", 3),
     ("a | X=1", 7), ("X=1 | a", 4), (">f", 2), (">f | a", 3), ("''", 0), ("a | '' b", 4)],
)  # fmt: skip
def test_a_stage_without_a_command_is_refused(spec: str, position: int) -> None:
    assert refused(spec) == ("empty-stage", position)


RESERVED = ["!", "[[", "]]", "}", "case", "coproc", "do", "done", "elif", "else", "esac", "fi",
            "for", "function", "if", "in", "select", "then", "time", "until", "while"]  # fmt: skip


@pytest.mark.parametrize("word", RESERVED)
def test_a_reserved_word_is_no_command(word: str) -> None:
    assert refused(f"{word} a") == ("reserved-word", 0)
    assert refused(f"a | A=1 {word}") == ("reserved-word", 8)


@pytest.mark.parametrize("word", RESERVED)
def test_a_reserved_word_is_a_plain_one_elsewhere_and_in_quotes(word: str) -> None:
    assert words(f"a {word}") == ("a", word)
    assert words(f"'{word}' a") == (word, "a")
    assert words(f"{word}'' a") == (word, "a")


@pytest.mark.parametrize(
    "name", ["cd", "exec", "eval", "export", "source", ".", ":", "set", "read", "command", "%1"]
)
@pytest.mark.parametrize("quote", ["", "\\"])
def test_a_command_that_only_a_shell_has_is_refused_quoted_or_not(name: str, quote: str) -> None:
    assert refused(f"a | {quote}{name} x") == ("builtin", 4)


@pytest.mark.parametrize(
    "name", ["[", "echo", "false", "kill", "printf", "pwd", "test", "true", "/usr/bin/cd", "./read"]
)
def test_a_command_that_is_a_program_as_well_is_that_program(name: str) -> None:
    assert words(f"{name} x") == (name, "x")


@pytest.mark.parametrize("quoted", ["a{}b", "a '{}'", 'a "{}"', "a \\{}", "a | b {}"])
@pytest.mark.parametrize(
    ("character", "reason"), [("\n", "newline"), ("\r", "newline"), ("\0", "nul")]
)
def test_ends_of_lines_and_nul_are_refused_quoted_or_not(
    quoted: str, character: str, reason: str
) -> None:
    spec = quoted.replace("{}", character)
    assert refused(spec) == (reason, spec.index(character))


@pytest.mark.parametrize(
    ("spec", "reason"), [("a\n;", "newline"), ("a;\n", "list"), ("$\0", "expansion")]
)
def test_the_first_error_is_told(spec: str, reason: str) -> None:
    assert refused(spec)[0] == reason


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
    (stage,) = parse_words(["A=1", "$b", "*", "a b", "", ">f", "\n", "2>&1", "|x", "||"]).stages
    assert stage == Stage(argv=("A=1", "$b", "*", "a b", "", ">f", "\n", "2>&1", "|x", "||"))


def test_a_word_that_is_a_bar_separates_stages() -> None:
    assert parse_words(["zcat", "a", "|", "cd", "|&", "if"]) == Pipeline(
        stages=(
            Stage(argv=("zcat", "a")),
            Stage(argv=("cd",), redirects=(STDERR_TO_STDOUT,)),
            Stage(argv=("if",)),
        )
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
    assert len(parse(spec).stages[-1].argv[0]) == 1


def test_it_needs_no_module_that_is_costly_to_load() -> None:
    code = "import sys, runwrap.model.pipeline; print(*sys.modules)"
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


def test_every_reason_has_a_way_out() -> None:
    for reason, (told, way_out) in REFUSALS.items():
        assert reason
        assert told
        assert way_out
