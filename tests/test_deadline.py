"""A command that takes too long is stopped, and then killed."""

import contextlib
import os
import re
import select
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.support import (
    Result,
    Running,
    block,
    fifo,
    ignore,
    in_tiers,
    python,
    read_line,
    ready_in_time,
    runwrap,
    sh,
    wait_until,
)


@in_tiers("group")
def test_a_limit_that_is_reached_is_124_and_one_line_says_so() -> None:
    result = runwrap("-t", "0.05", "sleep", "60")
    assert (result.status, result.all_dead) == (124, True)
    assert result.err == "runwrap: sleep: timed out after 50 ms; sent TERM\n"


@in_tiers("group")
def test_a_command_that_ignores_the_stop_signal_is_killed_after_the_grace_period() -> None:
    words = ("-t", "0.1", "-k", "0.1", "--", *sh("sleep 60; sleep 60"))
    result = runwrap(*words, before=ignore(signal.SIGTERM))
    assert (result.status, result.all_dead) == (124, True)
    assert re.fullmatch(
        r"runwrap: sh: timed out after 100 ms, running sleep 60 \(pid \d+\); "
        r"sent TERM, then KILL after [0-9.]+ m?s\n",
        result.err,
    )


def test_a_kill_after_of_zero_kills_at_once() -> None:
    result = runwrap("-t", "0.05", "-k", "0", *sh('trap "echo stopped" TERM; sleep 60'))
    assert (result.status, result.out, result.all_dead) == (124, "", True)
    assert result.err.endswith("sent KILL\n")


@in_tiers("group")
def test_the_stop_signal_can_be_chosen() -> None:
    # Blocked from the first moment on, so that it doesn't matter how long the start takes.
    command = python("import signal; print(signal.sigwait([2, 15]).name)")
    result = runwrap("-t", "0.3", "-s", "INT", *command, before=block(signal.SIGINT))
    assert (result.status, result.out) == (124, "SIGINT\n")


@in_tiers("group")
def test_steps_are_taken_one_after_the_other() -> None:
    command = python(
        "import signal\n"
        "for _ in range(2): print(signal.sigwait([signal.SIGUSR1, signal.SIGUSR2]).name)"
    )
    steps = "USR1:100ms,USR2:60s,KILL"
    ready = block(signal.SIGUSR1, signal.SIGUSR2)
    result = runwrap("-t", "0.3", "--escalate", steps, *command, before=ready)
    assert (result.status, result.out.split()) == (124, ["SIGUSR1", "SIGUSR2"])
    assert re.search("sent USR1, then USR2 after [0-9.]+ m?s$", result.err)


def test_a_command_that_exits_0_on_the_stop_signal_was_timed_out_all_the_same() -> None:
    command = python("import signal; print(signal.sigwait([15]).name)")
    result = runwrap("-t", "0.3", *command, before=block(signal.SIGTERM))
    assert (result.status, result.out) == (124, "SIGTERM\n")
    assert result.err.endswith("sent TERM\n")


@in_tiers("group", "strict")
def test_a_stopped_command_is_continued_to_end() -> None:
    def attempt(limit: float) -> Result | None:
        result = runwrap("-v", "-t", str(limit), *sh("kill -STOP $$; sleep 60"))
        return result if "T (stopped)" in result.err else None

    result = ready_in_time(attempt)
    assert (result.status, result.all_dead) == (124, True)
    assert result.err.splitlines()[-2].endswith("sent TERM")


def test_the_whole_process_group_gets_the_stop_signal() -> None:
    script = 'trap "" TERM; (trap "echo child" TERM; echo ready; sleep 60 & wait) & wait; wait'

    def attempt(limit: float) -> str | None:
        out = runwrap("-t", str(limit), "-k", "0.3", *sh(script)).out
        return out if out.startswith("ready\n") else None

    assert ready_in_time(attempt) == "ready\nchild\n"


