"""What the front does when its guardian was killed: kill all that it inherits."""

import time

from runwrap.model.escalation import KILL_PULSE, SWEEP_LIMIT
from runwrap.model.signals import KILL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.containment.contract import Containment
    from runwrap.engine.scene import Scene
    from runwrap.model.outcome import Process
    from runwrap.native import SignalQueue


def sweep(scene: "Scene", containment: "Containment") -> "tuple[Process, ...]":
    """Kill the job that has become ours, give the terminal back, and return what is left."""
    kill_all(containment, scene.queue, SWEEP_LIMIT)
    if scene.terminal:
        scene.terminal.held = scene.terminal.apart
        scene.terminal.finish(ended_by=KILL, stopped_by_us=True)
    survivors = () if containment.empty else containment.survivors()
    containment.close()
    return survivors


def kill_all(containment: "Containment", queue: "SignalQueue", limit: float) -> None:
    """Kill everything of a job, round by round, until nothing is left or `limit` seconds passed."""
    end = time.monotonic() + limit
    containment.reap()
    while not containment.empty and time.monotonic() < end:
        containment.kill()
        queue.wait(KILL_PULSE)
        containment.reap()
