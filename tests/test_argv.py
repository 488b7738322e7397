"""The short cut past click: for any command line its answer is none, or click's."""

import os
from collections import Counter
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runwrap.cli import SUBCOMMANDS, argv, commands, gnu_getopt, options_of
from runwrap.cli.options import Option
from runwrap.model.escalation import Step
from runwrap.model.kill_tree import TreeRequest
from runwrap.model.request import Request
from runwrap.model.signals import QUIT, TERM

GOOD = {  # by metavar: what the table's parsers take
    "DURATION": ["5", "0", "1.5s", "1h30m", "250ms", "inf", ".5"],
    "SIGNAL": ["TERM", "sigint", "9", "USR1", "Kill"],
    "STEPS": ["QUIT:2s,TERM:10s,KILL", "KILL", "TERM:1s", "TERM:inf"],
    "NAME=VALUE": ["A=1", "A=", "A=B=C", "\udcff=\udcfe", "--=1"],
    "NAME": ["A", "-t", "--", "\udcff"],
    "MODE": ["022", "0", "777"],
    "N": ["5", "-5", "+5", "0"],
    "DIR": ["/", ".", "--"],
    "FILE": ["f", "/dev/null", "-", "--", "-t", "a=b", " ", "\udcff", "run"],
}
ODD = ["", " ", "5 ", "+5", "1_0", "\u0665", "\u2460", "-1", "--", "x" * 50, "=", "\ud800", "\0"]
EVERYWHERE = ["-h", "--help", "-V", "--version", "-", "--", "---", "=", "-=", "--=", "\udcff", ""]


