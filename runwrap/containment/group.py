"""The `group` tier, for any POSIX system: the job's session and process group, and what is found.

The leader is left a zombie until the end: while it is unreaped its number can't be another's. A
daemon that left the group before anyone looked is out of reach, and nothing tells of its end.
"""

import errno
import os

from runwrap.containment import GROUP, LEADER, Containment, send
from runwrap.model.signals import CONT, KILL, STOP
from runwrap.native.process_entry import ProcessEntry
from runwrap.native.processes import descendants, refusal, signal_each, snapshot

_CAN_PEEK = hasattr(os, "waitid")  # macOS has it from Python 3.13 on


class Group(Containment):
    """A process group, and the descendants that were seen outside it."""

    name = "group"
    poll_interval = 0.02

    def __init__(self) -> None:
        super().__init__()
        self._ended = False
        self._escaped: dict[int, ProcessEntry] = {}

    def reap(self) -> list[tuple[int, int]]:
        found, leader = self._reap_joined(), self._leader
        while not self._ended and (status := self._peek()) is not None:
            found.append((leader, status))
            self._ended = not os.WIFSTOPPED(status)
        if self._ended:
            # Who died since we looked is unreaped yet, and its end untold.
            self.empty = self._is_empty() and not self._joined
        return found

    def forward(self, number: int) -> None:
        if self._leader:
            send(-self._group if self._signal_scope == GROUP else self._leader, number)

    def stop(self, number: int) -> None:
        if self._signal_scope != LEADER and number != STOP:
            # Before anyone is signalled: the children of the dead are nobody's that we could find.
            self._members()
        super().stop(number)

    def stop_strays(self, number: int) -> None:
        if self._signal_scope == LEADER or number == STOP:
            return
        members = self._members()
        strays = [one for one in members if self._signal_scope != GROUP or one.group != self._group]
        signal_each(strays, number, CONT)

    def kill(self) -> None:
        if self._signal_scope == LEADER:
            self.forward(KILL)
            return
        members = self._members()
        if self._made:  # no other group is the job's alone: we may be in it
            self.forward(KILL)
        signal_each(members, KILL)

    def close(self) -> None:
        """Reap the leader at last."""
        leader, self._leader = self._leader, 0
        if leader:
            self.wait(leader, 0 if self._ended else os.WNOHANG)

    def _reap_joined(self) -> list[tuple[int, int]]:
        """Reap what was started besides the leader, whose number still pins the group."""
        found = []
        for pid in tuple(self._joined):
            ended, status = self.wait(pid, os.WNOHANG | self._stops)
            if ended:
                found.append((pid, status))
                if not os.WIFSTOPPED(status):
                    self._joined.discard(pid)
        return found

    def _peek(self) -> int | None:
        """Return the leader's wait status if it changed, without reaping it where we can."""
        if not _CAN_PEEK:
            pid, status = os.waitpid(self._leader, os.WNOHANG | self._stops)
            if pid and not os.WIFSTOPPED(status):
                self._leader = 0
            return status if pid else None
        if self._stops and (stop := self._peek_at_stop()):
            return stop << 8 | 0x7F
        ended = os.waitid(os.P_PID, self._leader, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if not ended:
            return None
        if ended.si_code == os.CLD_EXITED:
            return ended.si_status << 8
        return ended.si_status | (0x80 if ended.si_code == os.CLD_DUMPED else 0)

    def _peek_at_stop(self) -> int:
        """Return the signal that has stopped the leader since we last looked, 0 for none."""
        try:
            stopped = os.waitid(os.P_PID, self._leader, os.WSTOPPED | os.WNOHANG)
        except ChildProcessError:  # it is a zombie, which won't be stopped any more
            return 0
        return stopped.si_status if stopped else 0

    def _is_empty(self) -> bool:
        try:
            snapshot()
        except OSError:
            # Blind: only a group that is gone with its leader is known to be empty.
            self.close()
            return not self._made or refusal(-self._group) == errno.ESRCH
        return not self._members()

    def _members(self) -> "list[ProcessEntry]":
        """Return what runs of the job: in its group or session, below us, or seen there before."""
        try:
            table, below = snapshot(), descendants()
        except OSError:  # the process table can't be read: the group is all we have
            return []
        for one in below:
            self._escaped[one.pid] = one
        escaped = self._escaped.items()
        self._escaped = {pid: table[pid] for pid, one in escaped if one.is_same(table.get(pid))}
        # 0 is no group of ours, but everyone's whose leader is outside of our PID namespace.
        mine = (self._leader and self._made) or -1
        found = {pid: one for pid, one in table.items() if mine in (one.group, one.session)}
        return [one for one in (found | self._escaped).values() if not one.dead]
