"""On a real terminal a pipeline is a job like one of the shell's own."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.screen import CTRL_C, CTRL_D, CTRL_Z, PROMPT, Screen


@pytest.fixture
def screen() -> Iterator[Screen]:
    screen = Screen()
    yield screen
    screen.close()


def test_every_stage_has_the_foreground_and_the_shell_gets_it_back(
    screen: Screen, tmp_path: Path
) -> None:
    before = screen.foreground()
    show = tmp_path / "show"
    show.write_text(
        "import os, sys\n"
        "sys.stdin.isatty() or sys.stdin.read()\n"
        "print(os.tcgetpgrp(2) == os.getpgrp(), file=sys.stderr)\n"
    )
    stage = f"{sys.executable} {show}"
    assert screen.run(f"runwrap pipe '{stage} | {stage} | {stage}'") == "True\n" * 3
    assert screen.foreground() == before


def test_ctrl_c_reaches_every_stage_and_the_shell_sees_death_by_sigint(screen: Screen) -> None:
    screen.start("runwrap pipe -t 60 \"sh -c 'echo on >/dev/tty; exec sleep 60' | cat\"")
    screen.expect("on\r\n")
    screen.type(CTRL_C)
    screen.expect(PROMPT)
    assert screen.run("echo $?") == "130\n"


def test_ctrl_z_stops_the_job_and_fg_continues_it(screen: Screen) -> None:
    screen.start("runwrap pipe 'cat | cat | cat'")
    screen.type("first\n")
    screen.expect("first\r\nfirst\r\n")
    screen.type(CTRL_Z)
    assert "Stopped" in screen.expect(PROMPT)
    screen.start("fg")
    screen.expect("runwrap pipe .*\r\n")  # bash reads no more
    screen.type("second\n")
    screen.expect("second\r\n.*second\r\n")
    screen.type(CTRL_D)
    screen.expect(PROMPT)
    assert screen.run("echo $?") == "0\n"


def test_a_job_of_which_a_stage_has_ended_can_be_stopped(screen: Screen) -> None:
    screen.start("runwrap pipe 'true | sh -c \"echo on; exec cat </dev/tty\"'")
    screen.expect("on\r\n")
    screen.type(CTRL_Z)
    assert "Stopped" in screen.expect(PROMPT)
    screen.fg("runwrap pipe ")
    screen.type("text\n")
    screen.expect("text\r\n.*text\r\n")
    screen.type(CTRL_C)
    screen.expect(PROMPT)
    assert screen.run("echo $?") == "130\n"


def test_a_stage_that_ignores_the_stop_signal_does_not_keep_the_terminal(screen: Screen) -> None:
    screen.start('runwrap pipe "sh -c \'trap \\"\\" TSTP; echo on; exec sleep 60\' | cat"')
    screen.expect("on\r\n")
    screen.type(CTRL_Z)
    assert "Stopped" in screen.expect(PROMPT)
    screen.start("kill %1; fg")
    screen.expect("Terminated\r\n" + PROMPT)


def test_a_script_that_is_continued_before_all_of_its_job_has_stopped_runs_on(
    screen: Screen, tmp_path: Path
) -> None:
    script = tmp_path / "script"
    stage = "sh -c 'trap \\\"\\\" TSTP; echo on; exec sleep 60'"
    script.write_text(f'runwrap pipe -t 2 "{stage} | cat"\n')
    screen.start(f"sh {script}")
    screen.expect("on\r\n")
    screen.type(CTRL_Z)
    assert "Stopped" in screen.expect(PROMPT)
    screen.start("fg")
    screen.expect("timed out after 2 s.*; sent TERM\r\n")
    screen.expect(PROMPT)


def test_the_clock_pauses_while_the_job_is_stopped(screen: Screen) -> None:
    screen.start("runwrap pipe -t 2 'sh -c \"echo on >/dev/tty; exec sleep 60\" | cat'")
    screen.expect("on\r\n")
    screen.type(CTRL_Z)
    screen.expect("Stopped.*" + PROMPT)
    screen.run("sleep 2")
    assert "Stopped" in screen.run("jobs")
    screen.start("fg")
    screen.expect("timed out after 2 s.*; sent TERM\r\n")


def test_a_failed_start_gives_the_terminal_back(screen: Screen, tmp_path: Path) -> None:
    before = screen.foreground()
    script = tmp_path / "script"
    script.write_text("#!/nonexistent/interpreter\n")
    script.chmod(0o755)
    assert "does not exist" in screen.run(f"runwrap pipe 'cat | {script}'")
    assert screen.foreground() == before
