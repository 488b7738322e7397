"""What stops of single stages mean for a pipeline, and who is left when somebody kills then."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from runwrap.watch import Leaders
from tests.screen import CTRL_C, CTRL_Z, PROMPT, Screen
from tests.support import fifo, wait_for_state

# Says who it is, and what it reads from the terminal; ignores what runwrap hands on to tell.
READER = (
    "import os, signal; signal.signal(10, signal.SIG_IGN); tty = open('/dev/tty', 'r+b', 0); "
    "tty.write(b'first %d\\n' % os.getpid()); tty.write(b'got ' + tty.readline()); signal.pause()"
)
# Says who it is, and its parent, the guardian; and `told` for each SIGUSR1.
TELLER = (
    "import os, signal; tty = open('/dev/tty', 'r+b', 0); "
    "signal.signal(2, signal.SIG_DFL); signal.pthread_sigmask(signal.SIG_BLOCK, [10]); "
    "tty.write(b'last %d %d\\n' % (os.getpid(), os.getppid()))\n"
    "while signal.sigwait([10]): tty.write(b'told\\n')\n"
)
# Ignores Ctrl-Z; when it comes, continues its group as soon as who has said its pid is stopped.
CONTINUER = (
    "import os, signal, time; signal.pthread_sigmask(signal.SIG_BLOCK, [20, 18]); "
    "pid = int(open('pid').readline()); "
    "tty = open('/dev/tty', 'r+b', 0); tty.write(b'on\\n'); signal.sigwait([20])\n"
    "began = time.monotonic()\n"
    "while open(f'/proc/{pid}/stat').read().rpartition(')')[2].split()[0] != 'T': pass\n"
    "os.kill(0, 18); tty.write(b'late\\n' if time.monotonic() > began + 0.1 else b'in time\\n')\n"
    "signal.pause()\n"
)


@pytest.fixture
def screen() -> Iterator[Screen]:
    screen = Screen()
    yield screen
    screen.close()


@pytest.fixture
def two() -> Iterator[tuple[int, int]]:
    """Two stages that sleep."""
    pids = _sleeper(), _sleeper()
    yield pids
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _sleeper() -> int:
    return os.posix_spawnp("sleep", ["sleep", "60"], {"PATH": os.environ["PATH"]})


def stop(pid: int) -> None:
    """Stop a child of ours, and take note of it as a shell does."""
    os.kill(pid, signal.SIGSTOP)
    assert os.WIFSTOPPED(os.waitpid(pid, os.WUNTRACED)[1])


def stages(pids: tuple[int, int], *stopped: int) -> Leaders:
    made = Leaders(("sleep", "sleep"), 0.0)
    for pid in pids:
        made.add(pid)
    made.stopped.update(stopped)
    return made


def start(screen: Screen, folder: Path, first: str, last: str) -> tuple[int, int, int]:
    """Start a pipeline of two programs; return the pids of both, and the guardian's."""
    (folder / "first").write_text(first)
    (folder / "last").write_text(last)
    python = sys.executable
    screen.start(f"runwrap pipe '{python} {folder}/first | {python} {folder}/last'")
    said = screen.expect("(first|last)[ 0-9]*\r\n.*(first|last)[ 0-9]*\r\n").split()
    one, other = said.index("first"), said.index("last")
    return int(said[one + 1]), int(said[other + 1]), int(said[other + 2])


def start_and_stop_the_first(screen: Screen, folder: Path) -> tuple[int, int]:
    """Start a reader and a teller; stop the reader, of which the guardian then knows."""
    first, last, guardian = start(screen, folder, READER, TELLER)
    os.kill(first, signal.SIGSTOP)
    wait_for_state(first, "T")
    os.kill(guardian, signal.SIGUSR1)
    screen.expect("told\r\n")  # the guardian has looked round before it handed that on
    return first, last


def test_who_was_continued_while_another_is_stopped_keeps_the_job_running(
    two: tuple[int, int],
) -> None:
    stop(two[0])
    os.kill(two[0], signal.SIGCONT)
    stop(two[1])
    assert not stages(two, *two).are_stopped_by(signal.SIGSTOP)


def test_a_job_of_which_every_stage_stays_stopped_is(two: tuple[int, int]) -> None:
    stop(two[0])
    stop(two[1])
    assert stages(two, *two).are_stopped_by(signal.SIGSTOP)


