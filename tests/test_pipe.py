"""A pipeline that runs: bytes flow through kernel pipes, and all stages are one job."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import PATIENCE, RUNWRAP, Running, fifo, python, read_line, runwrap, sh

# Says which descriptors it has, on the pipe that every process of a test inherits.
DESCRIPTORS = python(
    "import os; os.write(2, f'{sorted(os.listdir(\"/proc/self/fd\"))}\\n'.encode())"
)
# Says its process group and session, then passes on what it is given.
PLACE = python(
    "import os, sys; os.write(2, b'%d %d %d\\n' % (os.getpgrp(), os.getsid(0), os.getpid())); "
    "sys.stdin.read()"
)
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")


def test_what_a_stage_writes_is_what_the_next_one_reads() -> None:
    result = runwrap("pipe", "printf 'b\\na\\n' | sort | tr a-z A-Z")
    assert (result.status, result.out, result.err) == (0, "A\nB\n", "")


def test_the_words_of_a_pipeline_may_be_given_one_by_one() -> None:
    result = runwrap("pipe", "--", "echo", "a;  $b", "|", "tr", "a", "*")
    assert (result.status, result.out) == (0, "*;  $b\n")


def test_a_pipeline_of_one_stage_is_a_command() -> None:
    assert runwrap("pipe", "A=1 sh -c 'echo $A; exit 3'").out == "1\n"


def test_the_error_output_goes_through_the_pipe_where_the_spec_says_so() -> None:
    result = runwrap("pipe", "sh -c 'echo out; echo err >&2' |& sort")
    assert (result.out, result.err) == ("err\nout\n", "")


def test_streams_are_joined_in_the_order_of_the_spec(tmp_path: Path) -> None:
    result = runwrap("pipe", "sh -c 'echo out; echo err >&2' 2>&1 >file", cwd=tmp_path)
    assert (result.out, (tmp_path / "file").read_text()) == ("err\n", "out\n")


def test_bytes_that_are_no_text_arrive_as_they_are() -> None:
    every = "".join(map(chr, range(1, 128))) + os.fsdecode(bytes(range(128, 256)))
    result = runwrap("pipe", "--", "printf", "%s", every, "|", "cat")
    assert result.out == every


def test_a_spec_may_hold_bytes_that_are_no_text() -> None:
    odd = os.fsdecode(bytes(range(128, 256)))
    assert runwrap("pipe", f"printf %s {odd} | cat").out == odd


def test_the_variables_of_a_stage_are_its_own() -> None:
    result = runwrap("pipe", "-e", "A=0", "A=1 sh -c 'echo $A$B' | B=2 sh -c 'cat; echo $A$B'")
    assert result.out == "1\n02\n"


def test_a_stage_is_looked_for_in_its_own_path(tmp_path: Path) -> None:
    tool = tmp_path / "tool"
    tool.write_text("#!/bin/sh\necho found\n")
    tool.chmod(0o755)
    assert runwrap("pipe", f"PATH={tmp_path} tool | cat").out == "found\n"


def test_the_files_of_options_are_for_every_stage(tmp_path: Path) -> None:
    (tmp_path / "in").write_text("x\n")
    result = runwrap(
        "pipe", "--stdin", "in", "--stdout", "out", "--stderr", "err",
        "sh -c 'cat; echo 1 >&2' | sh -c 'cat; echo 2 >&2'", cwd=tmp_path,
    )  # fmt: skip
    assert result.out == result.err == ""
    assert (tmp_path / "out").read_text() == "x\n"
    assert sorted((tmp_path / "err").read_text()) == ["\n", "\n", "1", "2"]


def test_the_folder_mask_and_niceness_are_for_every_stage(tmp_path: Path) -> None:
    show = "sh -c 'cat; pwd; umask; nice'"
    result = runwrap(
        "pipe", "-C", str(tmp_path), "--umask", "077", "--nice", "3", f"{show} | {show}",
    )  # fmt: skip
    wanted = f"{tmp_path}\n0077\n{os.nice(0) + 3}\n"
    assert result.out == wanted * 2


@on_linux
def test_no_stage_gets_a_descriptor_that_a_command_alone_would_not_get() -> None:
    alone = runwrap("run", "--", *DESCRIPTORS)
    every = runwrap("pipe", "--", *DESCRIPTORS, "|", *DESCRIPTORS, "|", *DESCRIPTORS)
    assert every.err == alone.err * 3


@on_linux
def test_no_stage_gets_the_files_of_another(tmp_path: Path) -> None:
    alone = runwrap("run", "--", *DESCRIPTORS)
    stage = f"{sys.executable} -IS {tmp_path}/show"
    (tmp_path / "show").write_text(DESCRIPTORS[-1])
    (tmp_path / "in").touch()
    every = runwrap("pipe", f"{stage} <in | {stage} | {stage} >out", cwd=tmp_path)
    assert every.err == alone.err * 3


@pytest.mark.parametrize("session", ["auto", "new", "foreground"])
def test_all_stages_are_in_one_process_group(session: str) -> None:
    result = runwrap("pipe", "--session", session, "--", *PLACE, "|", *PLACE, "|", *PLACE)
    rows = [line.split() for line in result.err.splitlines()]
    assert len(rows) == 3
    assert len({(group, own) for group, own, _ in rows}) == 1


@pytest.mark.parametrize("session", ["auto", "new"])
def test_the_first_stage_leads_the_group(session: str) -> None:
    result = runwrap("pipe", "--session", session, "--", *PLACE, "|", *PLACE)
    rows = [line.split() for line in result.err.splitlines()]
    assert {group for group, _, _ in rows} <= {pid for _, _, pid in rows}


def test_a_stage_that_ends_early_does_not_hold_up_the_others() -> None:
    assert runwrap("pipe", "true | sh -c 'cat; echo done' | cat").out == "done\n"


def test_endless_writers_end_when_nobody_reads() -> None:
    result = runwrap("pipe", "yes | cat | head -1")
    assert (result.status, result.out, result.err) == (0, "y\n", "")


@pytest.mark.parametrize("start", ["posix_spawn", "fork"])
def test_sigpipe_ends_a_stage_even_if_our_caller_ignores_it(start: str) -> None:
    options = ("--nice", "0") if start == "fork" else ()
    ignoring = ("sh", "-c", 'trap "" PIPE; "$@"', "sh")
    result = runwrap(
        RUNWRAP, "pipe", *options, "yes | head -1", program=ignoring,
    )  # fmt: skip
    assert (result.status, result.out, result.err) == (0, "y\n", "")


def test_a_signal_reaches_every_stage(tmp_path: Path) -> None:
    says = fifo(tmp_path, "one"), fifo(tmp_path, "two")
    first, second = (
        sh(f"trap 'exit 5' USR1; echo on >{say}; while :; do sleep 0.05; done") for say in says
    )
    running = Running("pipe", "-v", "--", *first, "|", *second)
    assert [read_line(say) for say in says] == ["on", "on"]
    running.signal(signal.SIGUSR1)
    result = running.wait()
    assert result.status == 5
    assert "stage 1, sh: exited 5;" in result.err
    assert "stage 2, sh: exited 5;" in result.err


@on_linux
def test_when_runwrap_is_killed_every_stage_dies(tmp_path: Path) -> None:
    say = fifo(tmp_path)
    stage = sh(f"trap '' TERM; echo on >{say}; while :; do sleep 60; done")
    running = Running("pipe", "--", *stage, "|", *stage)
    read_line(say)
    running.signal(signal.SIGKILL)
    assert running.wait(all_dead_within=PATIENCE).all_dead


@on_linux
def test_what_a_stage_leaves_running_is_a_leak() -> None:
    result = runwrap("pipe", "--leak", "fail", "sh -c 'sleep 60 >&- 2>&- &' | cat")
    assert (result.status, result.all_dead) == (123, True)
    assert "left running: sleep 60" in result.err


def test_it_runs_in_the_group_tier_as_well() -> None:
    result = runwrap("pipe", "--contain", "group", "-v", "seq 3 | sort -r | sh -c 'cat; exit 4'")
    assert (result.status, result.out) == (4, "3\n2\n1\n")
    assert result.err.count("exited 0;") == 2


def test_a_thousand_stages_run() -> None:
    words = ["echo", "x", *["|", "cat"] * 999]
    result = runwrap("pipe", "--", *words)
    assert (result.status, result.out, result.err) == (0, "x\n", "")


def test_a_spec_of_a_megabyte_is_read(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("echo x " + "|\n cat " * 200 + "| wc -c" + " " * 1_000_000)
    assert runwrap("pipe", "--file", str(script)).out == "2\n"


def test_an_argument_of_a_megabyte_is_too_long_for_the_system_and_nothing_is_left(
    tmp_path: Path,
) -> None:
    script = tmp_path / "script"
    script.write_text("sleep 60 | echo " + "x" * 1_000_000)
    result = runwrap("pipe", "--file", str(script))
    assert (result.status, result.all_dead) == (126, True)
    assert result.err.endswith("Argument list too long\n")


def test_a_file_with_a_number_sign_line_is_a_script(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text(
        f"#!/usr/bin/env -S {RUNWRAP} pipe --file\nseq 3 |\n# the largest\nsort -r |\nhead -1\n"
    )
    script.chmod(0o755)
    result = runwrap(program=(str(script),))
    assert (result.status, result.out) == (0, "3\n")


def test_a_dry_run_can_be_read_by_programs() -> None:
    result = runwrap("pipe", "-t", "5", "--dry-run", "--json", "A='b c' a <x | d 2>>e")
    told = json.loads(result.out)
    assert told["timeout"] == 5.0
    assert told["stages"] == [
        {
            "argv": ["a"],
            "assignments": [["A", "b c"]],
            "redirects": [{"stream": 0, "file": "x", "append": False}],
        },
        {
            "argv": ["d"],
            "assignments": [],
            "redirects": [{"stream": 2, "file": "e", "append": True}],
        },
    ]


def locales() -> list[str]:
    """Return the locales that are installed, as far as can be said."""
    found = subprocess.run(["sh", "-c", "locale -a"], capture_output=True, text=True, check=False)
    return found.stdout.split()


@pytest.mark.skipif("ja_JP.shiftjis" not in locales(), reason="the locale is not installed")
def test_a_backslash_quotes_where_the_c_library_has_a_yen_sign() -> None:
    result = runwrap("pipe", r"""printf '<%s>' a\ b "c\"d" """, env={"LC_ALL": "ja_JP.shiftjis"})
    assert (result.status, result.out) == (0, '<a b><c"d>')