@in_tiers("strict")
def test_descendants_outside_the_process_group_get_the_stop_signal_too(tmp_path: Path) -> None:
    ready = fifo(tmp_path)
    escaped = f"trap 'echo escaped; exit' TERM; echo > {ready}; sleep 60 & wait"
    script = f'setsid sh -c "{escaped}" & read line < {ready}'
    result = runwrap("--leak-timeout", "0", *sh(script))
    assert (result.out, result.all_dead) == ("escaped\n", True)


@pytest.mark.parametrize("limit", ["0", "inf"])
def test_no_limit_is_0_or_inf(limit: str) -> None:
    assert runwrap("-t", limit, "true").status == 0


def test_a_limit_longer_than_the_systems_clock_can_count_is_no_limit() -> None:
    assert runwrap("-t", "999999999999d", "true").status == 0


@in_tiers("group", "strict")
def test_a_fifo_that_nobody_opens_does_not_outlast_the_deadline(tmp_path: Path) -> None:
    started = tmp_path / "started"
    result = runwrap("-t", "0.1", "--stdin", fifo(tmp_path), "touch", str(started))
    assert (result.status, started.exists()) == (124, False)


def test_the_time_that_a_fifo_took_is_told(tmp_path: Path) -> None:
    result = runwrap("-v", "-t", "0.1", "--stdin", fifo(tmp_path), "true")
    assert re.search(r"did not end after [1-9]", result.err)


def test_a_deadline_that_passes_as_a_fifo_is_about_to_be_opened_is_kept(tmp_path: Path) -> None:
    code = """
import os, sys
from runwrap.launch import OpenTimeout
from runwrap.launch.redirects import _open_within
for number in range(2000):
    try:
        _open_within(sys.argv[1], os.O_RDONLY, 1e-6 * (1 + number % 20))
    except OpenTimeout:
        pass
"""
    program = (sys.executable, "-c", code)
    assert runwrap(fifo(tmp_path), program=program).status == 0


def test_an_environment_variable_gives_a_default() -> None:
    assert runwrap("sleep", "60", env={"RUNWRAP_TIMEOUT": "50ms"}).status == 124


def test_an_option_wins_over_the_environment_variable() -> None:
    assert runwrap("-t", "60", "sleep", "0.1", env={"RUNWRAP_TIMEOUT": "10ms"}).status == 0


def test_a_bad_environment_variable_is_refused_like_an_option() -> None:
    result = runwrap("true", env={"RUNWRAP_TIMEOUT": "soon"})
    assert (result.status, "'soon' is not a duration" in result.err) == (125, True)


# Says so when the other process is another program, which posix_spawn waits for, and is stopped.
WITH_A_STOPPED_CHILD = """
import os, signal
child = os.posix_spawn('/bin/sleep', ['sleep', '61'], os.environ, setsid=True)
os.kill(child, signal.SIGSTOP)
os.waitid(os.P_PID, child, os.WSTOPPED)
print('ready', flush=True)
signal.pause()
"""


def test_verbose_draws_the_tree_of_what_was_running() -> None:
    def attempt(limit: float) -> Result | None:
        words = ("-v", "-t", str(limit), "--", *python(WITH_A_STOPPED_CHILD))
        result = runwrap(*words, env={"LC_ALL": "C.UTF-8"})
        return result if result.out else None

    lines = ready_in_time(attempt).err.splitlines()
    assert re.fullmatch(r"\d+ [RS], \d\.\d\d s old, \d\.\d\d s CPU: .*python.*", lines[0])
    assert re.fullmatch(r"└─ \d+ T \(stopped\), .* CPU: sleep 61", lines[1])
    assert lines[2] == "runwrap: sending TERM; KILL follows in 10 s"


@in_tiers("group")
def test_verbose_draws_what_a_leak_left_running() -> None:
    lines = runwrap("-v", "--leak-timeout", "0", *sh("sleep 61 & exit 0")).err.splitlines()
    assert "sleep 61" in lines[0]


