"""The benchmarks work: every table has runwrap and a peer in it, and nothing outlives them.

They are run at their smallest, so nothing is said about times.
"""

import signal
import sys
from functools import cache
from pathlib import Path

import pytest

from benchmarks import peers, rounds
from benchmarks.table import Table
from tests.support import Result, Running, fifo, read_line, runwrap

ROOT = Path(__file__).parent.parent
Rows = dict[str, dict[str, str]]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="they are for Linux")


@cache
def quick(*words: str) -> Result:
    """Run benchmarks at their smallest."""
    program = (sys.executable, "-m", "benchmarks", "--quick")
    done = runwrap(*words, program=program, cwd=ROOT)
    assert (done.status, done.err) == (0, f"benchmarks: {words[0]} ...\n")
    return done


def tables(page: str) -> dict[str, Rows]:
    """Return the tables of a page: title -> first cell of a row -> heading -> cell."""
    return {part.partition("\n")[0]: _rows(part) for part in page.split("\n### ")[1:]}


def _rows(part: str) -> Rows:
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    head, _, *rows = [line.strip("| ").split(" | ") for line in lines]
    return {name: dict(zip(head, cells, strict=True)) for name, *cells in rows}


def column(page: str, heading: str, ours: bool) -> list[str]:
    """Return the cells under a heading in all tables, runwrap's or those of the others."""
    return [
        row[heading]
        for rows in tables(page).values()
        for name, row in rows.items()
        if name.startswith("runwrap") == ours
    ]


@pytest.mark.parametrize(
    ("name", "count"), [("startup", 2), ("deadline", 1), ("pipes", 3), ("kill", 2), ("reap", 1)]
)
def test_each_benchmark_has_tables_of_runwrap_and_a_peer(name: str, count: int) -> None:
    found = tables(quick(name).out)
    if name == "reap" and all(len(rows) == 1 for rows in found.values()):
        pytest.skip("nobody else here reaps orphans")
    ours = [{row.startswith("runwrap") for row in rows} for rows in found.values()]
    assert ours == [{True, False}] * count


def test_nobody_survives_runwrap() -> None:
    assert set(column(quick("kill").out, "survivors", ours=True)) == {"0"}


def test_survivors_of_others_are_seen() -> None:
    rows = tables(quick("kill").out)["Ending 5 orphans"]
    assert rows["kill -9 -PGID"]["survivors"] == "5"


def test_runwrap_leaves_no_zombies() -> None:
    assert column(quick("reap").out, "zombies left", ours=True) == ["0"]


def test_survivors_do_not_outlive_the_benchmark() -> None:
    assert quick("kill").all_dead


def test_what_was_started_ends_when_the_benchmark_is_terminated(tmp_path: Path) -> None:
    said = fifo(tmp_path)
    code = f"""
import time
from benchmarks import pen
with pen.closed():
    pen.start(["setsid", "-f", "sh", "-c", 'echo >{said}; exec sleep 30'])
    time.sleep(30)
"""
    running = Running("-c", code, program=(sys.executable,), cwd=ROOT)
    read_line(said)
    running.signal(signal.SIGTERM)
    assert running.wait().all_dead


def test_the_page_can_be_written_to_a_file(tmp_path: Path) -> None:
    file = tmp_path / "docs" / "page.md"
    quick("reap", f"--write={file}")
    assert "### Reaping orphans" in file.read_text()


def test_an_unknown_benchmark_is_refused() -> None:
    done = runwrap("nonsense", program=(sys.executable, "-m", "benchmarks"), cwd=ROOT)
    assert done.err.splitlines()[-1] == "python -m benchmarks: error: no such benchmark: nonsense"


def test_a_peer_that_is_not_installed_has_no_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(peers.PROGRAMS, "absent", peers.Program("absent-from-every-system"))
    assert peers.here({"ours": ("", 1), "theirs": ("absent", 2)}) == {"ours": 1}


def test_every_case_is_measured_once_a_round() -> None:
    measured: list[str] = []
    rounds.in_turn({"a": "a", "b": "b"}, measured.append, 3)
    pairs = [{*measured[at : at + 2]} for at in range(0, 8, 2)]
    assert pairs == [{"a", "b"}] * 4


def test_the_first_of_several_rounds_is_not_kept() -> None:
    times = iter([9, 1, 2])
    assert rounds.in_turn({"a": None}, lambda _: next(times), 2) == {"a": [1, 2]}


def test_a_ratio_is_that_of_the_middle_round() -> None:
    assert rounds.ratio([2, 30, 8], [1, 10, 2]) == 3


def test_the_95th_percentile_leaves_out_the_worst_of_twenty() -> None:
    assert rounds.p95(range(20)) == 18


def test_a_table_is_written_in_markdown() -> None:
    table = Table("Title", "About.", ["", "ms"], [["a", "1.0"]])
    assert table.markdown() == "### Title\n\nAbout.\n\n|  | ms |\n| --- | ---: |\n| a | 1.0 |\n"
