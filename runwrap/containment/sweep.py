"""The last resort: to kill all of a job, which nobody decides about any more.

A plain run has loaded this, whatever has failed: our own files may be gone.
"""

import time

from runwrap.model.escalation import KILL_INTERVAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.containment.contract import Containment
    from runwrap.native import SignalQueue


def kill_all(containment: "Containment", queue: "SignalQueue", limit: float) -> None:
    """Kill everything of a job, round by round, until nothing is left or `limit` seconds passed."""
    from contextlib import suppress

    end = time.monotonic() + limit
    containment.reap()
    while not containment.empty and time.monotonic() < end:
        with suppress(ImportError):  # what can be done with no more than is loaded has been done
            containment.kill()
        queue.wait(KILL_INTERVAL)
        containment.reap()
