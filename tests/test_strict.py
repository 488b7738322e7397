"""--contain=strict: the kernel itself ends whatever is in the job's PID namespace."""

import os
import random
import re
import select
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import runwrap
from tests.namespaces import NOBODY, any_python, caller, open_folder, why_not
from tests.support import PATIENCE, RUNWRAP, Result, Running, fifo, read_line, sh

# Nothing but SIGKILL ends it, nor the daemon that it leaves in a session of its own.
STUBBORN = any_python(
    "import os, signal\n"
    "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n"
    "if os.fork() == 0:\n"
    "    os.setsid()\n"
    "    if os.fork() == 0:\n"
    "        with open(os.environ['SAY'], 'w') as say: print('daemon', file=say)\n"
    "    else: os._exit(0)\n"
    "signal.sigwait([])"
)
# Forks, and lets the parent exit, in a new session each time; says so early on, and stays at last.
HOPPER = any_python(
    "import os, signal\n"
    "for hop in range(3000):\n"
    "    if os.fork(): os._exit(0)\n"
    "    os.setsid()\n"
    "    if hop == 20:\n"
    "        with open(os.environ['SAY'], 'w') as say: print('hopping', file=say)\n"
    "signal.alarm(120)\n"
    "signal.pause()"
)
PACKAGE = Path(runwrap.__file__).parent.parent
few_and_many = pytest.mark.parametrize(
    "runs", [20, pytest.param(400, marks=pytest.mark.slow)], ids=["few", "many"]
)


@pytest.fixture(params=["root", "unprivileged"])
def before(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """The words before runwrap that choose its caller."""
    return caller(request.param)


@pytest.fixture
def folder() -> Iterator[Path]:
    yield from open_folder()


def start(before: tuple[str, ...], *words: str, say: str = "") -> Running:
    return Running(
        "--contain=strict", *words, program=(*before, RUNWRAP), cwd=Path("/"), env={"SAY": say}
    )


def run(before: tuple[str, ...], *words: str) -> Result:
    return start(before, *words).wait()


def start_and_hear(before: tuple[str, ...], folder: Path, *words: str) -> Running:
    """Start a job and wait until it says something."""
    say = fifo(folder)
    os.chmod(say, 0o666)
    running = start(before, *words, say=say)
    assert read_line(say)
    return running


def init_of(running: Running) -> int:
    """Return the pid of the namespace's PID 1, which is the only child of what the caller sees."""
    text = Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text()
    (pid,) = map(int, text.split())
    return pid


def test_the_command_is_a_child_of_pid_1(before: tuple[str, ...]) -> None:
    assert run(before, *sh("echo $PPID")).out == "1\n"


def test_proc_shows_the_job_alone(before: tuple[str, ...]) -> None:
    assert run(before, *sh("echo /proc/[0-9]*")).out == "/proc/1 /proc/2\n"


def test_the_callers_proc_is_left_as_it_was(before: tuple[str, ...]) -> None:
    mounts = Path("/proc/self/mountinfo").read_text()
    assert run(before, "true").status == 0
    assert Path("/proc/self/mountinfo").read_text() == mounts


def test_the_command_is_still_the_same_user(before: tuple[str, ...]) -> None:
    user = "65534" if before else str(os.geteuid())
    assert run(before, *sh("id -u; id -g")).out == f"{user}\n{user}\n"


def test_a_file_made_inside_is_the_callers(before: tuple[str, ...], folder: Path) -> None:
    path = folder / "made"
    assert run(before, "touch", str(path)).status == 0
    assert path.stat().st_uid == (65534 if before else os.geteuid())


def test_standard_streams_are_the_callers(before: tuple[str, ...]) -> None:
    read, write = os.pipe()
    os.write(write, b"through\n")
    os.close(write)
    running = Running("--contain=strict", "cat", program=(*before, RUNWRAP), stdin=read)
    os.close(read)
    assert running.wait().out == "through\n"


@pytest.mark.parametrize("code", [0, 1, 7, 125, 255])
def test_the_commands_exit_code_is_propagated(before: tuple[str, ...], code: int) -> None:
    result = run(before, *sh(f"exit {code}"))
    assert (result.status, result.err) == (code, "")


@pytest.mark.parametrize("name", ["TERM", "USR1", "KILL", "HUP"])
def test_death_by_a_signal_is_death_by_the_same(before: tuple[str, ...], name: str) -> None:
    assert run(before, *sh(f"kill -{name} $$")).status == -getattr(signal, f"SIG{name}")


def test_a_deadline_ends_everything(before: tuple[str, ...]) -> None:
    result = Running(
        "--contain=strict", "-t", "0.2", "-k", "0.1", *sh("setsid sleep 60 & sleep 60; sleep 60"),
        program=(*before, RUNWRAP),
        before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM]),
    ).wait()  # fmt: skip
    assert (result.status, result.all_dead) == (124, True)
    assert re.fullmatch(
        r"runwrap: sh: timed out after 200 ms, running .*sleep 60.* \(pid \d+\); "
        r"sent TERM, then KILL after 100 ms\n",
        result.err,
    )


