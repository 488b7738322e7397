"""kill-tree ends trees that are not ours: all of a tree, and nobody else."""

import os
import re
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.kill_trees import CHAIN, HIDING, Tree, kill_tree
from tests.support import RUNWRAP, python, sh, wait_until

STUBBORN = "trap '' TERM; echo; sleep 60; sleep 60"
NOBODY, OTHER = 65534, 65533
as_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can be several users")


def signals(result: dict[str, Any]) -> list[str]:
    return [one["signal"] for one in result["sent"]]


def tidying_with(script: str) -> tuple[str, ...]:
    """Return a program that runs a script on TERM, when those who send it have looked already."""
    return python(f"""
import os, signal, time
def stop(*_):
    time.sleep(0.3)
    os.system({script!r})
    os._exit(0)
signal.signal(signal.SIGTERM, stop)
print(flush=True)
time.sleep(60)
""")


# What is ended, and how


def test_a_tree_is_ended_with_everything_below_its_root(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh(CHAIN)))
    result = kill_tree(tree.pid)
    assert (result["exit_code"], tree.all_dead()) == (0, True)
    assert (result["signalled"], signals(result), result["survivors"]) == (5, ["TERM"], [])


def test_another_tree_is_left_alone(trees: list[Tree]) -> None:
    trees += [tree := Tree(*sh(CHAIN)), other := Tree(*sh(CHAIN))]
    kill_tree(tree.pid)
    assert (tree.all_dead(), other.process.poll()) == (True, None)


def test_several_trees_are_ended_at_once(trees: list[Tree]) -> None:
    trees += [one := Tree(*sh(CHAIN)), two := Tree(*sh(CHAIN))]
    assert kill_tree(one.pid, two.pid)["exit_code"] == 0
    assert (one.all_dead(), two.all_dead()) == (True, True)


def test_a_tree_within_a_tree_may_be_named_too(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh("sleep 60 & echo $!; wait")))
    result = kill_tree(tree.pid, tree.said[0])
    assert (result["exit_code"], result["signalled"], tree.all_dead()) == (0, 2, True)


def test_descendants_in_sessions_of_their_own_are_ended(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh("setsid sh -c 'setsid sleep 60 & echo; wait' & wait")))
    assert kill_tree(tree.pid)["exit_code"] == 0
    assert tree.all_dead()


def test_what_is_started_while_tidying_up_does_not_outlive_its_parent(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*tidying_with("setsid sleep 60 & sleep 1")))
    result = kill_tree(tree.pid)
    assert (result["exit_code"], tree.all_dead(), signals(result)) == (0, True, ["TERM"])


def test_a_command_that_tidies_up_is_not_stopped(trees: list[Tree], tmp_path: Path) -> None:
    trees.append(tree := Tree(*tidying_with(f"sleep 1; echo tidy >{tmp_path}/file")))
    assert (signals(kill_tree(tree.pid)), tree.all_dead()) == (["TERM"], True)
    assert (tmp_path / "file").read_text() == "tidy\n"


def test_the_stop_signal_leaves_time_to_tidy_up(trees: list[Tree], tmp_path: Path) -> None:
    script = f"trap 'echo tidy >{tmp_path}/file; exit' TERM; sleep 60 & echo; wait"
    trees.append(tree := Tree(*sh(script)))
    assert signals(kill_tree(tree.pid)) == ["TERM"]
    assert (tmp_path / "file").read_text() == "tidy\n"


def test_another_stop_signal_can_be_chosen(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh("trap '' TERM; echo; exec sleep 60")))
    assert signals(kill_tree(tree.pid, signal="INT")) == ["INT"]
    assert tree.process.wait() == -signal.SIGINT


def test_who_ignores_the_stop_signal_is_killed_after_the_grace_period(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh(STUBBORN)))
    result = kill_tree(tree.pid, kill_after=0.2)
    assert (signals(result), result["exit_code"]) == (["TERM", "KILL"], 0)
    assert tree.all_dead()
    assert result["sent"][1]["at"] - result["sent"][0]["at"] >= 0.2


