"""When runwrap exits, nothing that it started is still running."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from runwrap.containment import LEADER
from runwrap.containment.group import Group
from tests.storms import need_root, storm
from tests.support import RUNWRAP, Running, fifo, ignore, in_tiers, python, read_line, runwrap, sh

LEFT_BEHIND = "sleep 60 & exit 7"
DAEMON = "setsid sh -c 'sleep 60 & wait' & exit 7"
# Forks, and lets the parent exit, in a new session each time: no walk ever finds it at rest.
HOPPER = """
import os, sys
if os.fork():
    os._exit(7)
for hop in range(3000):
    os.setsid()
    if os.fork():
        os._exit(0)
"""
# Each process starts two more, six levels deep, all deaf to TERM.
STORM = """
import os, signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGALRM, signal.SIG_DFL)
for level in range(6):
    os.fork()
    if level % 2:
        os.setsid() if os.getsid(0) != os.getpid() else None
signal.alarm(60)
signal.pause()
"""


@pytest.mark.parametrize("script", [LEFT_BEHIND, DAEMON])
def test_what_a_command_leaves_behind_is_stopped_with_a_warning(script: str) -> None:
    result = runwrap("--leak-timeout", "0.05", *sh(script))
    assert (result.status, result.all_dead) == (7, True)
    assert result.err.startswith("runwrap: sh: left running: s")
    assert "sleep 60 (pid " in result.err
    assert result.err.endswith("; sent TERM\n")


@in_tiers("group", "strict")
def test_what_ends_by_itself_in_time_is_no_leak() -> None:
    result = runwrap("--leak-timeout", "20", *sh("sleep 0.1 & exit 7"))
    assert (result.status, result.err, result.all_dead) == (7, "", True)


@in_tiers("group", "strict")
def test_a_leak_that_ignores_the_stop_signal_is_killed() -> None:
    script = "(trap '' TERM; sleep 60; sleep 60) & exit 7"
    result = runwrap("--leak-timeout", "0.1", "-k", "0.1", *sh(script))
    assert (result.status, result.all_dead) == (7, True)
    assert result.err.partition("; sent ")[2].startswith("TERM, then KILL after ")


# Its handler is forgotten in the instant in which it takes the signal, and /proc shows that.
FIRST_OF_ALL = """
import ctypes, os, signal, sys
os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])
libc, leader = ctypes.CDLL(None), os.getpid()
libc.sysv_signal(15, ctypes.cast(libc.abs, ctypes.c_void_p))
signal.pthread_sigmask(signal.SIG_BLOCK, [15])
for _ in range(20):
    if os.fork() == 0:
        signal.sigwait([15])
        rows = open(f'/proc/{leader}/status').read().split()
        late = int(rows[rows.index('SigCgt:') + 1], 16) >> 14 & 1
        os.write(1, b'before it\\n' if late else b'after it\\n')
        os._exit(0)
signal.pthread_sigmask(signal.SIG_UNBLOCK, [15])
open(sys.argv[1], 'w').write('ready')
for _ in range(20):
    os.wait()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
