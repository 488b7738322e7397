"""Trees that are not ours: who belongs to them, found by looking and held before it is believed.

A pid alone proves nothing: between a look and a signal it may have become another's. So:

1. A process is a member, and held. Its `children` are listed, and held by their pids.
2. They are listed again. Whoever we hold and who is still listed is a child of whoever has the
   member's pid: had he died before, and his pid gone to another, our hold would be of one who is
   dead, and signals nobody.
3. The member still exists unreaped, so he has had the pid all along: they are his children.

Nothing of this can become untrue later, whoever dies: a descendant stays one.

Orphans can't be found by their parent. So the children of a member are held before it may be
signalled; and they are listed once more just after it was, since dying takes longer than looking:
whoever was born between the two is still below it. Who was killed can't fork any more: if nobody is
below it by then, nobody ever will be.
"""

from runwrap.model.outcome import Process
from runwrap.model.signals import KILL
from runwrap.native.process_refs import Children, ProcessRef, ProcessRefs, ended
from runwrap.native.processes import look, process, snapshot, start_clock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from runwrap.containment.scopes import Scope
    from runwrap.native.process_entry import ProcessEntry


class TreeWalk:
    """The trees below some roots, and what shares a scope with them."""

    def __init__(
        self,
        roots: "Iterable[ProcessRef]",
        untouchable: "Collection[int]",
        holder: ProcessRefs,
        *,
        keep_roots: bool = False,
        scopes: "Collection[Scope]" = (),
    ) -> None:
        """`untouchable`: pids never held, our own and our ancestors' among them."""
        self._members = {one.pid: one for one in roots}  # parents first
        self._kept = frozenset(self._members.values() if keep_roots else ())
        self._walked: set[ProcessRef] = set()
        self._killed: set[ProcessRef] = set()
        self._parents: dict[ProcessRef, int] = {}
        self._barren: set[ProcessRef] = set()  # killed, and nobody is or will be below
        self._untouchable = untouchable
        self._holder = holder
        self._scopes = scopes
        self.refused: dict[ProcessRef, int] = {}
        """The errno for each whom we may not signal."""

    def walk(self) -> "Iterator[ProcessRef]":
        """Yield every member that is to end, parents first, its children being held by then.

        So it may be signalled as soon as it is yielded, and walking and dying overlap. Who was dead
        after an earlier walk is left out.
        """
        dead = ended(self._members.values())
        self._forget_the_reaped(dead)
        if self._scopes:
            self._sweep()
        over = dead & self._walked
        members = [one for one in self._members.values() if one not in over]
        for one in members:  # grows meanwhile
            if one in self._barren:
                yield one
                continue
            self._walked.add(one)
            with Children(one.pid) as below:
                members += self._take_below(one, below, below.pids())
                if one in self._kept:
                    continue
                yield one
                listed = below.pids()
                members += self._take_below(one, below, listed)
                if not listed and one in self._killed and below.are_all_threads():
                    self._barren.add(one)

    def look(self) -> None:
        """Hold whoever belongs to them by now."""
        members = self._members.values() if self._scopes else ()
        inside = [(one, self._scopes_of(one)) for one in members]
        for _ in self.walk():
            pass
        for one, scopes in inside:
            if scopes and (self._members.get(one.pid) is not one or one.dies_within(0)):
                for scope in scopes:
                    scope.note(start_clock())  # it died while we looked

    def signal(self, member: ProcessRef, number: int, *then: int) -> bool:
        """Send a signal to a member, and then others; False if it is gone or someone else's."""
        inside = self._scopes_of(member)
        try:
            reached = member.send(number)
            for one in then:
                member.send(one)
        except PermissionError as error:
            self.refused[member] = error.errno or 0
            return False
        if reached:
            if number == KILL:
                self._killed.add(member)
            for scope in inside:
                scope.note(start_clock())
        return reached

    def outlive(self, member: ProcessRef, seconds: float) -> bool:
        """Wait for a member's death, at most `seconds` (may be inf); tell whether it is dead."""
        if member.dies_within(0):
            return True
        inside = self._scopes_of(member)
        if not member.dies_within(seconds):
            return False
        for scope in inside:
            scope.note(start_clock())  # we were woken by it
        return True

    def awaited(self) -> list[ProcessRef]:
        """Return who is to end and may be signalled, the latest first, who will die last."""
        spared = self._kept | self.refused.keys()
        return [one for one in reversed(self._members.values()) if one not in spared]

    def facts(self, member: ProcessRef) -> "Process | None":
        """Return what is to be told of a member, None if it is gone."""
        seen = look(member.pid)
        if not member.exists():
            return None
        # Where /proc hides it, its number is all that we know.
        return process(seen) if seen else Process(pid=member.pid, parent=0, state="?", command="?")

    def as_found(self, member: ProcessRef) -> "Process | None":
        """Return the same, below the parent that it was found below, who may be dead by now."""
        fact = self.facts(member)
        return fact and fact.replace(parent=self._parents.get(member, fact.parent))

    def survivors(self) -> "list[Process]":
        """Return who is left."""
        left = [one for one in self.walk() if not one.dies_within(0)]
        return [
            fact.replace(errno=self.refused.get(one, 0))
            for one in left
            if (fact := self.facts(one))
        ]

    def close(self) -> None:
        """Let go of everyone."""
        for one in self._members.values():
            one.release()
        self._members.clear()

    def hold(self, pid: int) -> ProcessRef | None:
        """Hold whoever has a pid, unless he is untouchable or gone."""
        return None if pid in self._untouchable else self._holder.hold(pid)

    def _take_below(self, parent: ProcessRef, below: Children, pids: list[int]) -> list[ProcessRef]:
        """Hold those listed below a member that are not held yet, and return them."""
        fresh = self._held(pids)
        if not fresh:
            return fresh
        again = set(below.pids())
        taken = self._take(fresh, again if parent.exists() else set())
        self._parents.update(dict.fromkeys(taken, parent.pid))
        return taken

    def _held(self, pids: "Iterable[int]") -> list[ProcessRef]:
        found = (self.hold(pid) for pid in pids if pid not in self._members)
        return [one for one in found if one]

    def _take(self, fresh: "Iterable[ProcessRef]", proved: "Collection[int]") -> list[ProcessRef]:
        taken = []
        for one in fresh:
            if one.pid in proved:
                self._members[one.pid] = one
                taken.append(one)
            else:
                one.release()
        return taken

    def _sweep(self) -> None:
        """Take everyone who shares a scope, in the tree or not."""
        instant = start_clock()
        for member in self._members.values():
            for scope in self._scopes_of(member):
                if member.exists():
                    scope.note(instant)
        table = snapshot()
        fresh = self._held(pid for pid, one in table.items() if self._shares(one, table))
        now = {one.pid: seen for one in fresh if (seen := look(one.pid))}
        self._take(fresh, [pid for pid, seen in now.items() if self._shares(seen, table)])

    def _shares(self, seen: "ProcessEntry", table: "dict[int, ProcessEntry]") -> bool:
        return any(scope.is_ours(seen, table) for scope in self._scopes)

    def _scopes_of(self, member: ProcessRef) -> "list[Scope]":
        seen = look(member.pid) if self._scopes else None
        return [scope for scope in self._scopes if scope.has(seen)] if seen else []

    def _forget_the_reaped(self, dead: "Iterable[ProcessRef]") -> None:
        """Let go of who has no number any more; zombies are kept, or they would be found anew."""
        for one in dead:
            if not one.exists():
                del self._members[one.pid]
                for known in (self._walked, self._killed, self._barren):
                    known.discard(one)
                self._parents.pop(one, None)
                self.refused.pop(one, None)
                one.release()
