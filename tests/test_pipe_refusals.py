"""What a person is told of a pipeline that is refused: the place, the reason and the way out."""

import json
import os
from pathlib import Path

import pytest

from runwrap.model.plan import SETTINGS, Plan
from tests.support import NOWHERE, runwrap


def test_the_place_is_shown_and_the_reason_and_the_way_out() -> None:
    result = runwrap("pipe", "ls *.py | wc")
    assert (result.status, result.out) == (125, "")
    assert result.err == (
        "ls *.py | wc\n"
        "   ^\n"
        "runwrap: glob: a shell would look for files here; quote it to mean itself, give words "
        "instead of a spec, or use runwrap -- sh -c '...'\n"
    )


def test_nothing_is_started_or_opened_where_a_later_part_is_refused(tmp_path: Path) -> None:
    assert runwrap("pipe", "touch seen 2>file | a && b", cwd=tmp_path).status == 125
    assert os.listdir(tmp_path) == []


def test_words_without_a_command_are_shown_as_they_were_given() -> None:
    result = runwrap("pipe", "--", "cat", "|", "|", "wc")
    assert result.status == 125
    assert result.err.startswith("cat | | wc\n      ^\nrunwrap: empty-stage: ")


def test_a_refusal_in_a_file_names_the_file_and_the_line(tmp_path: Path) -> None:
    (tmp_path / "f\n").write_text("# the first\na |\nb $c\n")
    result = runwrap("pipe", "--file", "f\n", cwd=tmp_path)
    assert result.status == 125
    assert result.err.startswith("b $c\n  ^\nrunwrap: f\\n, line 3: expansion: ")


def test_a_long_spec_is_shown_around_the_place() -> None:
    result = runwrap("pipe", "a " * 30_000 + "; " + "b " * 30_000)
    spec, caret, _ = result.err.splitlines()
    assert len(spec) <= 80
    assert spec[len(caret) - 1] == ";"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "no pipeline given; see 'runwrap pipe --help'"),
        (("--json", "a"), "--json needs --dry-run"),
        (("--file", NOWHERE), f"cannot read {NOWHERE}: No such file or directory"),
        (("--file", "/"), "cannot read /: Is a directory"),
        (("--file", "/dev/zero"), "cannot read /dev/zero: longer than 16 MiB"),
        (("--file", "/dev/null", "a"), "--file holds the whole pipeline: leave out a"),
        (("--escalate", "KILL", "-s", "INT", "a"), "--escalate says it all: leave out --signal"),
    ],
)
def test_a_wrong_command_line_is_told_on_one_line(words: tuple[str, ...], told: str) -> None:
    result = runwrap("pipe", *words)
    assert (result.status, result.err) == (125, f"runwrap: {told}\n")


def test_an_empty_file_is_refused() -> None:
    result = runwrap("pipe", "--file", "/dev/null")
    assert result.status == 125
    assert "/dev/null, line 1: empty: there is no command" in result.err


def test_every_decision_is_told_to_programs() -> None:
    told = json.loads(runwrap("pipe", "--dry-run", "--json", "a").out)
    # The fields of the policy and the settings stand beside the rest.
    kept_back = {"policy", "settings", "detailed", "metered", "preserve_status", "defaulted"}
    assert set(Plan.__annotations__) - kept_back <= told.keys()
    assert {"timeout", "escalate", "leak", "leak_timeout", *SETTINGS} <= told.keys()


def test_a_dry_run_shows_the_stages_as_they_were_read() -> None:
    result = runwrap("pipe", "--dry-run", "A='b c' a 'd e' <f |& g 2>>h | i >j 2>&1")
    assert result.out.startswith(
        "stage 1:     A='b c' a 'd e' <f 2>&1\n"
        "stage 2:     g 2>>h\n"
        "stage 3:     i >j 2>&1\n"
        "pipefail:    sigpipe-ok\n"
    )


@pytest.mark.parametrize("stage", ["'a=b' c", "'if' c", "'!' c", "'a b' c", "a=b c d=e", "a"])
def test_a_dry_run_shows_a_stage_as_a_spec_has_it(stage: str) -> None:
    result = runwrap("pipe", "--dry-run", f"x | {stage}")
    assert result.out.splitlines()[1].split(maxsplit=2)[2] == stage
