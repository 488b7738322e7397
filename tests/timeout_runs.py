"""Starting a row of the timeout table, and looking at what comes of it."""

import os
import resource
import select
import signal
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tests.end_of_file import at_end_of_file
from tests.support import PATIENCE, Result, Running, fifo, wait_for_state
from tests.timeout_rows import Ending, Row

IN_SHELL = ("sh", "-c", '"$@"; exit $?', "sh")


def run(row: Row, program: Sequence[str], folder: Path, within: float = PATIENCE) -> Ending:
    """Run a row to its end; what still runs `within` so many seconds after it was left."""
    for name, text, mode in row.files:
        (folder / name).write_text(text)
        (folder / name).chmod(mode)
    # Opened for both, so that no command waits to open it.
    ready = os.open(fifo(folder, "ready"), os.O_RDWR | os.O_CLOEXEC)
    given, hold = _input(row.stdin)
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    try:
        running = _start(row, program, folder, given)
        os.close(given)
        proof = os.dup(running.lifeline.read)
        for step in row.sends:
            if _wait_for_line(ready, running):
                _send(step, running)
        stopped = _was_stopped(running)
        result = running.wait(all_dead_within=within)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        os.close(hold)
        os.close(ready)
    _wait_for_all_dead(proof)
    return _ending(result, stopped)


def number(name: str) -> int:
    """Return a signal's number: INT, RTMIN+1."""
    base, _, more = name.partition("+")
    return int(signal.Signals[f"SIG{base}"]) + int(more or 0)


def _input(text: str) -> tuple[int, int]:
    """Return what a row reads, and what keeps it from its end until that is closed."""
    read, write = os.pipe()
    if not text:
        return read, write
    os.write(write, text.encode())
    os.close(write)
    return read, os.open(os.devnull, os.O_RDONLY)


def _start(row: Row, program: Sequence[str], folder: Path, given: int) -> Running:
    env = {"LC_ALL": "C"}
    for name, value in row.env:
        env[name] = value.replace("{folder}", str(folder)).replace("{PATH}", os.environ["PATH"])
    return Running(
        *row.words,
        program=(*IN_SHELL, *program) if row.in_shell else program,
        env=env,
        cwd=folder,
        stdin=given,
        before=partial(_enter, row),
    )


def _enter(row: Row) -> None:
    """Set, in the child, what timeout is to find; nothing of our own caller gets through."""
    for every in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(every, signal.SIG_DFL)
    for name in row.ignored:
        signal.signal(number(name), signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, [number(name) for name in row.blocked])
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    # 1 is what also keeps the kernel from piping a dump to a program.
    few = 1 if most == resource.RLIM_INFINITY else min(1, most)
    resource.setrlimit(resource.RLIMIT_CORE, (most if row.core else few, most))


def _wait_for_line(ready: int, running: Running) -> bool:
    """Tell whether the command wrote its next line; timeout's end is the other way out."""
    pidfd = os.pidfd_open(running.pid)
    try:
        known, _, _ = select.select([ready, pidfd], [], [], PATIENCE)
    finally:
        os.close(pidfd)
    return ready in known and os.read(ready, 1) == b"\n"


def _send(step: Sequence[str], running: Running) -> None:
    """Send signals one after another: together, they would be taken in any order."""
    for name in step:
        _wait_until_asleep(running.pid)
        os.kill(running.pid, number(name))  # not yet waited for, so it is nobody else's


def _wait_until_asleep(pid: int) -> None:
    """Wait until timeout itself waits, having done what the last signal woke it for.

    The command can speak before timeout is back from its fork; GNU's 9.1 then loses a signal.
    """
    wait_for_state(pid, "STZ")


def _was_stopped(running: Running) -> bool:
    """Wait until timeout has ended or was stopped, and end what was; SIGCHLD is blocked."""
    watch = os.WEXITED | os.WSTOPPED | os.WNOWAIT | os.WNOHANG
    until = time.monotonic() + PATIENCE
    while not (state := os.waitid(os.P_PID, running.pid, watch)):
        if not signal.sigtimedwait({signal.SIGCHLD}, max(0.0, until - time.monotonic())):
            return False
    stopped = state.si_code == os.CLD_STOPPED
    if stopped:
        os.killpg(running.pid, signal.SIGKILL)
    return stopped


def _wait_for_all_dead(proof: int) -> None:
    """What was left ends with its input; a row that leaves something behind for good is broken."""
    gone = at_end_of_file(proof, PATIENCE)
    os.close(proof)
    assert gone, "the row left something running"


def _ending(result: Result, stopped: bool) -> Ending:
    if stopped:
        return Ending(stopped=True)
    return Ending(result.status, result.out, result.err, left=not result.all_dead)