@in_tiers("group", "strict")
def test_verbose_says_each_signal_when_it_is_sent_and_how_the_command_ended() -> None:
    lines = runwrap("-v", "-t", "0.05", "sleep", "60").err.splitlines()
    assert lines[1] == "runwrap: sending TERM; KILL follows in 10 s"
    assert lines[2] == "runwrap: sleep: timed out after 50 ms; sent TERM"
    assert lines[3].startswith("runwrap: sleep: killed by TERM after ")


# rt_sigtimedwait, which runwrap waits in, and clock_nanosleep, which `sleep` does.
WAITING = {"x86_64": {"128", "230"}, "aarch64": {"137", "115"}}.get(os.uname().machine)


@pytest.mark.skipif(WAITING is None, reason="doesn't know this machine's system calls")
@pytest.mark.parametrize("words", [("run",), ("pipe",)])
@in_tiers("group", "strict")
def test_waiting_takes_no_system_call_and_no_wake_up(words: tuple[str], tmp_path: Path) -> None:
    ready = fifo(tmp_path)
    running = Running(*words, "-t", "60", "--", *sh(f"echo > {ready}; exec sleep 60"))
    read_line(ready)
    wait_until(lambda: all(map(waits, threads(running.pid))), "all of its processes wait")
    before = switches(running.pid)
    time.sleep(0.5)  # the thing under test: half a second in which nothing happens
    assert switches(running.pid) == before
    running.signal(signal.SIGTERM)
    running.wait()


def threads(pid: int) -> list[Path]:
    """Return the folders in /proc of all threads of a process and its descendants."""
    own = [*Path(f"/proc/{pid}/task").iterdir()]
    children = [child for thread in own for child in (thread / "children").read_text().split()]
    return own + [thread for child in children for thread in threads(int(child))]


def waits(thread: Path) -> bool:
    """Tell whether a thread sleeps in the one system call that it should."""
    return (thread / "syscall").read_text().split()[0] in (WAITING or ())


def switches(pid: int) -> dict[Path, list[str]]:
    """Return how often each thread went to sleep or was interrupted."""
    return {
        thread: [line for line in status.splitlines() if "ctxt_switches" in line]
        for thread in threads(pid)
        for status in [(thread / "status").read_text()]
    }


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("RUNWRAP_SESSION", "new", ("-f",)),
        ("RUNWRAP_FOREGROUND", "1", ("--session", "new")),
        ("RUNWRAP_KILL_AFTER", "5", ("--escalate", "TERM:1s")),
        ("RUNWRAP_ESCALATE", "TERM:1s", ("-s", "INT")),
    ],
)
def test_an_option_overrules_the_variable_that_contradicts_it(
    variable: str, value: str, words: tuple[str, ...]
) -> None:
    result = runwrap(*words, "true", env={variable: value})
    assert (result.status, result.err) == (0, "")


def test_a_standard_error_that_nobody_reads_does_not_outlast_the_deadline() -> None:
    read, write = os.pipe()
    os.set_blocking(write, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(write, b"x" * 4096)
    os.set_blocking(write, True)

    def before() -> None:
        os.dup2(write, 2)
        ignore(signal.SIGTERM)()

    words = ("-v", "-t", "0.2", "-k", "0.1", *sh("exec 2>/dev/null; sleep 60; sleep 60"))
    result = runwrap(*words, before=before)
    os.close(read)
    os.close(write)
    assert (result.status, result.all_dead) == (124, True)


def test_a_deadline_that_passes_while_runwrap_is_stopped_is_kept_when_it_continues(
    tmp_path: Path,
) -> None:
    say = fifo(tmp_path)
    # In this tier no guardian would continue it at once.
    running = Running("--contain", "group", "-t", "1", *sh(f"echo ready >{say}; sleep 60"))
    read_line(say)
    running.signal(signal.SIGSTOP)
    os.waitid(os.P_PID, running.pid, os.WSTOPPED)
    select.select([], [], [], 1.1)  # the deadline passes: that is the subject
    running.signal(signal.SIGCONT)
    result = running.wait()
    assert (result.status, result.all_dead) == (124, True)