TABLE = list(dict.fromkeys(one for command in SUBCOMMANDS for one in options_of(command)))


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no default come from the environment of the test run: click looks there itself."""
    for name in [name for name in os.environ if "RUNWRAP" in name]:
        monkeypatch.delenv(name)


def mostly(
    usual: st.SearchStrategy[list[str]], odd: st.SearchStrategy[list[str]]
) -> st.SearchStrategy[list[str]]:
    """Draw the odd once in ten times: a line is odd as a whole as soon as one word is."""
    return st.sampled_from([usual] * 9 + [odd]).flatmap(lambda drawn: drawn)


def spelled(option: Option) -> st.SearchStrategy[list[str]]:
    """Return the plain spellings of an option, and now and then one that is not."""
    name, long = st.sampled_from(option.names), option.names[-1]
    if option.parse is None:
        odd = st.sampled_from([[f"{long}="], [f"{long}=1"], [long[:-1]], [f"{long}x"]])
        return mostly(name.map(lambda name: [name]), odd)
    good = st.sampled_from(option.choices or GOOD[option.metavar])
    bad = st.sampled_from(ODD) | st.text(max_size=4)
    plain = st.builds(lambda name, text: [name, text], name, good)
    joined = good.map(lambda text: [f"{long}={text}"])
    odd = st.one_of(
        name.map(lambda name: [name]),
        st.builds(lambda name, text: [name, text], name, bad),
        st.builds(lambda name, text: [f"{name}={text}"], name, good | bad),
        st.builds(lambda name, text: [f"{name}{text}"], name, good | bad),
        st.builds(lambda text, at: [long[:at], text], good, st.integers(3, len(long) - 1)),
    )
    return mostly(plain | joined, odd)


def clusters() -> st.SearchStrategy[list[str]]:
    letters = "".join(name[1] for option in TABLE for name in option.names if len(name) == 2)
    return st.text(letters + "x5=-", min_size=1, max_size=4).map(lambda text: [f"-{text}"])


def lines() -> st.SearchStrategy[list[str]]:
    """Return command lines of options as people write them, with something odd now and then."""
    strange = clusters() | st.sampled_from(EVERYWHERE).map(lambda word: [word])
    words = mostly(st.sampled_from(TABLE).flatmap(spelled), strange)
    any_words = st.sampled_from(["true", "run", "-t", "--", "", "-x", "\udcff"])
    return st.builds(
        lambda *parts: list(chain(*parts)),
        st.sampled_from(
            [[], [], [], ["run"], ["timeout"], ["kill-tree"], ["pipe"], [*SUBCOMMANDS]]
        ),
        st.lists(words, max_size=4).map(lambda found: [*chain(*found)]),
        st.sampled_from([[], ["--"], ["--"], ["--", "--"], ["-"]]),
        mostly(
            st.sampled_from([["true"], ["5", "true"], ["5", "@x"], ["5", "--json"], ["sh", "-c"]]),
            st.lists(any_words),
        ),
    )


def read_all(words: list[str]) -> Request | TreeRequest | tuple[str, str]:
    """Read a command line without the short cut."""
    if words[:1] == ["timeout"]:
        return gnu_getopt.read(words[1:])
    return commands.read(words)


def test_for_any_command_line_the_answer_is_none_or_clicks() -> None:
    answers: Counter[bool] = Counter()

    @settings(deadline=None, max_examples=2000)
    @given(lines())
    def none_or_clicks(words: list[str]) -> None:
        request = argv.read(words, {})
        answers[request is not None] += 1
        assert request is None or request == read_all(words)

    none_or_clicks()
    assert answers[True] > 0.3 * answers.total(), "too few of the lines take the short cut"
    assert answers[False] > 0.1 * answers.total(), "too few of the lines are click's to read"


@settings(deadline=None, max_examples=500)
@given(st.lists(st.text("-=tkrun5s\udcff", max_size=5) | st.text(max_size=3), max_size=5))
def test_for_any_words_at_all_the_answer_is_none_or_clicks(words: list[str]) -> None:
    request = argv.read(words, {})
    assert request is None or request == read_all(words)


# What takes the short cut


PLAIN: list[tuple[list[str], Request]] = [
    (["true"], Request(operands=("true",))),
    (["--", "true"], Request(operands=("true",))),
    (["run", "true"], Request(operands=("true",))),
    (["run", "--", "run"], Request(operands=("run",))),
    (["-"], Request(operands=("-",))),
    ([""], Request(operands=("",))),
    (["--", "--", "-t"], Request(operands=("--", "-t"))),
    (["-t", "5", "true"], Request(timeout=5.0, operands=("true",))),
    (["--timeout", "5", "true"], Request(timeout=5.0, operands=("true",))),
    (["--timeout=5", "true"], Request(timeout=5.0, operands=("true",))),
    (["-t", "5", "-t", "6", "true"], Request(timeout=6.0, operands=("true",))),
    (["-f", "-f", "true"], Request(foreground=True, operands=("true",))),
    (["true", "-t", "5"], Request(operands=("true", "-t", "5"))),
    (["--stdin", "--", "true"], Request(stdin="--", operands=("true",))),
    (["--env=A=B=C", "true"], Request(env=(("A", "B=C"),), operands=("true",))),
    (
        ["-e", "A=1", "-e", "A=2", "true"],
        Request(env=(("A", "1"), ("A", "2")), operands=("true",)),
    ),
    (["-u", "A", "--unset=B", "true"], Request(unset=("A", "B"), operands=("true",))),
    (["--nice", "-5", "true"], Request(nice=-5, operands=("true",))),
    (
        ["--escalate", "QUIT:2s,TERM:10s,KILL", "true"],
        Request(
            escalate=(Step(signal=QUIT, grace=2.0), Step(signal=TERM, grace=10.0)),
            operands=("true",),
        ),
    ),
    (["--", "\udcff"], Request(operands=("\udcff",))),
    (["pipe", "a | b"], Request(command="pipe", operands=("a | b",))),
    (["pipe", "--", "a", "|", "b"], Request(command="pipe", operands=("a", "|", "b"))),
    (["pipe", "--file", "f"], Request(command="pipe", file="f")),
    (
        ["pipe", "-t", "5", "--pipefail", "last", "a"],
        Request(command="pipe", timeout=5.0, pipefail="last", operands=("a",)),
    ),
]


@pytest.mark.parametrize(("words", "expected"), PLAIN, ids=[" ".join(words) for words, _ in PLAIN])
def test_plain_spellings_are_read_as_click_reads_them(words: list[str], expected: Request) -> None:
    assert argv.read(words, {}) == expected
    assert commands.read(words) == expected


OPERANDS = {
    "run": ("true",),
    "timeout": ("5", "true"),
    "kill-tree": ("5", "@file"),
    "pipe": ("true",),
}


@pytest.mark.parametrize("command", SUBCOMMANDS)
def test_every_option_takes_the_short_cut_by_each_of_its_names(command: str) -> None:
    for option in options_of(command):
        value = [(option.choices or GOOD[option.metavar])[0]] if option.parse else []
        for name in option.names:
            words = [command, name, *value, *OPERANDS[command]]
            assert argv.read(words, {}) == read_all(words)
            assert argv.read(words, {}) is not None


# What is left to click


@pytest.mark.parametrize(
    "words",
    [
        ["-h"],
        ["--help"],
        ["run", "--help"],
        ["-V"],
        ["--version"],
        ["-t", "5", "--help", "true"],
        ["-t5", "true"],
        ["-fv", "true"],
        ["-vt", "5", "true"],
        ["-t=5", "true"],
        ["--time", "5", "true"],
        ["--foreground=1", "true"],
        ["--foreground=", "true"],
    ],
    ids=" ".join,
)
def test_help_and_odd_spellings_are_left_to_click(words: list[str]) -> None:
    assert argv.read(words, {}) is None


@pytest.mark.parametrize(
    "words",
    [["kill-tree", "5", "--json"], ["kill-tree", "--", "-5"], ["kill-tree", "-5"], ["kill-tree"]],
    ids=" ".join,
)
def test_what_may_be_an_option_among_pids_is_left_to_click(words: list[str]) -> None:
    assert argv.read(words, {}) is None


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["run"],
        ["--"],
        ["-v"],
        ["-t"],
        ["-t", "5"],
        ["--timeout"],
        ["--timeout=", "true"],
        ["-t", "", "true"],
        ["-t", "soon", "true"],
        ["--session", "elsewhere", "true"],
        ["--nosuch", "true"],
        ["-Z", "true"],
        ["---", "true"],
        ["--=1", "true"],
        ["-\udcff", "true"],
    ],
    ids=lambda words: " ".join(words) or "nothing",
)
def test_errors_are_left_to_click(words: list[str]) -> None:
    assert argv.read(words, {}) is None


@pytest.mark.parametrize("name", ["RUNWRAP_TIMEOUT", "RUNWRAP_", "RUNWRAP_TIMOUT"])
def test_variables_of_ours_are_left_to_click(name: str) -> None:
    assert argv.read(["true"], [os.fsencode(name)]) is None


@pytest.mark.parametrize(
    "name",
    [
        "RUNWRAP",
        "XRUNWRAP_TIMEOUT",
        "runwrap_timeout",
        "PATH",
        "RUNWRAP_DEBUG",
        "RUNWRAP_ATTEMPT",
    ],
)
def test_other_variables_are_nothing_to_us(name: str) -> None:
    assert argv.read(["true"], [os.fsencode(name)]) == Request(operands=("true",))


def test_the_short_cut_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    for words in (["--help"], ["--version"], ["--nosuch"], ["-t", "soon", "true"], ["true"]):
        argv.read(words, {})
    assert capfd.readouterr() == ("", "")
