"""Keeping hold of every process of a job, behind one contract."""

import os
import time

from runwrap.model.escalation import KILL_INTERVAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.containment.contract import Containment
    from runwrap.native import SignalQueue

GROUP, MEMBERS, LEADER = "group", "members", "leader"  # how far a signal to the job reaches


def send(target: int, number: int) -> None:
    """Signal an unreaped child, or a process group by its negative number.

    What is gone needs no signal; what may not be signalled is named at the end, if it stays.
    """
    try:
        os.kill(target, number)
    except (ProcessLookupError, PermissionError):
        return


def kill_all(
    containment: "Containment", queue: "SignalQueue", limit: float
) -> list[tuple[int, int]]:
    """Kill everything of a job, round by round, until nothing is left or `limit` seconds passed.

    It is the last resort, of which nobody decides any more; and our own files may be gone.
    Return the pid and the wait status of each process that was adopted and has ended.
    """
    from contextlib import suppress

    end = time.monotonic() + limit
    ended = containment.reap()
    while not containment.empty and time.monotonic() < end:
        with suppress(ImportError):  # what can be done with no more than is loaded has been done
            containment.kill()
        queue.wait(KILL_INTERVAL)
        ended += containment.reap()
    return ended
