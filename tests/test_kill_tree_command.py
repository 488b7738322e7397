"""What people see of kill-tree: messages, exit codes, drawn trees; and where options may stand."""

import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.kill_trees import AS_USER, CHAIN, Tree
from tests.support import PATIENCE, RUNWRAP, Result, python, runwrap, sh
from tests.test_kill_tree import NOBODY, OTHER, as_root

GONE = "4194305"  # above the largest pid that Linux gives


def run(*words: object) -> Result:
    return runwrap("kill-tree", *map(str, words), env={"LC_ALL": "C.UTF-8"})


def run_as(user: int, *words: object) -> Result:
    program = (sys.executable, "-c", AS_USER, str(user))
    return runwrap("kill-tree", *map(str, words), program=program)


def test_nothing_is_said_when_all_are_dead(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh(CHAIN)))
    result = run(tree.pid)
    assert (result.status, result.out, result.err) == (0, "", "")
    assert tree.all_dead()


def test_options_may_follow_the_process(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh("trap '' TERM; echo; exec sleep 60")))
    assert run(tree.pid, "-k", 0).status == 0
    assert tree.process.wait() == -signal.SIGKILL


def test_no_such_process_is_3() -> None:
    result = run(GONE)
    assert (result.status, result.err) == (3, f"runwrap: {GONE}: no such process\n")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "no process given; see 'runwrap kill-tree --help'"),
        (("0",), "0 is not a process ID"),
        (("1",), "1 is the system's first process, which is not ended"),
        (("-4711",), "'-4711' is negative: process groups are ended by --also group"),
        (("--", "-4711"), "'-4711' is negative: process groups are ended by --also group"),
        (("nginx",), "'nginx' is not a process ID"),
        (("",), "'' is not a process ID"),
        (("--dry-rum", "5"), "no such option: --dry-rum; did you mean --dry-run?"),
        (("-x", "5"), "no such option: -x"),
        (("--also", "tty", "5"),
         "--also: 'tty' is none of session, group, cgroup; see 'runwrap kill-tree --help'"),
        (("@",), "'@' needs the name of a pid file, as in @/run/server.pid"),
        (("@/nowhere",), "@/nowhere: cannot be read: No such file or directory"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_meant_is_one_line_of_error(
    words: tuple[str, ...], told: str
) -> None:
    result = run(*words)
    assert (result.status, result.out, result.err) == (125, "", f"runwrap: {told}\n")


def test_nobody_is_signalled_where_one_operand_is_bad(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh("echo; exec sleep 60")))
    assert run(tree.pid, "0").status == 125
    assert run(tree.pid, os.getpid()).status == 125
    assert tree.process.poll() is None


def test_variables_change_nothing(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh("trap '' INT; echo; exec sleep 60")))
    env = {"RUNWRAP_SIGNAL": "INT", "RUNWRAP_KILL_AFTER": "inf"}
    assert runwrap("kill-tree", str(tree.pid), env=env).status == 0
    assert tree.process.wait() == -signal.SIGTERM


def test_help_tells_the_operand_and_the_exit_codes() -> None:
    result = run("--help")
    assert (result.status, result.err) == (0, "")
    assert "kill-tree [OPTION]... PID|@FILE..." in result.out
    assert "3 if a process that" in result.out


# A dry run


def test_a_dry_run_draws_the_tree(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh("sleep 60 & echo $!; wait")))
    root, child = run("--dry-run", tree.pid).out.splitlines()
    assert root.startswith(f"{tree.pid} S, ")
    assert child.startswith(f"└─ {tree.said[0]} S, ")
    assert child.endswith(" CPU: sleep 60")
    assert tree.process.poll() is None


def test_a_dry_run_marks_the_stopped_and_the_dead(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*python("import os; os.fork() or os._exit(0); print(flush=True);"
                                      "os.kill(os.getpid(), 19)")))  # fmt: skip
    os.waitid(os.P_PID, tree.pid, os.WSTOPPED | os.WNOWAIT)
    root, child = run("--dry-run", tree.pid).out.splitlines()
    assert root.startswith(f"{tree.pid} T (stopped), ")
    assert " Z (zombie), " in child


def test_a_root_that_is_a_zombie_is_drawn(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh("echo")))
    os.waitid(os.P_PID, tree.pid, os.WEXITED | os.WNOWAIT)
    assert run("--dry-run", tree.pid).out.startswith(f"{tree.pid} Z (zombie), ")


def test_a_dry_run_of_who_is_gone_is_3() -> None:
    result = run("--dry-run", GONE)
    assert (result.status, result.out) == (3, "")


def test_a_dry_run_for_programs_is_json(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh("echo; exec sleep 60")))
    result = json.loads(run("--dry-run", "--json", tree.pid).out)
    assert [one["pid"] for one in result["found"]] == [tree.pid]
    assert (result["sent"], result["survivors"]) == ([], [])


def test_a_full_disk_is_told(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh("echo; exec sleep 60")))
    with open("/dev/full", "w") as full:
        words = [RUNWRAP, "kill-tree", "--dry-run", str(tree.pid)]
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, check=False)
    wanted = b"runwrap: cannot print the result: No space left on device\n"
    assert (done.returncode, done.stderr) == (125, wanted)