def test_a_grace_period_of_zero_kills_at_once(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh(STUBBORN)))
    assert signals(kill_tree(tree.pid, kill_after=0)) == ["KILL"]
    assert tree.process.wait() == -signal.SIGKILL


def test_the_kill_signal_waits_for_no_grace_period(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh(STUBBORN)))
    assert signals(kill_tree(tree.pid, signal="KILL")) == ["KILL"]
    assert tree.all_dead()


def test_a_stopped_tree_is_ended_by_the_stop_signal(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh("sh -c 'kill -STOP $$; wait' & echo; kill -STOP $$; wait")))
    os.waitid(os.P_PID, tree.pid, os.WSTOPPED | os.WNOWAIT)
    assert signals(kill_tree(tree.pid)) == ["TERM"]
    assert tree.all_dead()


def test_who_is_sent_stop_is_not_continued(trees: list[Tree], tmp_path: Path) -> None:
    trees.append(
        tree := Tree(*sh(f"trap 'echo >{tmp_path}/ran' CONT; echo; sleep 60 & wait; wait"))
    )
    assert signals(kill_tree(tree.pid, signal="STOP", kill_after=0.3)) == ["STOP", "KILL"]
    assert (tree.all_dead(), os.listdir(tmp_path)) == (True, [])


def test_what_a_stop_signal_makes_a_process_start_is_ended_too(trees: list[Tree]) -> None:
    script = "trap 'sleep 60 & wait; wait' TERM; sleep 60 & echo; wait; wait; wait"
    trees.append(tree := Tree(*sh(script)))
    result = kill_tree(tree.pid, kill_after=0.3)
    assert (result["exit_code"], tree.all_dead()) == (0, True)


def test_a_process_that_never_stops_forking_leaves_nothing_in_its_session(
    trees: list[Tree],
) -> None:
    # At most 3000 processes of 10 seconds.
    code = (
        "import os, resource, signal\n"
        "resource.setrlimit(resource.RLIMIT_NPROC, (4000, 4000))\n"
        "signal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
        "os.write(1, b'\\n')\n"
        "for count in range(3000):\n"
        "    if not os.fork(): break\n"
        "signal.alarm(10)\n"
        "signal.pause()\n"
    )
    trees.append(tree := Tree(*python(code)))
    # A child that is born in the moment of its parent's death can only be found by what it shares.
    result = kill_tree(tree.pid, kill_after=0, also="session")
    assert (result["exit_code"], tree.all_dead()) == (0, True)


def test_children_of_other_threads_are_found(trees: list[Tree]) -> None:
    code = (
        "import os, subprocess, threading\n"
        "def start():\n"
        "    subprocess.Popen(['sleep', '60'], close_fds=False)\n"
        "    os.write(1, b'\\n')\n"
        "    threading.Event().wait()\n"
        "threading.Thread(target=start).start()\n"
    )
    trees.append(tree := Tree(*python(code)))
    result = kill_tree(tree.pid)
    assert (result["signalled"], tree.all_dead()) == (2, True)


def test_more_processes_than_descriptors_are_ended(trees: list[Tree]) -> None:
    script = "i=0; while [ $i -lt 80 ]; do sleep 60 & i=$((i+1)); done; echo; wait"
    trees.append(tree := Tree(*sh(script)))
    result = kill_tree(tree.pid, files=48)
    assert (result["exit_code"], result["signalled"], tree.all_dead()) == (0, 81, True)


# Who dies slowly, or not at all


def test_a_zombie_that_its_parent_never_reaps_is_dead(trees: list[Tree]) -> None:
    code = (
        "import os, signal\n"
        "if os.fork(): os.write(1, b'\\n')\n"
        "signal.signal(signal.SIGTERM, signal.SIG_DFL)\n"
        "signal.pause()\n"
    )
    trees.append(tree := Tree(*python(code)))
    result = kill_tree(tree.pid, keep_root=True)
    assert (result["exit_code"], result["signalled"], result["survivors"]) == (0, 1, [])
    assert tree.process.poll() is None


def test_a_root_that_is_a_zombie_already_is_dead(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh("echo")))
    os.waitid(os.P_PID, tree.pid, os.WEXITED | os.WNOWAIT)
    assert kill_tree(tree.pid)["exit_code"] == 0


