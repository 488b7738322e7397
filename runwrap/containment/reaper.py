"""The `reaper` tier: orphans of the job become our children, and we reap until none is left.

ECHILD from waitpid is the proof that nothing is left: no scan of the process table can be one.
"""

import os

from runwrap.containment import send
from runwrap.model.durations import INFINITE
from runwrap.model.signals import CONT, KILL
from runwrap.native import children, own_children

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.model.outcome import Process
    from runwrap.native.seen import Seen


class Reaper:
    """A child subreaper, as PID 1 is one by nature."""

    name = "reaper"
    pulse = INFINITE

    def __init__(self) -> None:
        self.empty = False
        self._leader = 0  # 0 once it is reaped: only before is its process group surely ours
        self._group = 0
        self._strangers: set[int] = set()
        self._wait_for = os.WNOHANG

    def prepare(self) -> None:
        """Note the children that whoever executed us had already: they are not ours to end."""
        try:
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if os.getpid() != 1:
            self._strangers = set(self._children())

    def adopt(self, leader: int, group: int, *, stops: bool) -> None:
        self._leader, self._group = leader, group
        if stops:
            self._wait_for |= os.WUNTRACED

    def reap(self) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        while True:
            try:
                pid, status = os.waitpid(-1, self._wait_for)
            except ChildProcessError:
                self.empty = True
                return found
            if pid == 0:
                break
            if pid == self._leader:
                found.append((pid, status))
            if not os.WIFSTOPPED(status):
                self._strangers.discard(pid)
                self._leader = 0 if pid == self._leader else self._leader
        if self._strangers:
            self.empty = not self._children()
        return found

    def forward(self, number: int) -> None:
        if self._leader:
            send(-self._group if self._group else self._leader, number)
        elif self._group and self._group in map(_group_of, self._children()):
            send(-self._group, number)
        if not self._group:
            self._forward_in_our_group(number)

    def _forward_in_our_group(self, number: int) -> None:
        """Signal what the job has in the group that we share: others' processes are in it too."""
        ours, leader = os.getpgrp(), self._leader
        if leader and self._children() == [leader] and not children(leader):
            return
        from runwrap.native.processes import signal_each

        found = self._descendants()
        signal_each((one for one in found if one.group == ours and one.pid != leader), number)

    def stop(self, number: int) -> None:
        self.forward(number)
        self.forward(CONT)
        leader = self._leader
        if leader and self._children() == [leader] and not children(leader):
            return  # the usual case, told without loading what walks the process table
        from runwrap.native.processes import signal_each

        # The group has it by now; what left the group, or never had one of its own, is looked up.
        outside = [
            one
            for one in self._descendants()
            if one.group != (self._group or os.getpgrp()) and one.pid != leader and not one.dead
        ]
        for signal in (number, CONT):
            signal_each(outside, signal)

    def kill(self) -> None:
        if os.getpid() == 1:
            send(-1, KILL)  # all of our namespace but us, at once: it ends with us anyway
            return
        ours, done = os.getpgrp(), set()
        for pid in self._children():
            # An unreaped child pins its pid, so neither number can be a newcomer's. A group is
            # only killed whole where its child made it, or the session: others may have joined.
            group = _group_of(pid)
            whole = group not in (0, ours) and group in (pid, self._group, _session_of(pid))
            target = -group if whole else pid
            if target not in done:
                done.add(target)
                send(target, KILL)

    def survivors(self) -> "tuple[Process, ...]":
        from runwrap.containment.facts import running

        return running(self._descendants())

    def close(self) -> None:
        """Nothing is held but the children themselves."""

    def _children(self) -> list[int]:
        try:
            return [pid for pid in own_children() if pid not in self._strangers]
        except OSError:  # no /proc, or another namespace's: what we started is all we know
            return [self._leader] if self._leader else []

    def _descendants(self) -> "list[Seen]":
        from runwrap.native.processes import descendants

        try:
            return [one for one in descendants() if one.pid not in self._strangers]
        except OSError:
            return []


def _group_of(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


def _session_of(pid: int) -> int:
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return 0
