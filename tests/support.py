"""Running runwrap for real, and proving what is left of what it started."""

import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeVar

import pytest

from tests.end_of_file import at_end_of_file

RUNWRAP = str(Path(sys.executable).with_name("runwrap"))
PATIENCE = 30.0  # seconds after which a test gives up on what should have happened long ago
NOWHERE = "/nonexistent/folder"
DEFAULTS: dict[str, str] = {}
"""RUNWRAP_ variables for every run: the fixture `default_tier` sets one."""
Made = TypeVar("Made")


class Lifeline:
    """A pipe that every process of a test inherits: its end-of-file is the proof of their death."""

    def __init__(self) -> None:
        self.read, self.write = os.pipe()
        os.set_inheritable(self.write, True)

    def let_go(self) -> None:
        """Close our own writing end, once what we watch has been started."""
        os.close(self.write)

    def all_dead(self, within: float = 0.0) -> bool:
        """Tell whether every process that inherited the pipe is gone, now or soon."""
        return at_end_of_file(self.read, within)

    def close(self) -> None:
        os.close(self.read)


@dataclass(frozen=True)
class Result:
    """How a run ended; `status` is negative for death by signal, as subprocess has it."""

    status: int
    out: str
    err: str
    all_dead: bool


class Running:
    """A runwrap that runs in the background of a test, in a session of its own."""

    def __init__(
        self,
        *words: str,
        program: Sequence[str] = (RUNWRAP,),
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        stdin: int = subprocess.DEVNULL,
        before: Callable[[], object] | None = None,
        new_session: bool = True,
    ) -> None:
        self._out, self._err = _scratch(), _scratch()
        self.lifeline = Lifeline()
        self.process = subprocess.Popen(
            [*program, *words],
            stdin=stdin,
            stdout=self._out,
            stderr=self._err,
            env=clean_environment() | dict(env or {}),
            cwd=cwd,
            pass_fds=[self.lifeline.write],
            preexec_fn=before,  # noqa: PLW1509 (the tests have one thread)
            start_new_session=new_session,
        )
        self.lifeline.let_go()
        self.pid = self.process.pid

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def wait(self, all_dead_within: float = 0.0) -> Result:
        """Wait for runwrap's end; look for survivors at that very moment."""
        try:
            self.process.wait(PATIENCE)
        except BaseException:  # too late, or the whole test is
            os.killpg(self.pid, signal.SIGKILL)
            raise
        all_dead = self.lifeline.all_dead(all_dead_within)
        self.lifeline.close()
        return Result(self.process.returncode, _text(self._out), _text(self._err), all_dead)


def _scratch() -> IO[bytes]:
    """Return a file for output: a pipe would be held open by what is left running."""
    return tempfile.TemporaryFile()


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    with file:
        return file.read().decode(errors="surrogateescape")


def runwrap(
    *words: str,
    program: Sequence[str] = (RUNWRAP,),
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdin: int = subprocess.DEVNULL,
    before: Callable[[], object] | None = None,
) -> Result:
    """Run runwrap to its end, without a terminal."""
    return Running(*words, program=program, env=env, cwd=cwd, stdin=stdin, before=before).wait()


def clean_environment() -> dict[str, str]:
    """Return our environment without what would change runwrap's defaults, but for DEFAULTS."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("RUNWRAP_")}
    return ours | DEFAULTS


def sh(script: str) -> tuple[str, str, str]:
    """Return the words that run a shell script."""
    return ("sh", "-c", script)


def python(code: str) -> tuple[str, str, str, str]:
    """Return the words that run Python code, without site: it starts twice as fast."""
    return (sys.executable, "-IS", "-c", code)


def fifo(folder: Path, name: str = "fifo") -> str:
    """Make a FIFO: opening it for reading waits for a writer, which is how tests wait."""
    path = folder / name
    os.mkfifo(path)
    return str(path)


def in_tiers(*tiers: str) -> pytest.MarkDecorator:
    """Mark a test of what is specified for every job: it is run in these tiers as well."""
    return pytest.mark.parametrize("default_tier", ["auto", *tiers], indirect=True)


def block(*numbers: int) -> Callable[[], object]:
    """Return what blocks signals in runwrap, and so in the command from its first moment on."""
    return lambda: signal.pthread_sigmask(signal.SIG_BLOCK, numbers)


def ignore(*numbers: int) -> Callable[[], object]:
    """Return what has signals ignored in runwrap and the command: a shell can't undo that."""
    return lambda: [signal.signal(number, signal.SIG_IGN) for number in numbers]


def ready_in_time(attempt: Callable[[float], Made | None]) -> Made:
    """Return what an attempt makes of a time limit that was long enough to get ready.

    Nothing makes a limit wait for a command that is slow to start. So an attempt returns None if
    the limit came first, which is no failure of runwrap's, and gets a longer one.
    """
    for limit in (0.3, 1.0, 3.0, 10.0):
        if (made := attempt(limit)) is not None:
            return made
    raise AssertionError("it was not ready within 10 seconds")


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Wait for something that no pipe tells of."""
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, f"not within {PATIENCE:g} s: {what}"
        os.sched_yield()


def wait_for_state(pid: int, among: str) -> None:
    """Wait until a process is in one of some states, which are letters."""
    stat = Path(f"/proc/{pid}/stat")
    wait_until(
        lambda: stat.read_text().rpartition(")")[2].split()[0] in among,
        f"process {pid} in one of the states {among}",
    )


def read_line(path: str) -> str:
    """Wait for somebody to open a FIFO and write a line to it."""
    line, until = b"", time.monotonic() + PATIENCE
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb", buffering=0) as file:
        while not line.endswith(b"\n"):
            # A FIFO that had no writer yet is not readable, unlike one whose writer is gone.
            left = max(0.0, until - time.monotonic())
            assert select.select([file], [], [], left)[0], f"no line from {path}, only {line!r}"
            if not (byte := file.read(1)):
                break
            line += byte
    return line.decode().rstrip("\n")