def test_a_root_can_be_kept(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh("sleep 60 & sleep 60 & echo; wait; exec sleep 60")))
    result = kill_tree(tree.pid, keep_root=True)
    assert (result["exit_code"], result["signalled"]) == (0, 2)
    assert tree.process.poll() is None


def test_a_dry_run_signals_nobody(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh("sleep 60 & echo $!; wait")))
    result = kill_tree(tree.pid, dry_run=True)
    root, child = result["found"]
    assert (root["pid"], child["pid"], child["parent_pid"]) == (
        tree.pid,
        int(tree.said[0]),
        tree.pid,
    )
    assert (child["command_line"], child["state"]) == ("sleep 60", "S")
    assert (result["exit_code"], result["sent"], tree.process.poll()) == (0, [], None)


def test_who_was_found_below_a_process_is_told_so_even_if_that_died_first(
    trees: list[Tree],
) -> None:
    trees.append(tree := Tree(*sh("sleep 60 & echo $!; wait")))
    root, child = kill_tree(tree.pid, kill_after=0)["found"]
    assert (root["pid"], child["pid"], child["parent_pid"]) == (
        tree.pid,
        int(tree.said[0]),
        tree.pid,
    )


def with_a_child_of_someone_else() -> tuple[str, ...]:
    """Return a program that is one user's, and starts one that is another's."""
    return python(
        "import os\n"
        "child = os.fork()\n"
        f"os.setuid({OTHER} if child else {NOBODY})\n"
        "if not child: os.write(1, b'%d\\n' % os.getpid())\n"
        f"os.execv({shutil.which('sleep')!r}, ['sleep', '60'])\n"
    )


@as_root
def test_who_may_not_be_signalled_is_listed_with_the_reason(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*with_a_child_of_someone_else()))
    result = kill_tree(tree.pid, user=OTHER, wait=0.5)
    (survivor,) = result["survivors"]
    assert (result["exit_code"], survivor["error"]) == (1, "Operation not permitted")
    assert (survivor["command_line"], survivor["state"]) == ("sleep 60", "S")
    os.kill(survivor["pid"], signal.SIGKILL)
    assert tree.lifeline.all_dead(within=30)


@as_root
def test_someone_elses_process_is_listed_even_where_it_is_hidden(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*with_a_child_of_someone_else()))
    result = kill_tree(tree.pid, user=OTHER, wait=0.5, before=HIDING)
    (survivor,) = result["survivors"]
    assert (result["exit_code"], survivor["error"]) == (1, "Operation not permitted")
    assert (str(survivor["pid"]), survivor["command_line"]) == (tree.said[0], "?")
    os.kill(survivor["pid"], signal.SIGKILL)
    assert tree.lifeline.all_dead(within=30)


@as_root
def test_a_root_that_is_someone_elses_is_refused_by_name(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh("echo; exec sleep 60"), user=NOBODY))
    name = Path(f"/proc/{tree.pid}/comm")
    wait_until(lambda: name.read_text() == "sleep\n", "the shell has become sleep")
    result = kill_tree(tree.pid, user=OTHER)
    wanted = f"{tree.pid} (sleep 60): is someone else's: Operation not permitted"
    assert (result["exit_code"], result["refusal"]) == (125, wanted)


@pytest.mark.skipif(not shutil.which("strace"), reason="no strace to count system calls")
def test_a_killed_process_without_children_is_not_looked_at_again(
    trees: list[Tree], tmp_path: Path
) -> None:
    trees.append(tree := Tree(*sh("sleep 60 & a=$!; sleep 60 & echo $a $!; wait")))
    trace = tmp_path / "trace"
    counting = ["strace", "-f", "-e", "trace=openat", "-o", str(trace)]
    subprocess.run([*counting, RUNWRAP, "kill-tree", "-k", "0", str(tree.pid)], check=True)
    opened = re.findall(r'"/proc/(\d+)/task/\d+/children"', trace.read_text())
    assert sorted(pid for pid in opened if pid in tree.said) == sorted(tree.said)
