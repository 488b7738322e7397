"""The last resort: to kill all of a job, which nobody decides about any more.

A plain run has loaded this, whatever has failed: our own files may be gone.
"""

import time

from runwrap.model.escalation import KILL_INTERVAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.containment.contract import Containment
    from runwrap.native import SignalQueue


def kill_all(
    containment: "Containment", queue: "SignalQueue", limit: float
) -> list[tuple[int, int]]:
    """Kill everything of a job, round by round, until nothing is left or `limit` seconds passed.

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
