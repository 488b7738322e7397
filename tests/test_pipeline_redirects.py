"""Redirections in a pipeline: which there are, and which are refused."""

import pytest

from runwrap.model.plan import Duplicate, Redirect, Stage
from runwrap.model.spec.reading import parse
from tests.pipeline_reading import STDERR_TO_STDOUT, STDOUT_TO_STDERR, only, refused


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
    assert parse(f"a |b 2>&1{after.replace('&', '')}")[1].redirects == (STDERR_TO_STDOUT,)


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
    assert len(parse("a <f 2>g | b 2>&1 | c 2>h | d >i 2>>j")) == 4


@pytest.mark.parametrize(
    "path",
    ["/dev/stdin", "/dev/stdout", "/dev/stderr", "/dev/fd/1", "//dev/./stdout", "'/dev/fd/3'",
     "/proc/self/fd/1", "/proc/thread-self/fd/1", "/dev/tcp/h/80", "/dev/udp/h/53"],
)  # fmt: skip
@pytest.mark.parametrize("operator", ["<", "2>", "2>>"])
def test_a_file_that_depends_on_who_opens_it_is_refused(operator: str, path: str) -> None:
    assert refused(f"a {operator}{path}") == ("special-file", 2)


@pytest.mark.parametrize("path", ["/dev/null", "/dev/tty", "dev/stdout", "/tmp/dev/stdout"])
def test_other_devices_are_files(path: str) -> None:
    assert only(f"a 2>{path}").redirects == (Redirect(target=2, path=path),)