def test_what_is_left_behind_is_named_and_stopped(before: tuple[str, ...]) -> None:
    result = run(before, "--leak-timeout", "0.05", *sh("setsid sh -c 'sleep 60; :' & exit 7"))
    assert (result.status, result.all_dead) == (7, True)
    assert result.err.startswith("runwrap: sh: left running: s")


def test_a_hopper_is_caught(before: tuple[str, ...], folder: Path) -> None:
    running = start_and_hear(before, folder, "-k", "0", "--leak", "wait", *HOPPER)
    running.signal(signal.SIGTERM)
    assert running.wait().all_dead


def test_when_runwrap_is_killed_everything_dies(before: tuple[str, ...], folder: Path) -> None:
    running = start_and_hear(before, folder, *STUBBORN)
    running.signal(signal.SIGKILL)
    assert running.wait(all_dead_within=PATIENCE).all_dead


def test_when_runwrap_is_killed_a_hopper_dies(before: tuple[str, ...], folder: Path) -> None:
    running = start_and_hear(before, folder, "--leak", "wait", *HOPPER)
    running.signal(signal.SIGKILL)
    assert running.wait(all_dead_within=PATIENCE).all_dead


def test_when_pid_1_is_killed_everything_is_dead_as_runwrap_exits(
    before: tuple[str, ...], folder: Path
) -> None:
    running = start_and_hear(before, folder, *STUBBORN)
    os.kill(init_of(running), signal.SIGKILL)
    result = running.wait()
    assert (result.status, result.all_dead) == (125, True)
    assert result.err.endswith("was killed by signal 9; what was running has been killed\n")


def test_when_both_are_killed_everything_dies(before: tuple[str, ...], folder: Path) -> None:
    running = start_and_hear(before, folder, *STUBBORN)
    init = init_of(running)
    running.signal(signal.SIGKILL)
    os.kill(init, signal.SIGKILL)
    assert running.wait(all_dead_within=PATIENCE).all_dead


def test_a_stopped_pid_1_dies_with_runwrap_all_the_same(
    before: tuple[str, ...], folder: Path
) -> None:
    running = start_and_hear(before, folder, *STUBBORN)
    init = init_of(running)
    running.signal(signal.SIGSTOP)  # or it would continue what is stopped next
    os.kill(init, signal.SIGSTOP)
    running.signal(signal.SIGKILL)
    assert running.wait(all_dead_within=PATIENCE).all_dead


def test_the_job_can_neither_kill_nor_stop_pid_1(before: tuple[str, ...]) -> None:
    assert run(before, *sh("kill -KILL 1; kill -STOP 1; exit 7")).status == 7


@few_and_many
def test_killed_at_any_moment_runwrap_leaves_nothing(before: tuple[str, ...], runs: int) -> None:
    for number in range(runs):
        running = start(before, *sh("setsid sleep 60 & sleep 60"))
        # The moment is what varies; nothing waits by this.
        select.select([], [], [], random.Random(number).uniform(0.0, 0.2))
        running.signal(signal.SIGKILL)
        assert running.wait(all_dead_within=PATIENCE).all_dead


