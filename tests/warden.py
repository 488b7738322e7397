"""Runs runwrap against one adversary, as a process of its own, and tells what outlived it.

It is a child subreaper: whatever escapes runwrap becomes its child, so that waitpid counts it, and
is killed by its pid. Reads a JSON object (see `Arsenal.attack`) and prints one (`Verdict`).
Standard library only: it runs without site.
"""

import ctypes
import json
import os
import select
import signal
import sys
import time

from tests.end_of_file import at_end_of_file
from tests.striking import strike

PR_SET_CHILD_SUBREAPER = 36
PATIENCE = 15.0  # seconds until runwrap hangs; below the adversaries' lifetime
NAMED = 5  # processes that are told at most
CLEANING = 25.0  # seconds; above the adversaries' lifetime


def main() -> None:
    attack = json.load(sys.stdin)
    if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        sys.exit("no child subreaper")
    lifeline, lifeline_end = os.pipe()
    ready, ready_end = os.pipe()
    _output, output_end = os.pipe()  # never read: whoever writes much blocks
    errors = os.memfd_create("errors", 0)
    start = time.monotonic()
    pid = os.fork()
    if pid == 0:
        become_runwrap(attack, lifeline_end, ready_end, output_end, errors)
    for descriptor in (lifeline_end, ready_end, output_end):
        os.close(descriptor)
    is_ready = attack["wait"] and wait_until_ready(pid, ready)
    if is_ready and attack["terminate"]:
        os.kill(pid, signal.SIGTERM)
    struck = 0.0
    if attack["victims"]:
        # The moment is what the test varies; nothing waits by this.
        in_time = not wait_for_end(pid, attack["delay"])
        struck = time.monotonic() if in_time and strike(pid, attack["victims"]) else 0.0
    hung = not wait_for_end(pid)
    # Before runwrap is reaped, and before anything else: this is the moment that is judged.
    alive = not at_end_of_file(lifeline, attack["aftermath"])
    end = time.monotonic()
    if hung:
        os.kill(pid, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    left = clean_up()
    verdict = {
        "status": status,
        "alive": alive,
        "left": left,
        "hung": hung,
        "ready": bool(is_ready),
        "elapsed": end - start,
        "outlived": end - struck if struck else None,
        "said": os.pread(errors, 4096, 0).decode(errors="replace"),
    }
    print(json.dumps(verdict))


def become_runwrap(
    attack: "dict[str, object]", lifeline: int, ready: int, output: int, errors: int
) -> None:
    """In the forked child: take the user's place, and execute runwrap."""
    try:
        command, user = attack["command"], attack["user"]
        assert isinstance(command, list)
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(output, 1)
        os.dup2(errors, 2)
        for descriptor in (lifeline, ready):
            os.set_inheritable(descriptor, True)
        names = {
            "LIFELINE_FD": str(lifeline),
            "READY_FD": str(ready),
            "WARDEN_PID": str(os.getppid()),
        }
        os.chdir("/")
        if isinstance(user, int):
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
        os.execve(command[0], command, dict(os.environ) | names)
    finally:
        os._exit(98)


def wait_until_ready(pid: int, ready: int) -> bool:
    """Wait for the adversary's word; False if runwrap ended, or all who could speak, before it."""
    ended = os.pidfd_open(pid)
    poll = select.poll()
    poll.register(ready, select.POLLIN)
    poll.register(ended, select.POLLIN)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        events = dict(poll.poll(100))
        if events.get(ready, 0) & select.POLLIN:
            return True
        if events:
            return False
        continue_if_stopped(pid)
    return False


def wait_for_end(pid: int, seconds: float = PATIENCE) -> bool:
    """Wait for runwrap's end without reaping it; continue it whenever somebody stopped it."""
    poll = select.poll()
    poll.register(os.pidfd_open(pid), select.POLLIN)
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if poll.poll(min(50.0, left * 1000)):
            return True
        continue_if_stopped(pid)
    return False


def continue_if_stopped(pid: int) -> None:
    try:
        if os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOHANG):
            os.kill(pid, signal.SIGCONT)
    except ChildProcessError:
        return  # it has ended meanwhile, and can't stop any more


def clean_up() -> "list[str]":
    """Name every child that runwrap's end has left to us, then kill and reap until none is left.

    An unreaped child pins its pid, so nobody else can be hit.
    """
    named: dict[int, str] = {}
    end = time.monotonic() + CLEANING
    while time.monotonic() < end:
        for pid in children():
            if pid not in named:
                named[pid] = describe(pid)
            os.kill(pid, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return list(named.values())[:NAMED]
        select.select([], [], [], 0.001)
    return [*named.values(), "could not be killed"][-NAMED:]


def children() -> "list[int]":
    with open("/proc/thread-self/children") as file:
        return [int(pid) for pid in file.read().split()]


def describe(pid: int) -> str:
    """Return a child's state and arguments: a zombie has only its name left."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            state = file.read().rpartition(")")[2].split()[0]
        with open(f"/proc/{pid}/cmdline") as file:
            command = file.read().replace("\0", " ").strip()
    except FileNotFoundError:
        return f"{pid} gone"
    return f"{pid} {state} {command or 'zombie'}"


if __name__ == "__main__":
    main()
