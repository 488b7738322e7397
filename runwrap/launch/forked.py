"""Starting a command by fork and execve, where it needs what posix_spawn can't set."""

import os

from runwrap.launch import NEW_SESSION, OWN_GROUP, StartError, blame
from runwrap.model.outcome import Failure
from runwrap.model.signals import CHLD, INT, TSTP, signal
from runwrap.native.descriptors import pipe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

    from runwrap.launch import ChildSetup

_CGROUP = "reaper+cgroup"  # the one tier whose processes join a cgroup
# How a process does what the plan's `settings` ask for.
_SETTERS: "dict[str, Callable[[Any], object]]" = {
    "chdir": os.chdir, "umask": os.umask, "nice": os.nice,
}  # fmt: skip


def start(path: str, argv: tuple[str, ...], setup: "ChildSetup") -> int:
    """Start the file `path` by fork and execve; an error in the child comes through a pipe."""
    try:
        read, write = pipe()
        pid = os.fork()
    except OSError as failed:
        raise blame("fork", argv[0], failed) from failed
    if pid == 0:
        _become(path, argv, setup, write)
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
    subject = {"containment": _CGROUP, **dict(setup.settings)}.get(step, path)
    detail = "" if error.errno else "the new process failed in a way that is not known"
    raise StartError(Failure(step=step, subject=str(subject), errno=int(number), detail=detail))


def _become(path: str, argv: tuple[str, ...], setup: "ChildSetup", report: int) -> "NoReturn":
    """Become the command, or write `step errno` to the pipe `report` and end.

    The number is 0 for what the system didn't say: no memory is left for Python, perhaps.
    Every signal is still blocked, so none that is meant for the command can be lost.
    """
    step, number = "fork", 0
    try:
        if setup.cgroup is not None:
            from runwrap.native.linux_cgroups import join

            step = "containment"
            join(setup.cgroup)
        step = "place"
        _take_place(setup)
        for target, fd in setup.files.items():
            os.dup2(fd, target)
        for step, value in setup.settings:
            _SETTERS[step](value)
        step = "signals"
        _restore_signals(setup)
        step = "exec"
        os.execve(path, argv, setup.environment)
    except OSError as error:
        number = error.errno or 0
    finally:
        os.write(report, f"{step} {number}".encode())
        os._exit(127)


def _take_place(setup: "ChildSetup") -> None:
    if setup.place == NEW_SESSION:
        os.setsid()
    elif setup.place == OWN_GROUP:
        os.setpgid(0, 0)
    elif setup.group:
        os.setpgid(0, setup.group)
    if setup.terminal is not None:
        # SIGTTOU is blocked here, or this would stop us: we aren't in the foreground yet.
        os.tcsetpgrp(setup.terminal, os.getpid())


def _lose(_number: int, _frame: object) -> None:
    """Do nothing for a Ctrl-Z just before exec, which takes this handler away.

    Stopped here, the process would keep whoever starts it from watching over the job.
    """


def _restore_signals(setup: "ChildSetup") -> None:
    setup.queue.release()
    for number in {INT, *setup.inherited.changed()} - setup.inherited.ignored:
        signal.signal(number, signal.SIG_DFL)
    if CHLD in setup.inherited.ignored:
        signal.signal(CHLD, signal.SIG_IGN)
    if TSTP not in setup.inherited.ignored:
        signal.signal(TSTP, _lose)
    signal.pthread_sigmask(signal.SIG_SETMASK, setup.inherited.blocked)
