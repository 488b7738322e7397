"""The `reaper` tier: orphans of the job become our children, and we reap until none is left.

ECHILD from waitpid is the proof that nothing is left: no scan of the process table can be one.
"""

import os

from runwrap.containment import GROUP, LEADER, Containment, send
from runwrap.model.signals import CONT, KILL, NOT_TERMINATING, STOP
from runwrap.native import children, own_children, set_subreaper, wait_until_taken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from runwrap.native.process_entry import ProcessEntry

_MANY = 100  # processes
_STORM = 4  # rounds of the sweep, after which only a storm of forks still runs


class Reaper(Containment):
    """A child subreaper, as PID 1 is one by nature."""

    name = "reaper"

    def __init__(self, preexisting: frozenset[int] = frozenset()) -> None:
        """`preexisting` are children of ours that don't belong to the job."""
        super().__init__()
        self.wants_guardian = os.getpid() != 1  # the kernel itself ends what PID 1 leaves
        self._session = os.getsid(0)  # the caller's, whose leader's group may be the caller's shell
        self._preexisting = preexisting
        self._rounds = 0

    def prepare(self) -> None:
        """Become a subreaper: a fork doesn't pass it on."""
        set_subreaper()

    def inherit(self, preexisting: frozenset[int]) -> "Reaper":
        return Reaper(preexisting)

    def reap(self) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        while True:
            try:
                pid, status = self.wait(-1, os.WNOHANG | self._stops)
            except ChildProcessError:
                self.empty = True
                return found
            if pid == 0:
                break
            if pid == self._leader or pid in self._joined:
                found.append((pid, status))
            if not os.WIFSTOPPED(status):
                if pid == self._leader:
                    self._leader = 0
                self._joined.discard(pid)
                self._preexisting -= {pid}  # its number may come to be one of the job's
        if self._preexisting:
            self.empty = not self._children()
        return found

    def forward(self, number: int) -> None:
        leaders = [pid for pid in self._joined if _group_of(pid) == self._group]
        leaders += [self._leader] if self._leader else []
        few = not (self._leader_is_alone() or self.has_many())
        leads = leaders and number not in NOT_TERMINATING and few
        if self._signal_scope == GROUP and not leads:
            self._signal_group(number)
            return
        for pid in leaders:
            send(pid, number)
        if self._signal_scope == LEADER or self._leader_is_alone():
            return
        if leads:
            wait_until_taken(leaders, number)
        self._signal_group_besides(leaders, number)

    def stop_strays(self, number: int) -> None:
        if self.empty or self._signal_scope == LEADER or number == STOP or self._leader_is_alone():
            return
        from runwrap.native.processes import signal_each

        strays = [one for one in self._members() if one.group != self._group]
        signal_each([one for one in strays if one.pid != self._leader], number, CONT)

    def kill(self) -> None:
        if os.getpid() == 1:
            send(-1, KILL)  # all of our namespace but us, at once: it ends with us anyway
            return
        if self._signal_scope == LEADER and self._leader:
            send(self._leader, KILL)
            return
        # Where the job joined a group instead of making one, others are in it: the shell, say,
        # that leads the session which we are in as well.
        joined = 0 if self._group == self._made else self._group
        shared = (0, os.getpgrp(), self._session, joined)
        done = set()
        for pid in self._children():
            # An unreaped child pins its pid, so neither number can be a newcomer's. A group is
            # only killed whole where its child made it, or the session: others may have joined.
            group = _group_of(pid)
            whole = group not in shared and group in (pid, self._made, _group_of(pid, os.getsid))
            target = -group if whole else pid
            if target not in done:
                done.add(target)
                send(target, KILL)
        self._rounds += 1
        if self._rounds > _STORM:
            from runwrap.native.processes import signal_each

            # Those further down as well: a storm forks faster than its orphans come to us.
            signal_each(self._members(), KILL)

    def has_many(self) -> bool:
        found = self._children()
        for pid in found:  # which grows meanwhile
            if len(found) >= _MANY:
                return True
            found += children(pid)
        return False

    def _leader_is_alone(self) -> bool:
        """Tell the usual case without loading what walks the process table."""
        # In this order: the children of a leader that dies in between have come up to us by then.
        return (
            self._leader != 0 and not children(self._leader) and self._children() == [self._leader]
        )

    def _signal_group(self, number: int) -> None:
        """Signal the job's process group all at once."""
        leader = self._leader
        if leader or self._group in map(_group_of, self._children()):
            # As PID 1 we may be in group 1, and kill(-1) would be for the whole namespace.
            send(-self._group if self._group != 1 else 0, number)
            if leader and _group_of(leader) != self._group:  # it has left for one of its own
                send(leader, number)

    def _signal_group_besides(self, leaders: list[int], number: int) -> None:
        """Signal whoever else is in the group, one by one: twice means "at once" to many a leader.

        If they are so many that others are born meanwhile, or /proc can't be read, signal the group
        at once.
        """
        from runwrap.native.processes import signal_each, snapshot

        found = self._members()
        if self._signal_scope == GROUP and not 0 < len(found) < _MANY:
            self._signal_group(number)
            return
        if self._signal_scope == GROUP and self._group != self._made:  # others have joined it
            found = [*snapshot().values()]
        inside = [one for one in found if one.group == self._group and one.pid not in leaders]
        signal_each(inside, number)

    def _children(self) -> list[int]:
        try:
            return [pid for pid in own_children() if pid not in self._preexisting]
        except OSError:  # no /proc, or another namespace's: what we started is all we know
            return [*self._joined, self._leader] if self._leader else [*self._joined]

    def _members(self) -> "list[ProcessEntry]":
        from runwrap.native.processes import descendants

        try:
            found = descendants()
        except OSError:
            return []
        foreign = set(self._preexisting)  # and who is below them: parents come first
        for one in found:
            if one.parent in foreign:
                foreign.add(one.pid)
        return [one for one in found if one.pid not in foreign]


def _group_of(pid: int, ask: "Callable[[int], int]" = os.getpgid) -> int:
    """Return a process's group, or what else is asked for; 0 if it is gone."""
    try:
        return ask(pid)
    except ProcessLookupError:
        return 0
