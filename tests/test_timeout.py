"""`runwrap timeout` beyond the table: as a link, in other locales, killed, and with --leak."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import PATIENCE, RUNWRAP, Running, fifo, python, read_line, runwrap, sh

LEAVES_A_CHILD = sh("exec 3<&0; sleep 60 <&3 & exit 3")


def test_a_link_named_timeout_acts_as_that_command(tmp_path: Path) -> None:
    link = tmp_path / "timeout"
    link.symlink_to(RUNWRAP)
    assert runwrap("-s", "INT", ".1", "sleep", "60", program=(str(link),)).status == 124


def test_a_link_of_another_name_is_runwrap(tmp_path: Path) -> None:
    link = tmp_path / "wrap"
    link.symlink_to(RUNWRAP)
    assert runwrap("-t", "60", "--", *sh("exit 4"), program=(str(link),)).status == 4


@pytest.mark.parametrize("text", ["0,1", "0.1"])
def test_a_decimal_comma_is_read_where_the_locale_has_one(text: str, tmp_path: Path) -> None:
    made = subprocess.run(
        ["localedef", "-i", "de_DE", "-f", "UTF-8", str(tmp_path / "de_DE.UTF-8")],
        capture_output=True,
        check=False,
    )
    if not (tmp_path / "de_DE.UTF-8").exists():
        pytest.skip(f"no locale with a comma can be made: {made.stderr.decode()[:80]}")
    env = {"LOCPATH": str(tmp_path), "LC_ALL": "de_DE.UTF-8"}
    assert runwrap("timeout", text, "sleep", "60", env=env).status == 124


def test_a_comma_is_refused_in_the_c_locale() -> None:
    assert runwrap("timeout", "0,1", "sleep", "60", env={"LC_ALL": "C"}).status == 125


def test_variables_of_runwrap_change_nothing() -> None:
    env = {"RUNWRAP_TIMEOUT": "0.1", "RUNWRAP_SIGNAL": "KILL"}
    assert runwrap("timeout", "60", *sh("exit 5"), env=env).status == 5


def test_what_a_command_left_behind_is_stopped_if_asked() -> None:
    result = runwrap("timeout", "--leak", "kill", "60", *LEAVES_A_CHILD)
    assert (result.status, result.all_dead) == (3, True)


def test_what_a_command_left_behind_can_be_a_failure() -> None:
    result = runwrap("timeout", "--leak=fail", "60", *LEAVES_A_CHILD)
    assert (result.status, result.all_dead) == (123, True)


def test_a_kill_reaches_every_descendant() -> None:
    daemon = python(
        "import os, signal\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "if os.fork() == 0: os.setsid()\n"
        "signal.pause()"
    )
    running = Running("timeout", "-k", ".1", ".5", *daemon)
    result = running.wait(all_dead_within=PATIENCE)
    assert (result.status, result.all_dead) == (-signal.SIGKILL, True)


@pytest.mark.skipif(sys.platform != "linux", reason="needs a child subreaper")
def test_a_timeout_within_a_timeout_stops_its_command_in_its_own_way(tmp_path: Path) -> None:
    ready = fifo(tmp_path)
    command = sh(f"trap 'echo told; exit' INT; echo >{ready}; while :; do sleep .05; done")
    inner = (RUNWRAP, "timeout", "-s", "INT", "60", *command)
    outer = Running("timeout", "-s", "ALRM", "60", *inner)
    read_line(ready)
    outer.signal(signal.SIGALRM)  # its deadline
    result = outer.wait()
    assert (result.status, result.out, result.all_dead) == (124, "told\n", True)


def test_when_runwrap_is_killed_the_command_gets_the_signal(tmp_path: Path) -> None:
    ready, told = fifo(tmp_path, "ready"), fifo(tmp_path, "told")
    script = 'trap "echo HUP >$TOLD; exit" HUP; echo >$READY; while :; do sleep .1; done'
    env = {"READY": ready, "TOLD": told}
    running = Running("timeout", "-s", "HUP", "60", *sh(script), env=env)
    read_line(ready)
    running.signal(signal.SIGKILL)
    assert read_line(told) == "HUP"
    assert running.wait(all_dead_within=PATIENCE).all_dead


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_125_where_standard_output_cannot_be_written(option: str) -> None:
    with open("/dev/full", "w") as full:
        ran = subprocess.run(
            [RUNWRAP, "timeout", option], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert ran.returncode == 125


def test_it_works_as_the_child_of_pid_1() -> None:
    program = ("unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc")
    if os.system("unshare --user --map-root-user --pid --fork --mount-proc true 2>&-"):
        pytest.skip("no PID namespace can be made here")
    result = runwrap("timeout", ".2", "sleep", "60", program=(*program, RUNWRAP))
    assert result.status == 124
    script = sh(f"{RUNWRAP} timeout .2 sleep 60; exit $?")
    assert runwrap(*script, program=program).status == 124


@pytest.mark.parametrize(
    ("path", "status"), [("/missing:/dev/null", 126), ("/dev/null:/missing", 127)]
)
def test_a_file_among_the_folders_of_path_counts_if_it_is_the_last(path: str, status: int) -> None:
    assert runwrap("timeout", "60", "no-such-command", env={"PATH": path}).status == status