# Who can't be ended


@as_root
def test_who_is_left_is_named_with_the_reason(trees: list[Tree]) -> None:
    code = (
        "import os\n"
        "child = os.fork()\n"
        f"os.setuid({OTHER} if child else {NOBODY})\n"
        "if not child: os.write(1, b'%d\\n' % os.getpid())\n"
        f"os.execv({shutil.which('sleep')!r}, ['sleep', '60'])\n"
    )
    trees.append(tree := Tree(*python(code)))
    result = run_as(OTHER, "-k", 0, tree.pid)
    child = tree.said[0]
    reason = "state S, Operation not permitted"
    assert (result.status, result.err) == (
        1,
        f"runwrap: still running: sleep 60 (pid {child}, {reason})\n",
    )
    os.kill(int(child), signal.SIGKILL)
    assert tree.lifeline.all_dead(within=30)


@as_root
def test_what_is_someone_elses_is_refused_and_named(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh("echo; sleep 60; :"), user=NOBODY))
    result = run_as(OTHER, tree.pid)
    assert result.status == 125
    assert result.err.startswith(f"runwrap: {tree.pid} (sh -c echo; sleep 60; :): ")
    assert result.err.endswith("is someone else's: Operation not permitted\n")


# For programs


@pytest.mark.parametrize(
    ("operand", "refusal"),
    [
        ("0", "0 is not a process ID"),
        ("1", "1 is the system's first process, which is not ended"),
        ("-1", "'-1' is negative: process groups are ended by --also group"),
        ("xyz", "'xyz' is not a process ID"),
        ("\udcff", "'\\xff' is not a process ID"),
        ("999999999999", "'999999999999' is not a process ID"),
        ("@/nonexistent", "@/nonexistent: cannot be read: No such file or directory"),
    ],
)
def test_every_refusal_of_an_operand_is_json_too(operand: str, refusal: str) -> None:
    result = run("--json", operand)
    told = json.loads(result.out)
    assert (result.status, told["exit_code"], told["refusal"]) == (125, 125, refusal)
    assert result.err == f"runwrap: {refusal}\n"


def test_no_signal_is_told_of_that_nobody_got() -> None:
    result = json.loads(run("--json", GONE).out)
    assert (result["missing"], result["sent"]) == ([GONE], [])


def test_bytes_that_are_no_text_are_escaped_in_json(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*sh("echo; sleep 60; :"), os.fsdecode(b"caf\xc3\xa9\xff")))
    found = json.loads(run("--json", "--dry-run", tree.pid).out)["found"]
    assert found[0]["command_line"].endswith(" caf\u00e9\\xff")


def test_a_thread_of_the_kernel_is_refused() -> None:
    if not Path("/proc/2/stat").exists() or "(kthreadd)" not in Path("/proc/2/stat").read_text():
        pytest.skip("the kernel's threads can't be seen from here")
    result = run("--dry-run", 2)
    told = "runwrap: 2 ([kthreadd]): is a thread of the kernel's, which no signal ends\n"
    assert (result.status, result.err) == (125, told)


# Who is born while the tree dies

HANDLER = """
import os, signal, time
def start_one(*_):
    time.sleep({before})
    reading, writing = os.pipe()
    if not os.fork():
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.alarm(60)
        os.write(writing, b'.')
        signal.pause()
    os.read(reading, 1)
    time.sleep({after})
    os._exit(0)
{start}
signal.signal(signal.SIGTERM, start_one)
os.write(1, b'\\n')
signal.pause()
"""
BELOW = "if os.fork(): os.wait(); os._exit(0)"


@pytest.mark.parametrize("start", ["", BELOW], ids=["by the root", "by a child"])
@pytest.mark.parametrize("before", [0, 0.02, 0.2])
def test_who_was_started_by_a_handler_that_ended_at_once_is_ended_or_named(
    start: str, before: float, trees: list[Tree]
) -> None:
    trees.append(tree := Tree(*python(HANDLER.format(before=before, after=0, start=start))))
    result = run(tree.pid)
    tree.process.wait()
    if result.status == 0:
        assert tree.lifeline.all_dead()
    else:
        assert (result.status, result.err.count("still running: ")) == (1, 1)
        with suppress(ProcessLookupError):
            os.killpg(tree.pid, signal.SIGKILL)  # he leads the group no more, but pins its number
        assert tree.lifeline.all_dead(PATIENCE)


def test_who_was_started_by_a_handler_that_takes_a_moment_is_ended(trees: list[Tree]) -> None:
    trees.append(tree := Tree(*python(HANDLER.format(before=0, after=0.03, start=""))))
    assert (run(tree.pid).status, tree.all_dead()) == (0, True)


def test_whom_others_start_meanwhile_is_not_named(trees: list[Tree]) -> None:
    slow = "trap 'sleep 0.2; exit' TERM; echo; sleep 60 & wait; wait"
    busy = "echo; while :; do sleep 0.01; done"
    trees += [tree := Tree(*sh(slow)), Tree(*sh(busy))]
    result = run(tree.pid)
    assert (result.status, result.err) == (0, "")
