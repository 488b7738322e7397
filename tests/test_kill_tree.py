"""kill-tree ends trees that are not ours: all of a tree, and nobody else."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runwrap.model.kill_tree import at_rest, scopes, target
from tests.support import Lifeline, fifo, python, sh

CHAIN = "sh -c 'sh -c \"sleep 60 & sleep 60 & echo; wait\" & wait' & wait"
STUBBORN = "trap '' TERM; echo; sleep 60; sleep 60"
NOBODY, OTHER = 65534, 65533
DRIVER = """
import json, os, sys
from runwrap.engine.kill_tree import kill_tree
from runwrap.model.kill_tree import TreePlan, policy, target
from runwrap.report.kill_tree import as_json
options = json.loads(sys.argv[1])
timing = {name: options.pop(name) for name in ("signal", "kill_after", "wait") if name in options}
user = options.pop("user", None)
if user:  # only now: another user might not be able to read this interpreter
    os.setgroups([])
    os.setuid(user)
words = [word.replace("SELF", str(os.getpid())) for word in sys.argv[2:]]
plan = TreePlan(targets=tuple(map(target, words)), policy=policy(**timing), **options)
print(as_json(kill_tree(plan)), end="")
"""
as_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can be several users")


class Tree:
    """Processes started by a test: their root is our child, and leads a session of its own."""

    def __init__(self, *words: str, new_session: bool = True, user: int | None = None) -> None:
        """Start a program and wait until it has written a line."""
        self.lifeline = Lifeline()
        read, write = os.pipe()
        self.process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=write,
            pass_fds=[self.lifeline.write],
            start_new_session=new_session,
            user=user,
        )
        os.close(write)
        self.lifeline.let_go()
        self.pid = self.process.pid
        with open(read) as file:
            self.said = file.readline().split()

    def all_dead(self) -> bool:
        """Tell whether nobody is left; our child is reaped by then."""
        return self.process.poll() is not None and self.lifeline.all_dead()

    def end(self) -> None:
        """Kill what a test left, by the session that we made and know to be unreaped."""
        if self.process.returncode is None:
            os.killpg(self.pid, signal.SIGKILL)
            self.process.wait()
        self.lifeline.close()


@pytest.fixture
def trees() -> Iterator[list[Tree]]:
    started: list[Tree] = []
    yield started
    for tree in started:
        tree.end()


def kill_tree(*operands: object, files: int | None = None, **options: object) -> dict[str, Any]:
    """Run the engine in a process of its own, `files` being its RLIMIT_NOFILE."""
    limit = (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))) if files else None
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, json.dumps(options), *map(str, operands)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit,
    )
    assert done.stderr == ""
    result = json.loads(done.stdout)
    assert isinstance(result, dict)
    return result


def signals(result: dict[str, Any]) -> list[str]:
    return [one["signal"] for one in result["sent"]]


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


def test_the_stop_signal_leaves_time_to_tidy_up(trees: list[Tree], tmp_path: Path) -> None:
    script = f"trap 'echo tidy >{tmp_path}/file; exit' TERM; sleep 60 & echo; wait"
    trees.append(tree := Tree(*sh(script)))
    assert signals(kill_tree(tree.pid)) == ["TERM"]
    assert (tmp_path / "file").read_text() == "tidy\n"


def test_another_stop_signal_can_be_chosen(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh("trap '' TERM; echo; exec sleep 60")))
    assert signals(kill_tree(tree.pid, signal=signal.SIGINT)) == ["INT"]
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
    assert signals(kill_tree(tree.pid, signal=signal.SIGKILL)) == ["KILL"]
    assert tree.all_dead()


def test_a_stopped_tree_is_ended_by_the_stop_signal(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh("sh -c 'kill -STOP $$; wait' & echo; kill -STOP $$; wait")))
    os.waitid(os.P_PID, tree.pid, os.WSTOPPED | os.WNOWAIT)
    assert signals(kill_tree(tree.pid)) == ["TERM"]
    assert tree.all_dead()


def test_what_a_stop_signal_makes_a_process_start_is_ended_too(trees: list[Tree]) -> None:
    script = "trap 'sleep 60 & wait; wait' TERM; sleep 60 & echo; wait; wait; wait"
    trees.append(tree := Tree(*sh(script)))
    result = kill_tree(tree.pid, kill_after=0.3)
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
    assert (root["pid"], child["pid"], child["parent"]) == (tree.pid, int(tree.said[0]), tree.pid)
    assert (child["command"], child["state"]) == ("sleep 60", "S")
    assert (result["exit_code"], result["sent"], tree.process.poll()) == (0, [], None)


@as_root
def test_who_may_not_be_signalled_is_listed_with_the_reason(trees: list[Tree]) -> None:
    code = (
        "import os\n"
        "child = os.fork()\n"
        f"os.setuid({OTHER} if child else {NOBODY})\n"
        "if not child: os.write(1, b'\\n')\n"
        f"os.execv({shutil.which('sleep')!r}, ['sleep', '60'])\n"
    )
    trees.append(tree := Tree(*python(code)))
    result = kill_tree(tree.pid, user=OTHER, wait=0.5)
    (survivor,) = result["survivors"]
    assert (result["exit_code"], survivor["error"]) == (1, "Operation not permitted")
    assert (survivor["command"], survivor["state"]) == ("sleep 60", "S")
    os.kill(survivor["pid"], signal.SIGKILL)
    assert tree.lifeline.all_dead(within=30)


@as_root
def test_a_root_that_is_someone_elses_is_refused_by_name(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh("echo; exec sleep 60"), user=NOBODY))
    read_ready = Path(f"/proc/{tree.pid}/comm")
    while read_ready.read_text() != "sleep\n":
        pass
    result = kill_tree(tree.pid, user=OTHER)
    wanted = f"{tree.pid} (sleep 60): is someone else's: Operation not permitted"
    assert (result["exit_code"], result["refusal"]) == (125, wanted)


# What has left the tree


DAEMON = "p=$(sleep 60 >&2 & echo $!); echo $p; exec sleep 60"


def test_who_left_the_tree_stays_unless_asked_for(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh(DAEMON)))
    kill_tree(tree.pid)
    assert tree.process.poll() is not None
    assert not tree.lifeline.all_dead()
    os.kill(int(tree.said[0]), signal.SIGKILL)
    assert tree.lifeline.all_dead(within=30)


@pytest.mark.parametrize("scope", ["session", "group"])
def test_a_double_forked_daemon_is_ended_by_what_it_shares(trees: list[Tree], scope: str) -> None:
    trees.append(tree := Tree(*sh(DAEMON)))
    result = kill_tree(tree.pid, also=[scope])
    assert (result["exit_code"], result["signalled"], tree.all_dead()) == (0, 2, True)


def test_what_a_daemon_started_elsewhere_is_ended_with_it(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh("(sh -c 'setsid sleep 60 & echo; wait' &); exec sleep 60")))
    kill_tree(tree.pid, also=["session"])
    assert tree.all_dead()


def test_a_process_that_forks_while_it_is_killed_leaves_nothing(trees: list[Tree]) -> None:
    # At most 3000 processes of 10 seconds, which start the next by themselves.
    code = (
        "import os, signal\n"
        "os.write(1, b'\\n')\n"
        "for count in range(3000):\n"
        "    if os.fork(): break\n"
        "signal.alarm(10)\n"
        "signal.pause()\n"
    )
    trees.append(tree := Tree(*python(code)))
    result = kill_tree(tree.pid, kill_after=0, also=["session"])
    assert (result["exit_code"], tree.all_dead()) == (0, True)


def test_who_is_left_behind_in_the_session_by_the_last_to_die_is_ended(trees: list[Tree]) -> None:
    code = (
        "import os, signal, time\n"
        "signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # reaped at once\n"
        "while os.fork(): signal.pause()\n"
        "os.setsid()\n"
        "def leave(*_):\n"
        "    time.sleep(0.3)  # the rounds are over by now\n"
        "    if os.fork(): os._exit(0)\n"
        "    signal.alarm(30)\n"
        "    signal.signal(signal.SIGTERM, signal.SIG_DFL)\n"
        "    signal.pause()\n"
        "signal.signal(signal.SIGTERM, leave)\n"
        "os.write(1, b'%d\\n' % os.getpid())\n"
        "while True: signal.pause()\n"
    )
    trees.append(tree := Tree(*python(code)))
    result = kill_tree(tree.said[0], also=["session"])
    assert (result["exit_code"], result["signalled"]) == (0, 2)
    tree.process.kill()
    tree.process.wait()
    assert tree.all_dead()


def test_a_session_that_we_are_in_is_refused(trees: list[Tree]) -> None:
    trees.append(tree := Tree("sh", "-c", "echo; exec sleep 60", new_session=False))
    result = kill_tree(tree.pid, also=["session"])
    tree.process.kill()
    tree.process.wait()
    assert result["exit_code"] == 125
    assert result["refusal"].endswith("shares its session with this process or one above it")
    assert result["sent"] == []


def test_the_root_cgroup_and_our_own_are_refused(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh("echo; exec sleep 60")))
    result = kill_tree(tree.pid, also=["cgroup"])
    assert (result["exit_code"], tree.process.poll()) == (125, None)
    ours = next(line for line in Path("/proc/self/cgroup").read_text().split() if line[:3] == "0::")
    shared = "shares its cgroup with this process or one above it"
    wanted = "has no cgroup of its own that could be swept" if ours == "0::/" else shared
    assert result["refusal"].endswith(wanted)


@pytest.fixture
def cgroup() -> Iterator[Path]:
    mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    top = next((Path(row[1]) for row in mounts if row[2] == "cgroup2"), None)
    group = top / f"kill-tree-{os.getpid()}" if top else None
    try:
        assert group
        group.mkdir()
    except (AssertionError, OSError):
        pytest.skip("no cgroup can be made")
    yield group
    group.rmdir()


def test_who_left_tree_and_session_is_ended_by_its_cgroup(cgroup: Path, trees: list[Tree]) -> None:
    script = f"echo $$ >{cgroup}/cgroup.procs; p=$(setsid sleep 60 >&2 &); echo; exec sleep 60"
    trees.append(tree := Tree(*sh(script)))
    result = kill_tree(tree.pid, also=["cgroup"])
    assert (result["exit_code"], result["signalled"], tree.all_dead()) == (0, 2, True)


# Operands


def test_a_process_that_is_gone_is_missing() -> None:
    child = subprocess.Popen(["true"])
    child.wait()
    result = kill_tree(child.pid)
    assert (result["exit_code"], result["missing"]) == (3, [str(child.pid)])


def test_a_missing_process_keeps_no_other_from_being_ended(trees: list[Tree]) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    trees.append(tree := Tree(*sh(CHAIN)))
    assert (kill_tree(gone.pid, tree.pid)["exit_code"], tree.all_dead()) == (3, True)


def test_it_never_ends_itself() -> None:
    assert "is this process itself" in kill_tree("SELF")["refusal"]


def test_it_never_ends_what_it_runs_below(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh(CHAIN)))
    result = kill_tree(tree.pid, os.getpid())
    assert "would end this process too" in result["refusal"]
    assert (result["exit_code"], tree.process.poll()) == (125, None)


def test_a_threads_number_is_refused() -> None:
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    result = kill_tree(thread.native_id)
    over.set()
    thread.join()
    assert result["refusal"] == f"{thread.native_id}: is a thread's number, not a process's"


def test_a_pid_file_names_its_process(trees: list[Tree], tmp_path: Path) -> None:
    trees.append(tree := Tree(*sh(f"echo $$ >{tmp_path}/pid; echo; exec sleep 60")))
    assert (kill_tree(f"@{tmp_path}/pid")["exit_code"], tree.all_dead()) == (0, True)


def test_a_pid_file_older_than_the_process_is_refused(trees: list[Tree], tmp_path: Path) -> None:
    trees.append(tree := Tree(*sh("echo; exec sleep 60")))
    file = tmp_path / "pid"
    file.write_text(f"{tree.pid}\n")
    os.utime(file, (0, file.stat().st_mtime - 60))
    result = kill_tree(f"@{file}")
    assert "was started after the file was written" in result["refusal"]
    assert (result["exit_code"], tree.process.poll()) == (125, None)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "'' is not a process ID"),
        ("nginx\n", "'nginx' is not a process ID"),
        ("1\n", "1 is the system's first process, which is not ended"),
        ("-5\n", "'-5' is negative"),
    ],
)
def test_a_pid_file_without_a_pid_is_refused(content: str, why: str, tmp_path: Path) -> None:
    file = tmp_path / "pid"
    file.write_text(content)
    assert kill_tree(f"@{file}")["refusal"].startswith(f"@{file}: {why}")


def test_a_pid_file_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    wanted = f"@{tmp_path}/pid: cannot be read: No such file or directory"
    assert kill_tree(f"@{tmp_path}/pid")["refusal"] == wanted


def test_a_pid_file_that_is_a_fifo_is_not_waited_for(tmp_path: Path) -> None:
    assert kill_tree("@" + fifo(tmp_path))["exit_code"] == 125


@pytest.mark.parametrize(
    "text", ["", "0", "1", "-1", "-4711", "+5", "x", "4711x", "99999999999", "٣", " 7", "@"]
)
def test_an_operand_that_names_no_process_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]+$"):
        target(text)


def test_operands_are_pids_or_pid_files() -> None:
    assert (target("4711").pid, target("4711").file) == (4711, "")
    assert (target("@a b").pid, target("@a b").file) == (0, "a b")


def test_scopes_are_named_in_one_word() -> None:
    assert scopes("session,cgroup") == ("session", "cgroup")
    with pytest.raises(ValueError, match="'sessions' is none of session, group, cgroup"):
        scopes("sessions")


@pytest.mark.parametrize(
    ("found", "rest"),
    [([], False), ([0], False), ([3, 0], False), ([3, 0, 0], True), ([0, 3, 0], False)],
)
def test_two_rounds_without_news_are_enough(found: list[int], rest: bool) -> None:
    assert at_rest(found) is rest


def test_rounds_come_to_an_end() -> None:
    assert at_rest([1] * 100)
