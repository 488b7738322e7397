"""What happens at the same time as the command's start and end."""

import random
import select
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import Running, fifo, runwrap, sh, wait_until

few_and_many = pytest.mark.parametrize(
    "runs", [25, pytest.param(500, marks=pytest.mark.slow)], ids=["few", "many"]
)
LENGTH = 0.03  # seconds that the command takes
START_UP = 0.02  # seconds that runwrap takes before, about: it shifts where the moments fall


def moments(runs: int) -> Iterator[float]:
    """Yield moments around the command's end, in seconds after its start; far ones first."""
    yield 0.001
    yield 2.0
    chance = random.Random(runs)
    for _ in range(runs - 2):
        yield LENGTH + chance.uniform(-0.01, 0.015)


def let_pass(seconds: float) -> None:
    """Let time pass where the moment of an event is what a test varies; nothing waits by this."""
    select.select([], [], [], seconds)


@few_and_many
def test_a_deadline_at_the_commands_end_has_two_lawful_results(runs: int) -> None:
    seen = set()
    for moment in moments(runs):
        result = runwrap("-t", f"{moment:.4f}", "sleep", str(LENGTH))
        assert result.status in (0, 124)
        assert result.all_dead
        assert bool(result.err) == (result.status == 124)
        seen.add(result.status)
    assert seen == {0, 124}


@few_and_many
def test_a_signal_to_runwrap_at_the_commands_end_has_two_lawful_results(runs: int) -> None:
    seen = set()
    for moment in moments(runs):
        running = Running("sleep", str(LENGTH))
        let_pass(moment + START_UP)
        running.signal(signal.SIGTERM)
        result = running.wait()
        assert result.status in (0, -signal.SIGTERM)
        assert (result.err, result.all_dead) == ("", True)
        seen.add(result.status)
    assert seen == {0, -signal.SIGTERM}


@few_and_many
def test_a_signal_while_runwrap_starts_leaves_nothing_running(runs: int) -> None:
    for number in range(runs):
        running = Running("sleep", "60")
        let_pass(random.Random(number).uniform(0.0, 0.03))
        running.signal(signal.SIGTERM)
        result = running.wait()
        assert (result.status, result.err, result.all_dead) == (-signal.SIGTERM, "", True)


def test_a_ctrl_c_before_the_start_shows_no_traceback(tmp_path: Path) -> None:
    running = Running("--stdin", fifo(tmp_path), "true")
    place = Path(f"/proc/{running.pid}/wchan")
    wait_until(lambda: place.read_text() == "wait_for_partner", "it takes no signals yet")
    running.signal(signal.SIGINT)
    result = running.wait()
    assert (result.status, result.err) == (-signal.SIGINT, "")


@few_and_many
def test_deaths_that_come_all_at_once_hide_none(runs: int) -> None:
    script = "i=0; while [ $i -lt 20 ]; do sh -c : & i=$((i+1)); done; exit 9"
    for _ in range(runs // 5):
        assert runwrap("--leak-timeout", "20", *sh(script)).status == 9
