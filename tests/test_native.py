"""The operating-system seam: both sides keep the same contract."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support import fifo, python, read_line

SIDES = ["linux", "posix"] if sys.platform == "linux" else ["posix"]
side = pytest.mark.parametrize("side", SIDES)

# Prints what a queue of USR1 and CHLD yields, each on a line; reads commands from stdin.
QUEUE = """
import os, signal, sys
from runwrap.native.{side} import SignalQueue
queue = SignalQueue([signal.SIGUSR1, signal.SIGCHLD, signal.SIGTERM])
{body}
"""


def in_a_process(side: str, body: str) -> str:
    """Run code against a SignalQueue of one side, which takes over its process's signals."""
    code = QUEUE.format(side=side, body=body)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.stdout


@side
def test_a_signal_that_came_before_the_wait_is_not_lost(side: str) -> None:
    body = "os.kill(os.getpid(), signal.SIGUSR1); print(queue.wait(60)[0] == signal.SIGUSR1)"
    assert in_a_process(side, body) == "True\n"


@side
def test_a_wait_without_a_signal_ends_in_time_with_none(side: str) -> None:
    assert in_a_process(side, "print(queue.wait(0.01), queue.wait(0), queue.wait(-1))") == (
        "None None None\n"
    )


@side
def test_the_end_of_a_child_is_a_signal(side: str) -> None:
    body = "os.fork() or os._exit(0); print(queue.wait(float('inf'))[0] == signal.SIGCHLD)"
    assert in_a_process(side, body) == "True\n"


@side
def test_different_signals_are_all_kept(side: str) -> None:
    body = (
        "for one in (signal.SIGUSR1, signal.SIGTERM): os.kill(os.getpid(), one)\n"
        "print(sorted((queue.wait(1)[0], queue.wait(1)[0])), queue.wait(0))"
    )
    assert in_a_process(side, body) == f"{sorted((signal.SIGUSR1, signal.SIGTERM))} None\n".replace(
        "<Signals.SIGUSR1: 10>", "10"
    ).replace("<Signals.SIGTERM: 15>", "15")


@side
def test_a_very_long_wait_is_no_error(side: str) -> None:
    body = "os.kill(os.getpid(), signal.SIGUSR1); print(queue.wait(1e300)[0])"
    assert in_a_process(side, body) == f"{int(signal.SIGUSR1)}\n"


def test_linux_tells_the_sender_of_a_signal() -> None:
    if "linux" not in SIDES:
        pytest.skip("Linux only")
    body = "os.kill(os.getpid(), signal.SIGUSR1); print(queue.wait(1)[1:] == (False, os.getpid()))"
    assert in_a_process("linux", body) == "True\n"


@pytest.mark.skipif(sys.platform != "linux", reason="Linux only")
def test_a_subreaper_gets_its_orphans() -> None:
    body = (
        "from runwrap.native.linux import set_subreaper\n"
        "assert set_subreaper()\n"
        "if not os.fork():\n"
        "    os.fork() or os._exit(3)\n"
        "    os._exit(0)\n"
        "print(sorted(os.waitstatus_to_exitcode(os.wait()[1]) for _ in range(2)))"
    )
    assert in_a_process("linux", body) == "[0, 3]\n"


