"""runwrap as PID 1 of a container."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support import RUNWRAP, Running, fifo, runwrap, sh

IDLE = "while :; do sleep 0.05; done"
UNSHARE = ("unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc")


def can_unshare() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*UNSHARE, "true"], capture_output=True, check=False).returncode == 0


pytestmark = pytest.mark.skipif(not can_unshare(), reason="needs user and PID namespaces")


def init(*words: str, before: tuple[str, ...] = ()) -> tuple[str, ...]:
    return (*UNSHARE, *before, RUNWRAP, *words)


def test_it_is_pid_1_and_the_command_its_child() -> None:
    assert runwrap(program=init("--", *sh("echo $$ $PPID"))).out.split()[1] == "1"


def test_the_commands_exit_code_is_propagated() -> None:
    assert runwrap(program=init("--", *sh("exit 7"))).status == 7


def test_death_by_a_signal_is_128_and_its_number() -> None:
    assert runwrap(program=init("--", *sh("kill -USR1 $$"))).status == 128 + 10


def test_orphans_are_reaped() -> None:
    script = (
        "i=0; while [ $i -lt 50 ]; do (: &); i=$((i+1)); done; "
        "while grep -qs 'State:.Z' /proc/[0-9]*/status; do :; done; echo no zombies"
    )
    assert runwrap(program=init("-t", "20", "--", *sh(script))).out == "no zombies\n"


def test_a_signal_is_forwarded() -> None:
    # unshare waits outside; the signal is sent from inside, to PID 1.
    script = "trap 'echo got it; exit 3' TERM; kill -TERM 1; while :; do sleep 0.1; done"
    result = runwrap(program=init("--", *sh(script)))
    assert (result.out, result.status) == ("got it\n", 3)


def test_timeout_signals_its_group_and_not_the_whole_namespace(tmp_path: Path) -> None:
    ready = fifo(tmp_path)
    # The stray, in a session of its own, would say so if HUP had come to it before USR1 does.
    stray = f"trap 'echo told' HUP; trap 'echo bye; exit' USR1; echo >{ready}; {IDLE}"
    script = (
        f'setsid sh -c "{stray}" & stray=$!; trap "kill -USR1 $stray; wait $stray; exit 3" HUP; '
        f"read line <{ready}; kill -HUP 1; {IDLE}"
    )
    result = runwrap(program=init("timeout", "60", *sh(script)))
    assert (result.out, result.status) == ("bye\n", 3)


def test_a_deadline_ends_everything() -> None:
    script = "setsid sleep 60 & trap '' TERM; sleep 60; sleep 60"
    running = Running(program=init("-t", "0.2", "-k", "0.1", "--", *sh(script)))
    result = running.wait()
    assert (result.status, result.all_dead) == (124, True)


def test_it_works_where_proc_belongs_to_another_namespace() -> None:
    words = ("unshare", "--user", "--map-root-user", "--pid", "--fork", RUNWRAP, "-t", "0.2", "-k")
    script = "setsid sh -c 'trap \"\" TERM; sleep 60; sleep 60' & exec sleep 60"
    result = runwrap(program=(*words, "0.1", "--", *sh(script)))
    assert (result.status, result.all_dead) == (124, True)
