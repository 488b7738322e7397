"""What a shell would do with a spec, and runwrap refuses."""

import pytest

from tests.pipeline_reading import refused, words

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


def test_what_bash_itself_misreads_is_refused() -> None:
    assert refused('a "\\\x01\\$"') == ("nul", 4)
    assert words("a '\\\x01' \\\x01 \"\x01\"") == ("a", "\\\x01", "\x01", "\x01")


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