@pytest.mark.parametrize("words", [("--",), ("timeout", "60")], ids=" ".join)
def test_the_command_takes_a_signal_before_what_it_started_does(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    told = fifo(tmp_path)
    running = Running(*words, *python(FIRST_OF_ALL), told)
    assert read_line(told) == "ready"
    running.signal(signal.SIGTERM)
    result = running.wait()
    assert (result.status, result.out) == (0, "after it\n" * 20)


@in_tiers("strict")
def test_leak_fail_is_123() -> None:
    result = runwrap("--leak", "fail", "--leak-timeout", "0", *sh(DAEMON))
    assert (result.status, result.all_dead) == (123, True)


@in_tiers("group")
def test_leak_allow_lets_it_live(tmp_path: Path) -> None:
    gate = fifo(tmp_path)
    running = Running("--leak", "allow", *sh(f"setsid sh -c 'read x < {gate}' & exit 7"))
    result = running.wait(all_dead_within=0)
    assert (result.status, result.err, result.all_dead) == (7, "", False)
    Path(gate).write_text("now\n")


@in_tiers("group", "strict")
def test_leak_wait_waits_for_it() -> None:
    result = runwrap("--leak", "wait", *sh("(sleep 0.5; echo late) & exit 7"))
    assert (result.status, result.out, result.all_dead) == (7, "late\n", True)


@in_tiers("group", "strict")
def test_leak_wait_waits_no_longer_than_the_deadline() -> None:
    result = runwrap("-t", "0.2", "--leak", "wait", *sh(LEFT_BEHIND))
    assert (result.status, result.all_dead) == (124, True)


@in_tiers("group", "strict")
def test_a_leak_that_holds_stdout_open_does_not_make_runwrap_hang() -> None:
    assert runwrap("--leak-timeout", "0", *sh(LEFT_BEHIND)).all_dead


@pytest.mark.parametrize("code", [HOPPER, STORM], ids=["hopper", "storm"])
@in_tiers("strict")
def test_nothing_escapes_a_deadline(code: str) -> None:
    words = ("-t", "0.2", "-k", "0.1", "--leak", "wait")
    result = runwrap(*words, *python(code))
    assert (result.status, result.all_dead) == (124, True)


def test_a_storm_that_forks_faster_than_its_orphans_come_up_is_ended(tmp_path: Path) -> None:
    need_root()
    say = fifo(tmp_path)
    running = Running("--contain", "reaper", "-k", "0", "--", *storm(200, say))
    with open(say) as told:
        assert told.readline().rstrip().isdigit()
        assert told.readline() == "full\n"
        running.signal(signal.SIGTERM)
        result = running.wait()
    assert (result.status, result.all_dead) == (-signal.SIGKILL, True)


def test_the_descendants_of_a_child_that_the_caller_left_are_not_killed(tmp_path: Path) -> None:
    ready = fifo(tmp_path)
    code = (
        "import os, sys\n"
        "from runwrap.containment.reaper import Reaper\n"
        "from runwrap.native.processes import descendants\n"
        "script = f'sleep 60 & echo >{sys.argv[1]}; wait'\n"
        "stranger = os.spawnlp(os.P_NOWAIT, 'sh', 'sh', '-c', script)\n"
        "open(sys.argv[1]).readline()\n"
        "reaper = Reaper(frozenset([stranger]))\n"
        "for _ in range(20): reaper.kill()\n"
        "print([one.dead for one in descendants()], reaper.survivors())\n"
        "for one in descendants(): os.kill(one.pid, 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, ready], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("[False, False] ()\n", "")


JOINS_ITS_SESSIONS_LEADER = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.setpgid(0, os.getsid(0))
time.sleep(60)
"""
AS_A_SHELL_DOES = """
import os, sys
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, setpgroup=0)
print(os.waitpid(pid, 0)[1] >> 8)
"""


def test_a_shell_whose_process_group_the_command_joins_is_not_killed() -> None:
    result = runwrap(
        *("--foreground", "-k", "0", "-t", "1", "--"),
        *python(JOINS_ITS_SESSIONS_LEADER),
        program=(sys.executable, "-c", AS_A_SHELL_DOES, RUNWRAP),
    )
    assert (result.status, result.out, result.all_dead) == (0, "124\n", True)


def test_a_hopper_that_was_left_behind_is_caught() -> None:
    result = runwrap("--leak-timeout", "0", "-k", "0", *python(HOPPER))
    assert (result.status, result.all_dead) == (7, True)


def test_a_leak_with_a_name_of_two_lines_is_told_in_one() -> None:
    result = runwrap("--leak-timeout", "0", *sh("sh -c 'sleep 60\n# second line' & exit 0"))
    assert result.err.count("\n") == 1


@in_tiers("strict")
def test_children_that_the_caller_left_to_runwrap_are_not_its_to_end(tmp_path: Path) -> None:
    gate = fifo(tmp_path)
    # exec: the shell's background child becomes runwrap's own, though runwrap did not start it.
    script = f"sh -c 'read x < {gate}' & exec {sys.executable} -m runwrap --leak-timeout 0 -- true"
    running = Running(program=sh(script))
    result = running.wait()
    assert (result.status, result.err, result.all_dead) == (0, "", False)
    Path(gate).write_text("now\n")


def test_the_group_tier_ends_what_stays_in_the_group() -> None:
    result = runwrap("--contain", "group", "--leak-timeout", "0.05", *sh(LEFT_BEHIND))
    assert (result.status, result.all_dead) == (7, True)
    assert "left running: sleep 60" in result.err


def test_the_group_tier_finds_descendants_in_sessions_of_their_own() -> None:
    script = "setsid sleep 60 & wait"
    result = runwrap("--contain", "group", "-t", "0.3", *sh(script))
    assert (result.status, result.all_dead) == (124, True)


def test_the_group_tier_kills_the_stubborn() -> None:
    words = ("--contain", "group", "-t", "0.2", "-k", "0.1", *sh("sleep 60; sleep 60"))
    result = runwrap(*words, before=ignore(signal.SIGTERM))
    assert (result.status, result.all_dead) == (124, True)
    assert "sent TERM, then KILL after" in result.err


@pytest.mark.parametrize("tier", ["reaper", "group"])
def test_death_by_signal_is_propagated_in_every_tier(tier: str) -> None:
    assert runwrap("--contain", tier, *sh("kill -USR1 $$")).status == -signal.SIGUSR1


@pytest.mark.parametrize("tier", ["reaper", "group"])
def test_a_survivor_is_listed_and_the_exit_code_is_125(tier: str) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can make a process that its own user may not kill")
    # Root without the capability to kill others' processes, and a command that is another's.
    weak = ("setpriv", "--bounding-set", "-kill", "--inh-caps", "-kill", RUNWRAP)
    command = ("setpriv", "--reuid", "65534", "--clear-groups", "sleep", "60")
    result = runwrap("--contain", tier, "-t", "0.3", "-k", "0.1", *command, program=weak)
    assert result.status == 125
    told = re.search(r"still running after SIGKILL: sleep 60 \(pid (\d+)", result.err)
    assert told
    os.kill(int(told[1]), signal.SIGKILL)  # by us, who may
    assert result.err.endswith(", state S, Operation not permitted)\n")


def test_success_is_not_reported_where_what_was_left_cannot_be_seen() -> None:
    # /proc of another PID namespace: nothing can be found there, and ECHILD doesn't come.
    hidden = ("unshare", "--user", "--map-root-user", "--pid", "--fork", "sh", "-c")
    script = f"{RUNWRAP} -k 0.1 --leak-timeout 0 sh -c '(setsid sleep 7 &); exit 0'; exit $?"
    result = runwrap(script, program=hidden)
    assert result.status == 125
    assert "still running after SIGKILL: what cannot be seen in /proc" in result.err


@pytest.mark.parametrize("tier", ["reaper", "group"])
def test_a_process_whose_main_thread_has_ended_is_stopped_like_any(tier: str) -> None:
    code = (
        "import _thread, ctypes, signal; _thread.start_new_thread(signal.pause, ()); "
        "ctypes.CDLL(None).syscall(60, 0)"  # exit of this thread alone
    )
    if os.uname().machine != "x86_64":
        pytest.skip("knows the number of the system call on x86-64 only")
    script = f"{sys.executable} -c '{code}' & exit 3"
    result = runwrap("--contain", tier, "--leak-timeout", "0.5", "-k", "1", *sh(script))
    assert (result.status, result.all_dead) == (3, True)
    assert "left running: " in result.err


def test_a_group_is_not_empty_before_the_end_of_each_stage_is_told() -> None:
    leader, stage = (os.posix_spawn("/bin/sleep", ["sleep", "60"], {}) for _ in range(2))

    def die_once_looked_at(pid: int, options: int) -> tuple[int, int]:
        found = os.waitpid(pid, options)
        os.kill(stage, signal.SIGKILL)
        os.waitid(os.P_PID, stage, os.WEXITED | os.WNOWAIT)
        return found

    group = Group()
    group.adopt(leader, os.getpgrp(), LEADER, stops=False)
    group.join(stage)
    group.wait = die_once_looked_at
    os.kill(leader, signal.SIGKILL)
    os.waitid(os.P_PID, leader, os.WEXITED | os.WNOWAIT)
    assert (group.reap(), group.empty) == ([(leader, signal.SIGKILL)], False)
    group.wait = os.waitpid
    assert (group.reap(), group.empty) == ([(stage, signal.SIGKILL)], True)
    group.close()
