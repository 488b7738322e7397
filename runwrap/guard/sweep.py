"""The last resort: to kill all of a job, which nobody decides about any more.

Whatever has failed, a plain run has loaded this: our own files may be gone.
"""

import time

from runwrap.model.escalation import KILL_INTERVAL, SWEEP_LIMIT
from runwrap.model.signals import KILL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.containment.contract import Containment
    from runwrap.launch.scene import Scene
    from runwrap.model.outcome import Process
    from runwrap.native import SignalQueue


def kill_all(containment: "Containment", queue: "SignalQueue", limit: float) -> None:
    """Kill everything of a job, round by round, until nothing is left or `limit` seconds passed."""
    from contextlib import suppress

    end = time.monotonic() + limit
    containment.reap()
    while not containment.empty and time.monotonic() < end:
        with suppress(ImportError):  # what it can do with no more than is loaded is done
            containment.kill()
        queue.wait(KILL_INTERVAL)
        containment.reap()


def sweep(scene: "Scene", containment: "Containment") -> "tuple[Process, ...]":
    """In a front whose guardian was killed: kill the job that it has inherited.

    Give the terminal back, and return what is left.
    """
    kill_all(containment, scene.queue, SWEEP_LIMIT)
    if scene.terminal:
        scene.terminal.held = scene.terminal.apart
        scene.terminal.finish(ended_by=KILL, stopped_by_us=True)
    survivors = () if containment.empty else containment.survivors()
    containment.close()
    return survivors
