"""runwrap as PID 1 of a container."""

import shutil
import subprocess

import pytest

from tests.support import RUNWRAP, Running, runwrap, sh

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
