"""Starting a command by fork and execve, where it needs what posix_spawn can't set."""

import os

from runwrap.launch import NEW_SESSION, OWN_GROUP, StartError, blame
from runwrap.model.outcome import Failure
from runwrap.model.signals import CHLD, INT, signal
from runwrap.native.descriptors import pipe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from runwrap.launch import Launch, Program


def start(
    launch: "Launch",
    program: "Program",
    files: dict[int, int],
    path: str,
    argv: tuple[str, ...],
) -> int:
    """Start the file `path` by fork and execve; an error in the child comes through a pipe."""
    try:
        read, write = pipe()
        pid = os.fork()
    except OSError as failed:
        raise blame("fork", program[0][0], failed) from failed
    if pid == 0:
        _become(launch, program, files, path, argv, write)
    os.close(write)
    with open(read, "rb") as told:
        report = told.read()
    if not report:
        return pid
    os.waitpid(pid, 0)
    step, _, number = report.decode().partition(" ")
    error = OSError(int(number), os.strerror(int(number)), path)
    if step == "exec" and error.errno:
        raise error
    plan = launch.plan
    subject = {"chdir": plan.chdir, "nice": plan.nice, "containment": plan.contain}.get(step, path)
    detail = "" if error.errno else "the new process failed in a way that is not known"
    raise StartError(Failure(step=step, subject=str(subject), errno=int(number), detail=detail))


def _become(
    launch: "Launch",
    program: "Program",
    files: dict[int, int],
    path: str,
    argv: tuple[str, ...],
    report: int,
) -> "NoReturn":
    """Become the command, or write `step errno` to the pipe `report` and end.

    The number is 0 for what the system didn't say: no memory is left for Python, perhaps.
    Every signal is still blocked, so none that is meant for the command can be lost.
    """
    step, number = "fork", 0
    try:
        if launch.cgroup is not None:
            from runwrap.native.linux_cgroups import join

            step = "containment"
            join(launch.cgroup)
        step = "place"
        _take_place(launch)
        for target, fd in files.items():
            os.dup2(fd, target)
        if launch.plan.chdir is not None:
            step = "chdir"
            os.chdir(launch.plan.chdir)
        if launch.plan.umask is not None:
            os.umask(launch.plan.umask)
        if launch.plan.nice is not None:
            step = "nice"
            os.nice(launch.plan.nice)
        step = "signals"
        _restore_signals(launch)
        step = "exec"
        os.execve(path, argv, program[1])
    except OSError as error:
        number = error.errno or 0
    finally:
        os.write(report, f"{step} {number}".encode())
        os._exit(127)


def _take_place(launch: "Launch") -> None:
    if launch.place == NEW_SESSION:
        os.setsid()
    elif launch.place == OWN_GROUP:
        os.setpgid(0, 0)
    elif launch.group:
        os.setpgid(0, launch.group)
    if launch.terminal is not None:
        # SIGTTOU is blocked here, or this would stop us: we aren't in the foreground yet.
        os.tcsetpgrp(launch.terminal, os.getpid())


def _restore_signals(launch: "Launch") -> None:
    launch.queue.release()
    for number in {INT, *launch.caller.changed()} - launch.caller.ignored:
        signal.signal(number, signal.SIG_DFL)
    if CHLD in launch.caller.ignored:
        signal.signal(CHLD, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, launch.caller.blocked)
