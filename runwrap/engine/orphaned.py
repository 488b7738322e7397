"""What the front does when its guardian was killed: kill all that it inherits."""

from runwrap.engine.sweep import kill_all
from runwrap.model.escalation import SWEEP_LIMIT
from runwrap.model.signals import KILL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.containment.contract import Containment
    from runwrap.engine.scene import Scene
    from runwrap.model.outcome import Process


def sweep(scene: "Scene", containment: "Containment") -> "tuple[Process, ...]":
    """Kill the job that has become ours, give the terminal back, and return what is left."""
    kill_all(containment, scene.queue, SWEEP_LIMIT)
    if scene.terminal:
        scene.terminal.held = scene.terminal.apart
        scene.terminal.finish(ended_by=KILL, stopped_by_us=True)
    survivors = () if containment.empty else containment.survivors()
    containment.close()
    return survivors
