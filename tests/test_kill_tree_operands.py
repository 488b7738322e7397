"""Whom kill-tree is to end: pids, pid files, and what is refused."""

import os
import subprocess
import threading
from pathlib import Path

import pytest

from runwrap.model.kill_tree import at_rest, scopes, target
from tests.kill_trees import CHAIN, Tree, kill_tree
from tests.support import RUNWRAP, fifo, sh


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
    done = subprocess.run(
        sh(f'exec {RUNWRAP} kill-tree -k 0 "$$"'), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.count("\n")) == (125, 1)
    assert "is this process itself" in done.stderr


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
