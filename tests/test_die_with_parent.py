"""--die-with-parent: the job ends when the process that started runwrap does."""

import signal
import sys
from pathlib import Path

import pytest

from tests.namespaces import why_not
from tests.support import PATIENCE, RUNWRAP, Running, fifo, python, read_line, runwrap, sh

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs PR_SET_PDEATHSIG")

# Nothing but SIGKILL ends it.
STUBBORN = python(
    "import os, signal\n"
    "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n"
    "with open(os.environ['SAY'], 'w') as say: print('on', file=say)\n"
    "signal.sigwait([])"
)
# A parent that stays until it is killed.
PARENT = ("sh", "-c", '"$@" & wait', "sh", RUNWRAP)


def start(folder: Path, *options: str) -> Running:
    """Start a parent of runwrap, and wait until the job is on."""
    say = fifo(folder)
    running = Running(*options, "--", *STUBBORN, program=PARENT, env={"SAY": say})
    assert read_line(say) == "on"
    return running


@pytest.mark.parametrize("tier", ["reaper", "group", "strict"])
def test_when_the_parent_is_killed_everything_dies(tier: str, tmp_path: Path) -> None:
    if tier == "strict" and (reason := why_not()):
        pytest.skip(reason)
    running = start(tmp_path, "--die-with-parent", "--contain", tier)
    running.signal(signal.SIGKILL)
    assert running.wait(all_dead_within=PATIENCE).all_dead


def test_without_it_the_job_outlives_the_parent(tmp_path: Path) -> None:
    running = start(tmp_path, "-t", "1", "-k", "0")
    running.signal(signal.SIGKILL)
    assert not running.wait(all_dead_within=0).all_dead


def test_a_parent_that_dies_before_the_command_is_started_is_noticed(tmp_path: Path) -> None:
    gate = fifo(tmp_path)
    script = f'"$@" & echo $! > {tmp_path}/pid; wait'
    running = Running(
        "--die-with-parent", "--stdin", gate, "true", program=("sh", "-c", script, "sh", RUNWRAP)
    )
    # It waits for somebody to write to the FIFO.
    while not waits_for_a_partner(tmp_path / "pid"):
        pass
    running.signal(signal.SIGKILL)
    assert running.wait(all_dead_within=PATIENCE).all_dead


def waits_for_a_partner(file: Path) -> bool:
    pid = file.read_text().strip() if file.exists() else ""
    return bool(pid) and Path(f"/proc/{pid}/wchan").read_text() == "wait_for_partner"


def test_the_end_of_the_thread_that_started_it_is_not_the_parents_death(tmp_path: Path) -> None:
    gate = fifo(tmp_path)
    # A thread starts runwrap, and ends when the command is on; only then may the command go on.
    code = (
        "import subprocess, sys, threading\n"
        "started = []\n"
        "def work():\n"
        "    started.append(subprocess.Popen(sys.argv[2:]))\n"
        "    open(sys.argv[1]).read()\n"
        "thread = threading.Thread(target=work)\n"
        "thread.start()\n"
        "thread.join()\n"
        "open(sys.argv[1], 'w').close()\n"
        "sys.exit(started[0].wait())"
    )
    command = sh(f"echo on > {gate}; read x < {gate}; exit 7")
    result = runwrap("--die-with-parent", *command, program=(*python(code), gate, RUNWRAP))
    assert (result.status, result.all_dead) == (7, True)


def test_the_parents_own_end_counts_as_well_as_its_death(tmp_path: Path) -> None:
    say = fifo(tmp_path)
    words = ("sh", "-c", f'"$@" & read x < {say}', "sh", RUNWRAP)
    running = Running("--die-with-parent", "--", *STUBBORN, program=words, env={"SAY": say})
    assert running.wait(all_dead_within=PATIENCE).all_dead


def test_as_pid_1_it_dies_with_a_parent_that_has_no_number(tmp_path: Path) -> None:
    if reason := why_not():
        pytest.skip(reason)
    say = fifo(tmp_path)
    outside = ("unshare", "--user", "--map-root-user", "--pid", "--fork", RUNWRAP)
    running = Running("--die-with-parent", "--", *STUBBORN, program=outside, env={"SAY": say})
    assert read_line(say) == "on"
    running.signal(signal.SIGKILL)
    assert running.wait(all_dead_within=PATIENCE).all_dead


def test_it_changes_nothing_while_the_parent_lives() -> None:
    result = runwrap("--die-with-parent", *sh("sleep 0.1 & wait; exit 7"))
    assert (result.status, result.err) == (7, "")
