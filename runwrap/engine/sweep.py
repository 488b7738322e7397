"""The sweep without a policy: for a job that nobody decides about any more."""

import time

from runwrap.model.escalation import KILL_PULSE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.containment.contract import Containment
    from runwrap.native import SignalQueue


def kill_all(containment: "Containment", queue: "SignalQueue", limit: float) -> None:
    """Kill everything of a job, round by round, until nothing is left or `limit` seconds passed."""
    end = time.monotonic() + limit
    containment.reap()
    while not containment.empty and time.monotonic() < end:
        containment.kill()
        queue.wait(KILL_PULSE)
        containment.reap()
