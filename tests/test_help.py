"""What is printed for who asks for it: the help, short and whole, and the version."""

import json
import shlex
import subprocess

import pytest

from runwrap.cli import SUBCOMMANDS, commands
from tests.support import RUNWRAP, runwrap

every_command = pytest.mark.parametrize("command", [one for one in SUBCOMMANDS if one != "timeout"])


@pytest.mark.parametrize("word", ["-h", "--help"])
def test_help_begins_with_the_usage_and_examples(word: str) -> None:
    result = runwrap(word)
    assert (result.status, result.err) == (0, "")
    first, examples, *_ = [line for line in result.out.splitlines() if line[:1].strip()]
    assert (first, examples) == ("Usage: runwrap [OPTION]... COMMAND [ARG]...", "Examples:")


@every_command
def test_the_short_help_fits_a_screen_and_leads_to_the_whole(command: str) -> None:
    short, whole = (runwrap(command, word).out for word in ("-h", "--help"))
    assert len(short.splitlines()) <= 30
    assert len(short) < len(whole)
    assert short.endswith(f"runwrap {command} --help, or man runwrap-{command}.\n")


@pytest.mark.parametrize(
    "words", [("-h",), *((one, "--help") for one in SUBCOMMANDS)], ids=" ".join
)
def test_the_help_fits_a_terminal_of_80_columns(words: tuple[str, ...]) -> None:
    shown = runwrap(*words, env={"COLUMNS": "80"}).out
    assert max(map(len, shown.splitlines())) <= 80


def test_the_short_help_has_the_common_options_alone() -> None:
    short = runwrap("-h").out
    assert "  -t, --timeout DURATION" in short
    assert "--umask" not in short


def test_only_the_help_without_a_subcommand_lists_these() -> None:
    assert "\nSubcommands:\n" in runwrap("--help").out
    assert "Subcommands:" not in runwrap("run", "--help").out


@pytest.mark.parametrize("command", SUBCOMMANDS)
def test_every_example_is_a_line_that_can_be_read(command: str) -> None:
    for line, _ in commands.EXAMPLES[command]:
        _, *words = shlex.split(line)
        if words[0] != "timeout":
            assert not isinstance(commands.read(words), tuple)


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--help",), "help"),
        (("-h",), "help"),
        (("--version",), "version"),
        (("timeout", "--help"), "help"),
        (("timeout", "--version"), "version"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_printed_is_named(words: tuple[str, ...], what: str) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run([RUNWRAP, *words], stdout=full, stderr=subprocess.PIPE, check=False)
    told = f"runwrap: cannot print the {what}: No space left on device\n"
    assert (done.returncode, done.stderr.decode()) == (125, told)


# What is said of values


def test_bytes_that_are_no_text_are_shown_as_bytes() -> None:
    assert "--timeout: '\\xff\\n' is not a duration" in runwrap("-t", "\udcff\n", "true").err


def test_a_variable_that_is_no_yes_or_no_is_told_what_is() -> None:
    result = runwrap("true", env={"RUNWRAP_FOREGROUND": "maybe"})
    assert (result.status, result.err) == (
        125,
        "runwrap: the variable RUNWRAP_FOREGROUND: 'maybe' is neither 1, yes, true or on, nor 0, "
        "no, false or off; see 'runwrap --help'\n",
    )


@pytest.mark.parametrize(
    ("variables", "names"),
    [
        (
            {"RUNWRAP_ESCALATE": "TERM:1s", "RUNWRAP_KILL_AFTER": "5"},
            "RUNWRAP_ESCALATE and RUNWRAP_KILL_AFTER",
        ),
        (
            {"RUNWRAP_FOREGROUND": "1", "RUNWRAP_SESSION": "new"},
            "RUNWRAP_FOREGROUND and RUNWRAP_SESSION",
        ),
    ],
)
def test_variables_that_contradict_each_other_are_named(
    variables: dict[str, str], names: str
) -> None:
    result = runwrap("true", env=variables)
    told = f"runwrap: the variables {names} contradict each other: unset one\n"
    assert (result.status, result.err) == (125, told)


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"RUNWRAP_ESCALATE": "TERM:1s", "RUNWRAP_KILL_AFTER": "5"}, ("-s", "INT")),
        ({"RUNWRAP_ESCALATE": "TERM:1s", "RUNWRAP_KILL_AFTER": "5"}, ("--escalate", "KILL")),
        ({"RUNWRAP_FOREGROUND": "1", "RUNWRAP_SESSION": "foreground"}, ()),
        ({"RUNWRAP_FOREGROUND": "no", "RUNWRAP_SESSION": "new"}, ()),
    ],
)
def test_variables_that_an_option_settles_or_that_agree_contradict_nothing(
    variables: dict[str, str], words: tuple[str, ...]
) -> None:
    result = runwrap(*words, "true", env=variables)
    assert (result.status, result.err) == (0, "")


def test_a_plans_json_is_utf_8_whatever_bytes_it_holds() -> None:
    done = subprocess.run(
        [RUNWRAP, "pipe", "--dry-run", "--json", "-e", b"A=\xff", "--", b"caf\xc3\xa9\xff", "b"],
        capture_output=True,
        check=True,
    )
    plan = json.loads(done.stdout)
    assert plan["stages"][0]["argv"] == ["caf\u00e9\\xff", "b"]
    assert plan["environment"]["set"] == [["A", "\\xff"]]
