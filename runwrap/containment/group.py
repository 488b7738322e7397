"""The `group` tier, for any POSIX system: the job's session and process group, and what is found.

The leader is left a zombie until the end: while it is unreaped its number can't be another's. A
daemon that left the group before anyone looked is out of reach, and nothing tells of its end.
"""

import os

from runwrap.containment import GROUP, LEADER, send
from runwrap.model.signals import CONT, KILL, STOP
from runwrap.native.processes import descendants, signal_each, snapshot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.model.outcome import Process
    from runwrap.native.process_entry import ProcessEntry

_CAN_PEEK = hasattr(os, "waitid")  # macOS has it from Python 3.13 on


class Group:
    """A process group, and the descendants that were seen outside it."""

    name = "group"
    poll_interval = 0.02
    wants_guardian = False
    sealed = False
    cgroup_fd: int | None = None

    def __init__(self) -> None:
        self.empty = False
        self._leader = 0
        self._group = 0
        self._signal_scope = GROUP
        self._pinned = False  # the leader is unreaped
        self._ended = False
        self._stops = 0
        self._escaped: dict[int, ProcessEntry] = {}
        self._joined: set[int] = set()
        self.wait = os.waitpid

    def prepare(self) -> None:
        """Nothing to make: the command is started in a group of its own."""

    def inherit(self, preexisting: frozenset[int]) -> "Group":  # noqa: ARG002
        return self  # without a guardian nobody inherits

    def adopt(self, leader: int, group: int, signal_scope: str, *, stops: bool) -> None:
        self._leader, self._group, self._signal_scope, self._pinned = (
            leader,
            group,
            signal_scope,
            True,
        )
        self._stops = os.WUNTRACED if stops else 0

    def join(self, pid: int) -> None:
        self._joined.add(pid)

    def reap(self) -> list[tuple[int, int]]:
        found = self._reap_joined() if self._joined else []
        while not self._ended and (status := self._peek()) is not None:
            found.append((self._leader, status))
            self._ended = not os.WIFSTOPPED(status)
        if self._ended:
            # Who died since we looked is unreaped yet, and its end untold.
            self.empty = self._is_empty() and not self._joined
        return found

    def forward(self, number: int) -> None:
        if not self._pinned:
            return
        if self._signal_scope == GROUP:
            send(-self._group, number)
        else:
            send(self._leader, number)

    def stop(self, number: int) -> None:
        if self._signal_scope == LEADER or number == STOP:
            self.forward(number)
            return
        # Before anyone is signalled: the children of the dead are nobody's that we could find.
        self._members()
        self.forward(number)
        self.forward(CONT)

    def stop_strays(self, number: int) -> None:
        if self._signal_scope == LEADER or number == STOP:
            return
        members = self._members()
        strays = [one for one in members if self._signal_scope != GROUP or one.group != self._group]
        for signal in (number, CONT):
            signal_each(strays, signal)

    def kill(self) -> None:
        if self._signal_scope == LEADER:
            self.forward(KILL)
            return
        members = self._members()
        if self._group == self._leader:  # no other group is the job's alone: we may be in it
            self.forward(KILL)
        signal_each(members, KILL)

    def running(self) -> "tuple[Process, ...]":
        from runwrap.containment.process_info import process

        return tuple(map(process, self._members()))

    def survivors(self) -> "tuple[Process, ...]":
        from runwrap.containment.process_info import still_running

        return still_running(self._members())

    def close(self) -> None:
        """Reap the leader at last."""
        if self._pinned:
            self._pinned = False
            self.wait(self._leader, 0 if self._ended else os.WNOHANG)

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
            self._pinned = not pid or os.WIFSTOPPED(status)
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
            return not (self._group == self._leader and _exists(self._group))
        return not self._members()

    def _members(self) -> "list[ProcessEntry]":
        """Return what runs of the job: in its group or session, below us, or seen there before."""
        try:
            table, below = snapshot(), descendants()
        except OSError:  # the process table can't be read: the group is all we have
            return []
        for one in below:
            self._escaped[one.pid] = one
        self._escaped = {
            pid: table[pid]
            for pid, one in self._escaped.items()
            if pid in table and table[pid].started == one.started
        }
        mine = self._group == self._leader and self._pinned
        found = {
            pid: one
            for pid, one in table.items()
            if mine and self._group in (one.group, one.session)
        } | self._escaped
        return [one for one in found.values() if not one.dead]


def _exists(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