def test_the_first_that_obeys_the_terminal_tells_of_the_job(two: tuple[int, int]) -> None:
    stop(two[0])
    assert stages(two, two[0]).are_stopped_by(signal.SIGTSTP)


def test_a_job_is_not_stopped_whose_stages_have_been_continued_since(two: tuple[int, int]) -> None:
    stop(two[0])
    os.kill(two[0], signal.SIGCONT)
    assert not stages(two, two[0]).are_stopped_by(signal.SIGTSTP)


def test_a_stage_that_somebody_stops_and_continues_still_reads_while_another_is_stopped(
    screen: Screen, tmp_path: Path
) -> None:
    first, last = start_and_stop_the_first(screen, tmp_path)
    os.kill(first, signal.SIGCONT)
    os.kill(last, signal.SIGSTOP)
    wait_for_state(last, "T")
    screen.type("text\n")
    screen.expect("got text\r\n")
    screen.type(CTRL_Z)
    assert "Stopped" in screen.expect(PROMPT)
    screen.fg("runwrap pipe ")
    screen.type(CTRL_C)
    screen.expect(PROMPT)


def test_the_shell_gets_the_terminal_when_the_last_stage_that_was_not_stopped_ends(
    screen: Screen, tmp_path: Path
) -> None:
    _first, last = start_and_stop_the_first(screen, tmp_path)
    os.kill(last, signal.SIGKILL)
    assert "Stopped" in screen.expect(PROMPT)
    screen.start("fg")
    screen.expect("runwrap pipe .*\r\n")
    screen.type("text\n")
    screen.expect("got text\r\n")


def test_a_job_that_is_continued_in_the_moment_it_has_to_stop_runs_on(
    screen: Screen, tmp_path: Path
) -> None:
    (tmp_path / "first").write_text(CONTINUER)
    fifo(tmp_path, "pid")
    screen.run(f"cd {tmp_path}")
    last = "sh -c 'echo $$ >pid; exec sleep 60'"
    screen.start(f"runwrap pipe -t 2 -- {sys.executable} first '|' {last}")
    screen.expect("on\r\n")
    screen.type(CTRL_Z)
    if "late" in screen.expect("late|in time"):
        pytest.skip("the machine is too busy for that")
    screen.expect("timed out after 2 s.*; sent TERM\r\n")


@pytest.mark.parametrize("command", ["", "pipe "], ids=["one command", "pipeline"])
def test_when_the_guardian_of_a_stopped_job_is_killed_fg_ends_the_job(
    screen: Screen, tmp_path: Path, command: str
) -> None:
    (tmp_path / "it").write_text(TELLER)
    screen.start(f"runwrap {command}-- {sys.executable} {tmp_path}/it")
    guardian = int(screen.expect("last[ 0-9]*\r\n").split()[-1])
    screen.type(CTRL_Z)
    assert "Stopped" in screen.expect(PROMPT)
    os.kill(guardian, signal.SIGKILL)
    told = screen.run("fg")
    assert "was killed by signal 9; what was running has been killed" in told
    assert screen.run("echo $?") == "125\n"


def test_a_stage_that_was_stopped_with_runwrap_is_continued_with_it(
    screen: Screen, tmp_path: Path
) -> None:
    (tmp_path / "first").write_text("import signal; signal.signal(20, signal.SIG_IGN)\n" + TELLER)
    # One that reads would be stopped again at once, for being in the background.
    (tmp_path / "last").write_text(READER.replace("tty.readline()", "b''"))
    python = sys.executable
    screen.start(f"echo | runwrap pipe '{python} {tmp_path}/first | {python} {tmp_path}/last'")
    said = screen.expect("(first|last)[ 0-9]*\r\n.*(first|last)[ 0-9]*\r\n").split()
    ignores, guardian = map(int, said[said.index("last") + 1 :][:2])
    obeys = int(said[said.index("first") + 1])
    front = int(Path(f"/proc/{guardian}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(ignores, signal.SIGSTOP)
    wait_for_state(ignores, "T")
    os.kill(guardian, signal.SIGCHLD)
    os.kill(ignores, signal.SIGCONT)
    screen.type(CTRL_Z)
    wait_for_state(obeys, "T")
    wait_for_state(front, "T")
    os.kill(front, signal.SIGCONT)
    try:
        wait_for_state(obeys, "RSD")
    finally:
        os.kill(front, signal.SIGKILL)  # it is in the background, where no hang-up ends it