@side
def test_children_and_descendants_are_listed(side: str, tmp_path: Path) -> None:
    ready = fifo(tmp_path)
    code = (
        "import os, sys\n"
        f"from runwrap.native.{side}_processes import descendants\n"
        f"from runwrap.native.{side} import own_children\n"
        "script = f'sleep 60 & echo >{sys.argv[1]}; wait'\n"
        "child = os.spawnlp(os.P_NOWAIT, 'sh', 'sh', '-c', script)\n"
        "open(sys.argv[1]).readline()\n"
        "found = descendants()\n"
        "print(own_children() == [child], len(found), [one.pid for one in found][0] == child)\n"
        "for one in found: os.kill(one.pid, 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, ready], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("True 2 True\n", "")


@side
def test_a_process_is_seen_as_it_is(side: str) -> None:
    processes = __import__(f"runwrap.native.{side}_processes", fromlist=["snapshot"])
    me = processes.snapshot()[os.getpid()]
    assert (me.parent, me.group, me.session) == (os.getppid(), os.getpgrp(), os.getsid(0))
    assert me.state == "R"


@side
def test_a_command_line_is_its_words(side: str, tmp_path: Path) -> None:
    processes = __import__(f"runwrap.native.{side}_processes", fromlist=["command_line"])
    ready = fifo(tmp_path)
    child = subprocess.Popen([*python(f"open({ready!r}, 'w').close(); input()"), "a word"],
                             stdin=subprocess.PIPE)  # fmt: skip
    read_line(ready)
    assert processes.command_line(child.pid).endswith(" a word")
    child.communicate(b"\n")
    assert processes.command_line(child.pid) == "?"


@side
def test_a_process_is_signalled_only_if_it_still_is_who_was_seen(side: str) -> None:
    processes = __import__(f"runwrap.native.{side}_processes", fromlist=["signal_process"])
    child = subprocess.Popen(["sleep", "60"])
    seen = processes.snapshot()[child.pid]
    assert processes.signal_process(seen.replace(started=seen.started - 1), signal.SIGKILL) is False
    assert child.poll() is None
    assert processes.signal_process(seen, signal.SIGKILL) is True
    assert child.wait() == -signal.SIGKILL
    assert processes.signal_process(seen, signal.SIGKILL) is False


@side
def test_age_and_cpu_time_are_told_in_seconds(side: str) -> None:
    processes = __import__(f"runwrap.native.{side}_processes", fromlist=["look"])
    began = time.time()
    child = subprocess.Popen(["sleep", "60"])
    seen = processes.look(child.pid)
    age = processes.start_clock() - seen.started
    child.kill()
    child.wait()
    assert -1 < age < time.time() - began + 1
    assert seen.cpu < 1
    while time.process_time() < 0.1:
        pass
    assert processes.look(os.getpid()).cpu == pytest.approx(time.process_time(), abs=0.5)


@side
def test_a_held_process_is_signalled_and_its_death_waited_for(side: str) -> None:
    holder = __import__(
        f"runwrap.native.{side}_process_refs", fromlist=["ProcessRefs"]
    ).ProcessRefs()
    child = subprocess.Popen(["sleep", "60"])
    held = holder.hold(child.pid)
    assert (held.exists(), held.dies_within(0), held.dies_within(0.05)) == (True, False, False)
    assert held.send(signal.SIGKILL) is True
    assert held.dies_within(float("inf")) is True
    assert held.exists(), "a zombie still has its pid"
    assert child.wait() == -signal.SIGKILL
    assert (held.exists(), held.send(signal.SIGKILL), held.dies_within(0)) == (False, False, True)
    held.release()
    assert holder.hold(child.pid) is None


@side
def test_holding_leaves_no_descriptor_behind(side: str) -> None:
    code = (
        "import os\n"
        f"from runwrap.native.{side}_process_refs import ProcessRefs\n"
        "holder, before = ProcessRefs(), os.listdir('/dev/fd')\n"
        "held = [holder.hold(os.getppid()) for _ in range(3)]\n"
        "assert all(one.exists() and not one.dies_within(0) for one in held)\n"
        "for one in held: one.release()\n"
        "print(os.listdir('/dev/fd') == before)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("True\n", "")


@side
def test_children_are_listed_again_after_a_death(side: str) -> None:
    holds = __import__(f"runwrap.native.{side}_process_refs", fromlist=["Children"])
    words = ("sh", "-c", "sleep 60 & echo; exec sleep 60")
    child = subprocess.Popen(words, stdout=subprocess.PIPE)
    assert child.stdout
    child.stdout.readline()
    with holds.Children(child.pid) as below:
        (grandchild,) = below.pids()
        child.kill()
        child.wait()
        assert below.pids() == []
    os.kill(grandchild, signal.SIGKILL)
    child.stdout.close()


@side
def test_the_dead_are_told_from_the_living_zombies_included(side: str) -> None:
    holds = __import__(f"runwrap.native.{side}_process_refs", fromlist=["ProcessRefs", "ended"])
    living, dying = subprocess.Popen(["sleep", "60"]), subprocess.Popen(["sleep", "60"])
    held = [holds.ProcessRefs().hold(one.pid) for one in (living, dying)]
    assert holds.ended(held) == set()
    dying.kill()
    os.waitid(os.P_PID, dying.pid, os.WEXITED | os.WNOWAIT)
    assert holds.ended(held) == {held[1]}
    dying.wait()
    assert holds.ended(held) == {held[1]}
    living.kill()
    living.wait()
    for one in held:
        one.release()