def test_what_may_not_be_signalled_is_ended_by_the_kernel() -> None:
    # Root without the capability to kill others' processes, and a command that is another's.
    weak = (*caller("root"), "setpriv", "--bounding-set", "-kill", "--inh-caps", "-kill")
    result = run(weak, "-t", "0.3", "-k", "0", *NOBODY, "sleep", "60")
    assert (result.status, result.all_dead) == (124, True)


def test_it_works_inside_itself(before: tuple[str, ...]) -> None:
    again = ("env", f"PYTHONPATH={PACKAGE}", "python3", "-m", "runwrap", "--contain=strict")
    result = run(before, *again, *sh("echo $PPID; exit 7"))
    assert (result.out, result.status) == ("1\n", 7)


def test_what_a_privileged_command_mounts_is_not_seen_outside(folder: Path) -> None:
    caller("root")
    result = run((), *sh(f"mount -t tmpfs none {folder} && touch {folder}/inside"))
    assert (result.status, os.listdir(folder)) == (0, [])


def test_what_is_unmounted_outside_is_not_held_on_to(folder: Path, tmp_path: Path) -> None:
    caller("root")
    say, gate = fifo(tmp_path, "say"), fifo(tmp_path, "gate")
    inside = f"echo > {say}; read x < {gate}; grep -c {folder} /proc/self/mounts"
    script = (
        f"mount -t tmpfs none {folder}; {RUNWRAP} --contain strict sh -c '{inside}' & "
        f"read x < {say}; grep -c {folder} /proc/self/mounts; umount {folder}; echo > {gate}; wait"
    )
    program = ("unshare", "--mount", "--propagation", "shared", "sh", "-c")
    assert Running(script, program=program).wait().out == "1\n0\n"


def test_a_set_user_id_program_gains_nothing_without_privilege(folder: Path) -> None:
    caller("root")
    program = shutil.copy(str(shutil.which("id")), str(folder))
    os.chmod(program, 0o4755)
    assert run(caller("unprivileged"), program, "-u").out == "65534\n"


def test_letting_leaks_live_is_refused() -> None:
    result = run((), "--leak", "allow", "true")
    assert result.status == 125
    assert result.err == (
        "runwrap: --leak allow contradicts --contain strict, which nothing outlives\n"
    )


# In a user namespace of their own, where a limit can be set without touching anybody else's.
LIMITED = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c")
DROP = "setpriv --bounding-set -sys_admin --inh-caps -sys_admin"
REFUSALS = {
    "user": (DROP, "no user namespace can be made"),
    "pid": ("", "no PID namespace can be made"),
    "mnt": ("", "/proc cannot be mounted anew"),
}


@pytest.mark.parametrize("kind", REFUSALS)
def test_where_the_kernel_refuses_nothing_is_started_and_one_line_says_why(kind: str) -> None:
    if reason := why_not():
        pytest.skip(reason)
    program, refusal = REFUSALS[kind]
    script = f"echo 0 > /proc/sys/user/max_{kind}_namespaces; exec {program} {RUNWRAP} "
    words = (*LIMITED, script + '"$@"', "sh")
    result = Running("--contain=strict", "echo", "ran", program=words).wait()
    why = f"their number is limited (user.max_{kind}_namespaces is 0)"
    assert (result.status, result.out) == (125, "")
    assert result.err == f"runwrap: cannot contain by strict: {refusal}: {why}\n"


def test_where_parts_of_proc_are_hidden_it_is_refused() -> None:
    # As in many containers: the kernel shows no one more of /proc than they had.
    script = 'mount -t tmpfs none /proc/sys/kernel && exec "$@"'
    hidden = (*caller("root"), "unshare", "--mount", "sh", "-c", script, "sh", *DROP.split())
    result = run(hidden, "echo", "ran")
    assert (result.status, result.out) == (125, "")
    assert result.err.startswith(
        "runwrap: cannot contain by strict: /proc cannot be mounted anew: Operation not permitted"
    )


def test_a_command_that_cannot_be_started_is_told_as_always(before: tuple[str, ...]) -> None:
    result = run(before, "./missing")
    assert (result.status, result.err) == (127, "runwrap: ./missing: no such file\n")


def test_it_loads_only_when_asked_for() -> None:
    script = (sys.executable, "-X", "importtime", RUNWRAP)
    result = Running("true", program=script).wait()
    assert "namespaces" not in result.err
