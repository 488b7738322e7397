"""The guardian of the `strict` tier: PID 1 of a namespace that the front stays outside of.

The kernel kills all that is inside when PID 1 ends, and reports its end only when they have ended.
PID 1 itself is killed by the kernel when the front ends, whatever either of them is doing.
"""

import fcntl
import os
import select

from runwrap.guard.channel import Channel
from runwrap.launch import NEW_SESSION, Placement
from runwrap.model.signals import CHLD, KILL
from runwrap.native import signal_at_parents_death


def raise_signal_for(pipe: int) -> None:
    """In the front: have SIGCHLD come when something is written to a pipe, read without blocking.

    From inside the namespace nobody can signal the front.
    """
    fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(pipe, fcntl.F_SETSIG, CHLD)
    fcntl.fcntl(pipe, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)


def become_init(placement: "Placement", channel: "Channel | None", outbox: int) -> None:
    """In the guardian: take its place, and end with the front, which reads from `outbox`."""
    if placement.place == NEW_SESSION:
        os.setsid()
    elif not placement.shares_group:
        os.setpgid(0, 0)
    # else we stay in the front's group: from in here nobody could name it to join it.
    placement.group = os.getpgrp()
    signal_at_parents_death(KILL)
    if _has_no_reader(outbox):
        os._exit(0)  # the front was dead already, and getppid is 0 in any case
    if channel:
        channel.take_guardians_side(placement)


def _has_no_reader(pipe: int) -> bool:
    poll = select.poll()
    poll.register(pipe, select.POLLOUT)
    return any(event & select.POLLERR for _, event in poll.poll(0))
