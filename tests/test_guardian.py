"""Two processes hold a job: whichever of them is killed, the other ends it."""

import os
import re
import resource
import shutil
import signal
import sys
from functools import partial
from itertools import dropwhile
from pathlib import Path

import pytest

from tests.support import (
    PATIENCE,
    RUNWRAP,
    Result,
    Running,
    fifo,
    python,
    read_line,
    ready_in_time,
    runwrap,
    sh,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs a child subreaper")

# Says the guardian's pid, which is the command's parent, and leaves a daemon in a session of its
# own; neither of them can be ended by anything but SIGKILL.
STUBBORN = python(
    "import os, signal, sys\n"
    "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n"
    "guardian = os.getppid()\n"
    "if os.fork() == 0:\n"
    "    os.setsid()\n"
    "    if os.fork() == 0:\n"
    "        with open(os.environ['SAY'], 'w') as say: print(guardian, file=say)\n"
    "    else: os._exit(0)\n"
    "signal.sigwait([])"
)


def block_term() -> None:
    """See that even a command which is only starting isn't ended by TERM."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])


def start_stubborn(
    folder: Path, *options: str, program: tuple[str, ...] = ("run",)
) -> tuple[Running, int]:
    """Start a job that nothing but SIGKILL ends; return it with the guardian's pid."""
    say = fifo(folder)
    running = Running(*program, *options, *STUBBORN, env={"SAY": say})
    return running, int(read_line(say))


def test_the_command_is_not_runwraps_own_child(tmp_path: Path) -> None:
    running, guardian = start_stubborn(tmp_path, "-k", "0")
    assert guardian != running.pid
    running.signal(signal.SIGTERM)
    running.wait()


def test_when_runwrap_is_killed_everything_dies(tmp_path: Path) -> None:
    running, _ = start_stubborn(tmp_path)
    running.signal(signal.SIGKILL)
    assert running.wait(all_dead_within=PATIENCE).all_dead


def test_when_runwrap_is_killed_in_the_grace_period_everything_dies(tmp_path: Path) -> None:
    say = fifo(tmp_path)
    stopped = python(
        "import os, signal\n"
        "signal.sigwait([signal.SIGTERM])\n"
        "with open(os.environ['SAY'], 'w') as say: print('TERM', file=say)\n"
        "signal.sigwait([])"
    )
    running = Running("-t", "0.01", "-k", "1h", "--", *stopped, env={"SAY": say}, before=block_term)
    assert read_line(say) == "TERM"
    running.signal(signal.SIGKILL)
    assert running.wait(all_dead_within=PATIENCE).all_dead


def test_when_the_guardian_is_killed_everything_is_dead_as_runwrap_exits(tmp_path: Path) -> None:
    running, guardian = start_stubborn(tmp_path)
    os.kill(guardian, signal.SIGKILL)
    result = running.wait()
    assert (result.status, result.all_dead) == (125, True)


def test_a_front_that_has_just_the_descriptors_to_start_ends_it_all() -> None:
    def run(limit: int) -> Result:
        few = partial(resource.setrlimit, resource.RLIMIT_NOFILE, (limit, limit))
        return runwrap(*sh("echo on; kill -KILL $PPID; exec sleep 60"), before=few)

    # With how few Python itself comes up depends on its version.
    started = [*dropwhile(lambda result: not result.out, map(run, range(4, 10)))]
    assert len(started) >= 4
    assert [(one.status, one.out, one.all_dead) for one in started] == [
        (125, "on\n", True) for _ in started
    ]


def test_timeout_exits_125_then_too(tmp_path: Path) -> None:
    running, guardian = start_stubborn(tmp_path, program=("timeout", "60"))
    os.kill(guardian, signal.SIGKILL)
    assert running.wait().status == 125


def test_the_guardians_death_is_told(tmp_path: Path) -> None:
    running, guardian = start_stubborn(tmp_path)
    os.kill(guardian, signal.SIGKILL)
    said = running.wait().err
    assert said.endswith("was killed by signal 9; what was running has been killed\n")


def test_what_the_caller_had_running_outlives_a_killed_guardian(tmp_path: Path) -> None:
    # The shell becomes runwrap, so its background child becomes a child of runwrap's.
    say, done = fifo(tmp_path, "say"), fifo(tmp_path, "done")
    script = f'(read x <{done}; echo alive) & exec "$@"'
    running = Running("--", *STUBBORN, program=prefixed(script), env={"SAY": say})
    os.kill(int(read_line(say)), signal.SIGKILL)
    running.process.wait(PATIENCE)
    Path(done).write_text("\n")
    assert running.wait(all_dead_within=PATIENCE).out == "alive\n"


def prefixed(script: str) -> tuple[str, ...]:
    """Return the words that run runwrap by a shell script which ends in `exec "$@"`."""
    return ("sh", "-c", script, "sh", RUNWRAP)


def test_a_job_cannot_stop_who_watches_over_it() -> None:
    script = "kill -STOP $PPID; echo on; while :; do sleep 1; done"

    def attempt(limit: float) -> Result | None:
        result = runwrap("-t", str(limit), "-k", "0", "--", *sh(script))
        return result if result.out else None

    result = ready_in_time(attempt)
    assert (result.status, result.all_dead) == (124, True)


def test_a_signal_to_the_whole_group_leaves_nothing_behind(tmp_path: Path) -> None:
    running, _ = start_stubborn(tmp_path, "-f")
    os.killpg(running.pid, signal.SIGKILL)
    assert running.wait(all_dead_within=PATIENCE).all_dead


def test_a_long_list_of_leaks_is_handed_over_whole() -> None:
    many = python(
        "import os, sys\n"
        "for _ in range(40):\n"
        "    if os.fork() == 0:\n"
        "        os.execv('/bin/sh', ['sh', '-c', 'sleep 60; :', 'x' * 4000])"
    )
    result = runwrap("--leak-timeout", "100ms", "--", *many)
    assert (result.status, result.all_dead) == (0, True)
    assert "more; sent TERM" in result.err


ONE_WITH_A_COMMAND_LINE_OF_A_MEGABYTE = """
import subprocess
words = ['sh', '-c', 'echo; sleep 60; :', *['x' * 120_000] * 10]
subprocess.Popen(words, stdout=subprocess.PIPE).stdout.readline()
"""


def unprivileged() -> tuple[str, ...]:
    """Return the words that run runwrap without the privilege for pipes of any size."""
    return ("setpriv", "--bounding-set=-sys_resource", RUNWRAP) if os.getuid() == 0 else (RUNWRAP,)


def test_a_leak_whose_command_line_fits_no_pipe_is_named() -> None:
    script = python(ONE_WITH_A_COMMAND_LINE_OF_A_MEGABYTE)
    result = runwrap("--leak-timeout", "0", "--", *script, program=unprivileged())
    assert (result.status, result.all_dead) == (0, True)
    assert "left running: sh -c echo; sleep 60; : xxx" in result.err


HUNDRED_WITH_COMMAND_LINES_OF_TWENTY_THOUSAND = """
import os, time
for _ in range(100):
    if os.fork() == 0:
        time.sleep(60)
        os._exit(0)
"""


def test_who_leaked_is_counted_where_their_command_lines_fit_no_pipe() -> None:
    words = (*python(HUNDRED_WITH_COMMAND_LINES_OF_TWENTY_THOUSAND), "x" * 20_000)
    result = runwrap("--leak-timeout", "0", "--", *words, program=unprivileged())
    assert (result.status, result.all_dead) == (0, True)
    assert "and 97 more; sent TERM" in result.err


def test_what_ran_under_a_limit_may_fit_no_pipe() -> None:
    ready = "print('on', flush=True)\nimport time; time.sleep(60)"
    script = python(ONE_WITH_A_COMMAND_LINE_OF_A_MEGABYTE + ready)

    def attempt(limit: float) -> Result | None:
        result = runwrap("-v", "-t", str(limit), "--", *script, program=unprivileged())
        return result if result.out else None

    result = ready_in_time(attempt)
    assert (result.status, result.all_dead) == (124, True)
    assert re.search(r"timed out after [0-9.]+ m?s, running .*; sent TERM", result.err)


def test_a_pipeline_whose_stages_fit_no_pipe_still_ends_with_their_status() -> None:
    folder = "/" + "./" * 1700 + "bin"
    stages = [f"{folder}/true", "|"] * 399
    result = runwrap("pipe", "-v", "--", *stages, f"{folder}/false", program=unprivileged())
    assert (result.status, result.all_dead) == (1, True)
    assert "guardian" not in result.err


WITH_FEW_FREE_DESCRIPTORS = """
import os, resource, sys
last = max(map(int, os.listdir('/proc/self/fd')))
for one in range(last + 1):
    try:
        os.set_inheritable(one, True)
    except OSError:
        os.dup2(0, one)
limit = last + 1 + int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
os.execv(sys.argv[2], sys.argv[2:])
"""


@pytest.mark.parametrize(("free", "status"), [("2", 125), ("3", 3)])
def test_a_job_that_can_be_started_with_few_descriptors_can_be_ended(
    free: str, status: int
) -> None:
    few = (*python(WITH_FEW_FREE_DESCRIPTORS), free, RUNWRAP)
    result = runwrap(*sh("echo on; setsid sleep 60 & exit 3"), program=few)
    assert (result.status, result.out, result.all_dead) == (status, "on\n", True)
    assert "Traceback" not in result.err


@pytest.mark.parametrize("kill", ["0", "KILL"])
def test_the_job_ends_even_where_our_own_files_are_gone(tmp_path: Path, kill: str) -> None:
    project = Path(__file__).parent.parent
    shutil.copytree(project / "runwrap", tmp_path / "runwrap")
    start = shutil.copy(project / "scripts/runwrap", tmp_path / "start")
    script = f"rm -r {tmp_path}/runwrap; setsid sleep 60 & kill -s {kill} $PPID; exit 0"
    program, where = (sys.executable, str(start)), {"PYTHONPATH": str(tmp_path)}
    result = runwrap(*sh(script), program=program, env=where)
    assert (result.status, result.all_dead) == (125, True)
    assert "Traceback" not in result.err
