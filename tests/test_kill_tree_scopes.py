"""kill-tree --also ends who left the tree, but shares its session, process group or cgroup."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kill_trees import Tree, kill_tree
from tests.support import RUNWRAP, python, sh

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
    result = kill_tree(tree.pid, also=scope)
    assert (result["exit_code"], result["signalled"], tree.all_dead()) == (0, 2, True)


def test_what_a_daemon_started_elsewhere_is_ended_with_it(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh("(sh -c 'setsid sleep 60 & echo; wait' &); exec sleep 60")))
    kill_tree(tree.pid, also="session")
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
    result = kill_tree(tree.pid, kill_after=0, also="session")
    assert (result["exit_code"], tree.all_dead()) == (0, True)


def test_who_is_left_behind_in_the_session_by_the_last_to_die_is_ended(trees: list[Tree]) -> None:
    code = (
        "import os, signal, time\n"
        "signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # reaped at once\n"
        "while os.fork(): signal.pause()\n"
        "os.setsid()\n"
        "def leave(*_):\n"
        "    time.sleep(0.3)  # the rounds are over by now\n"
        "    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # or who is left would do the same\n"
        "    if os.fork(): os._exit(0)\n"
        "    signal.alarm(30)\n"
        "    signal.pause()\n"
        "signal.signal(signal.SIGTERM, leave)\n"
        "os.write(1, b'%d\\n' % os.getpid())\n"
        "while True: signal.pause()\n"
    )
    trees.append(tree := Tree(*python(code)))
    result = kill_tree(tree.said[0], also="session")
    assert (result["exit_code"], result["signalled"]) == (0, 2)
    tree.process.kill()
    tree.process.wait()
    assert tree.all_dead()


def test_a_session_that_we_are_in_is_refused() -> None:
    # A session of the test's own: a CI job's may lie outside of its namespace, and be no one's.
    script = f"sleep 60 & {RUNWRAP} kill-tree --json --also session $!; kill $! || exit 9"
    done = subprocess.run(
        sh(script), capture_output=True, text=True, check=False, start_new_session=True
    )
    result = json.loads(done.stdout)
    assert (result["exit_code"], done.returncode) == (125, 0)
    assert result["refusal"].endswith("shares its session with this process or one above it")
    assert result["sent"] == []


def test_the_root_cgroup_and_our_own_are_refused(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh("echo; exec sleep 60")))
    result = kill_tree(tree.pid, also="cgroup")
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
    result = kill_tree(tree.pid, also="cgroup")
    assert (result["exit_code"], result["signalled"], tree.all_dead()) == (0, 2, True)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can leave its namespaces so")
def test_the_root_cgroup_is_refused_in_a_cgroup_namespace_too(cgroup: Path) -> None:
    script = (
        f"sleep 60 & echo $! >{cgroup.parent}/cgroup.procs; echo $$ >{cgroup}/cgroup.procs;"
        f"unshare --cgroup {RUNWRAP} kill-tree --dry-run --json --also cgroup $!"
    )
    words = ("unshare", "--pid", "--fork", "--mount-proc", *sh(script))
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    refusal = json.loads(done.stdout)["refusal"]
    assert refusal.endswith("has no cgroup of its own that could be swept")
