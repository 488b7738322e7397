"""--die-with-parent: when the process that started runwrap ends, the job does."""

import os

from runwrap.launch import StartError
from runwrap.model.outcome import Failure
from runwrap.model.signals import CHLD, KILL, signal
from runwrap.native import signal_at_parents_death


def follow_parent() -> int:
    """Have SIGCHLD come when our parent dies. Return its pid, for getppid.

    On SIGCHLD, compare it with what that returns by then.
    The kernel sends it for the end of the thread that started us, too: it only means "look". Until
    somebody waits for that signal we end by ourselves. Return 0 where the parent is beyond our PID
    namespace, and has no pid to compare: then even its thread's end kills us.
    """
    parent = os.getppid()

    def look(_number: int, _frame: object) -> None:
        if os.getppid() != parent:
            os.kill(os.getpid(), KILL)

    signal.signal(CHLD, look)
    if not signal_at_parents_death(CHLD if parent else KILL):
        detail = "this system does not tell of a parent's death"
        raise StartError(Failure(step="parent", subject="--die-with-parent", detail=detail))
    look(CHLD, None)  # it may have died before
    return parent
