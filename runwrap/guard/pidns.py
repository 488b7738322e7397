"""The guardian of the `strict` tier: PID 1 of a namespace that the front stays outside of.

The kernel kills all that is inside when PID 1 ends, and reports its end only when they have ended.
PID 1 itself is killed by the kernel when the front ends, whatever either of them is doing.
"""

import os

from runwrap.guard.guardian import Front, children_of_the_caller, hand_over, private_pipe
from runwrap.launch import NEW_SESSION, blame
from runwrap.model.outcome import Outcome
from runwrap.model.signals import KILL
from runwrap.native import signal_at_parents_death
from runwrap.native.descriptors import pipe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from runwrap.containment.contract import Containment
    from runwrap.launch.scene import Scene
    from runwrap.watch.terminal_proxy import TerminalChannel


def delegate(scene: "Scene", containment: "Containment", work: "Callable[[], Outcome]") -> Outcome:
    """Do the work as PID 1 of the namespace that was prepared for our next child.

    Raise StartError where it can't be started.
    """
    preexisting = children_of_the_caller()
    channel = _terminal_channel(scene)
    try:
        (inbox, outbox), (seen, held) = private_pipe(), pipe()
        scene.about_to_start()
        guardian = os.fork()
    except OSError as error:
        containment.close()
        raise blame("fork", scene.command, error) from error
    if guardian == 0:
        os.close(held)
        os.close(inbox)
        _become_init(scene, seen, channel)
        hand_over(work(), outbox)
        os._exit(0)
    os.close(outbox)
    if channel:
        channel.init = guardian
    outcome = Front(scene, containment, guardian, inbox, channel, preexisting).wait()
    os.close(held)
    # It has ended, so nothing of its namespace is left, even what it could not kill itself.
    return outcome.replace(survivors=(), proved=True)


def _terminal_channel(scene: "Scene") -> "TerminalChannel | None":
    if scene.terminal is None:
        return None
    from runwrap.watch.terminal_proxy import TerminalChannel

    return TerminalChannel(scene.terminal)


def _become_init(scene: "Scene", front_holds: int, channel: "TerminalChannel | None") -> None:
    if scene.place == NEW_SESSION:
        os.setsid()
    elif not scene.shares_group:
        os.setpgid(0, 0)
    # else we stay in the front's group: from in here nobody could name it to join it.
    scene.group, scene.watched = os.getpgrp(), 0
    scene.queue.front = 0  # as is whoever is outside
    signal_at_parents_death(KILL)
    if _is_closed(front_holds):
        os._exit(0)  # the front was dead already, and getppid is 0 in any case
    if channel:
        channel.take_guardians_side()
        scene.terminal = channel.remote()


def _is_closed(pipe: int) -> bool:
    """Tell whether whoever held the other end of a pipe has ended."""
    os.set_blocking(pipe, False)
    try:
        return os.read(pipe, 1) == b""
    except BlockingIOError:
        return False
    finally:
        os.close(pipe)
