"""Trees of processes as people and programs see them: pure, without a process."""

import json

from runwrap.model.kill_tree import Refusal, TreeResult
from runwrap.model.outcome import Process, Sent
from runwrap.report.kill_tree import as_json, exit_code, warnings
from runwrap.report.tree import draw


def process(pid: int, parent: int, command: str = "sleep 60", state: str = "S") -> Process:
    return Process(pid=pid, parent=parent, state=state, command=command, elapsed=3.5, cpu=0.25)


FAMILY = (
    process(10, 1, "make -j2"),
    process(11, 10, "cc a.c"),
    process(13, 11, "as"),
    process(12, 10, "cc b.c"),
)


def test_a_tree_is_drawn_one_process_a_line() -> None:
    assert draw(FAMILY, "utf-8") == (
        "10 S, 3.50 s old, 0.25 s CPU: make -j2\n"
        "├─ 11 S, 3.50 s old, 0.25 s CPU: cc a.c\n"
        "│  └─ 13 S, 3.50 s old, 0.25 s CPU: as\n"
        "└─ 12 S, 3.50 s old, 0.25 s CPU: cc b.c\n"
    )


def test_lines_are_ascii_where_the_encoding_is_not_utf_8() -> None:
    assert draw(FAMILY, "ANSI_X3.4-1968") == (
        "10 S, 3.50 s old, 0.25 s CPU: make -j2\n"
        "|- 11 S, 3.50 s old, 0.25 s CPU: cc a.c\n"
        "|  `- 13 S, 3.50 s old, 0.25 s CPU: as\n"
        "`- 12 S, 3.50 s old, 0.25 s CPU: cc b.c\n"
    )


def test_zombies_and_the_stopped_are_marked() -> None:
    rows = draw((process(10, 1, state="T"), process(11, 10, "[cc]", state="Z")), "UTF8")
    assert rows == (
        "10 T (stopped), 3.50 s old, 0.25 s CPU: sleep 60\n"
        "└─ 11 Z (zombie), 3.50 s old, 0.25 s CPU: [cc]\n"
    )


def test_processes_of_unknown_parents_are_trees_of_their_own() -> None:
    assert draw((process(10, 1), process(21, 20)), "ascii").count("\n") == 2
    assert "-" not in draw((process(10, 1), process(21, 20)), "ascii")


def test_nothing_is_drawn_of_nobody() -> None:
    assert draw((), "utf-8") == ""


def test_lines_are_cut_only_where_a_width_is_given() -> None:
    long = (process(10, 1, "x" * 300),)
    assert len(draw(long, "utf-8")) > 300
    assert draw(long, "utf-8", width=12) == "10 S, 3.50 …\n"
    assert draw(long, "ascii", width=12) == "10 S, 3.5...\n"
    assert draw(long, "ascii", width=2) == "..\n"


def test_a_command_cannot_forge_a_line() -> None:
    assert draw((process(10, 1, "a\nb\x1b[2J"),), "utf-8").endswith("CPU: a\\nb\\x1b[2J\n")


def test_a_tree_may_be_deeper_than_the_interpreters_stack() -> None:
    chain = [process(pid, pid - 1) for pid in range(2, 5002)]
    assert draw(tuple(chain), "ascii").count("\n") == 5000


def test_long_times_are_written_as_durations() -> None:
    old = process(10, 1).replace(elapsed=3725.4, cpu=61.2)
    assert draw((old,), "ascii") == "10 S, 1h2m5s old, 61 s CPU: sleep 60\n"


# What is told of a result


def test_all_dead_is_0() -> None:
    assert (exit_code(TreeResult(signalled=3)), warnings(TreeResult(signalled=3))) == (0, [])


def test_survivors_are_1_and_each_is_named() -> None:
    result = TreeResult(
        missing=("4711",),
        survivors=(process(10, 1).replace(errno=1), process(11, 1)),
    )
    assert exit_code(result) == 1
    assert warnings(result) == [
        "4711: no such process",
        "still running: sleep 60 (pid 10, state S, Operation not permitted)",
        "still running: sleep 60 (pid 11, state S)",
    ]


def test_a_missing_process_is_3() -> None:
    assert exit_code(TreeResult(missing=("4711",))) == 3


def test_a_refusal_is_125_and_one_line() -> None:
    refusal = Refusal(kind="newer", operand="@/run/a.pid", pid=10, command="sh\n-c")
    result = TreeResult(refusal=refusal)
    assert exit_code(result) == 125
    assert warnings(result) == [
        "@/run/a.pid (pid 10, sh\\n-c): was started after the file was written: "
        "it is not the process that is meant"
    ]


def test_a_result_is_one_line_of_json() -> None:
    result = TreeResult(
        found=(process(10, 1, "a\udcffb"),),
        survivors=(process(10, 1).replace(errno=1),),
        signalled=1,
        sent=(Sent(signal=15, at=0.25),),
        elapsed=1.5,
    )
    text = as_json(result)
    assert text.isascii() and text.count("\n") == 1
    told = json.loads(text)
    assert told["sent"] == [{"signal": "TERM", "at": 0.25}]
    assert told["found"][0] == {
        "pid": 10,
        "parent_pid": 1,
        "state": process(10, 1).state,
        "command_line": "a\\xffb",
        "walltime": 3.5,
        "cputime": 0.25,
    }
    assert (told["survivors"][0]["errno"], told["exit_code"]) == (1, 1)
