"""Ending trees that are not ours, from a plan to a result."""

import time

from runwrap.containment.tree_walk import TreeWalk
from runwrap.model.escalation import EMPTY, OVER, TICK, Action, Event, begin, escalate
from runwrap.model.kill_tree import Refusal, Target, TreePlan, TreeResult, at_rest
from runwrap.model.outcome import Process, Sent
from runwrap.model.signals import CONT, KILL, STOP
from runwrap.native import own_children
from runwrap.native.process_entry import ProcessEntry
from runwrap.native.process_refs import ProcessRef, ProcessRefs
from runwrap.native.processes import all_pids, look, process
from runwrap.trees.targets import Refused, scopes, take, untouchable

_FIRST_PAUSE = 0.002  # seconds; what handles a signal may start somebody and end soon
_PAUSE = 0.05  # at most between two looks at whom those that are to die have started since
_SHARE = 10  # and so many times what a look took, in a large tree


def kill_tree(plan: "TreePlan") -> TreeResult:
    """End the trees of a plan, or only look at them (`dry_run`), and return how it went.

    Nothing is signalled before every operand has been found good.
    """
    start = time.monotonic()
    roots: list[tuple[Target, ProcessRef]] = []
    missing, holder = [], ProcessRefs()
    try:
        own_children()  # raises where /proc is not ours to believe
        spared = untouchable()
        for target in plan.targets:
            if root := take(target, plan, spared, holder):
                roots.append((target, root))
            else:
                missing.append(target.operand)
        shared = scopes(roots, plan, spared)
    except Refused as error:
        return TreeResult(refusal=error.refusal)
    except OSError as error:
        refusal = Refusal(kind="system", operand="", errno=error.errno or 0, detail=str(error))
        return TreeResult(refusal=refusal)
    held = [root for _, root in roots]
    tree = TreeWalk(held, spared, holder, keep_roots=plan.keep_root, scopes=shared)
    try:
        ender = TreeEnder(plan, tree, start, frozenset(root.pid for root in held))
        ender.look() if plan.dry_run else ender.run()
        return ender.result(tuple(missing))
    finally:
        tree.close()


class TreeEnder:
    """Ends the trees of one TreeWalk, by the escalation of a job whose time limit is 0."""

    def __init__(
        self, plan: "TreePlan", tree: TreeWalk, start: float, roots: frozenset[int]
    ) -> None:
        self._plan, self._tree, self._start = plan, tree, start
        self._signals: tuple[int, ...] = ()
        self._done: set[ProcessRef] = set()  # who had these signals
        self._reached: set[int] = set()
        self._found: dict[int, Process] = {}
        self._sent: list[Sent] = []
        self._before = frozenset(all_pids())  # who was there before the first signal
        self._roots = roots

    def look(self) -> None:
        """Find everyone, and signal nobody."""
        self._rounds()

    def run(self) -> None:
        """Signal and wait, until all are dead or have been given up."""
        policy = self._plan.policy
        state, kind = begin(policy, self._start), TICK
        while True:
            state, actions = escalate(policy, state, Event(kind=kind), time.monotonic())
            for action in actions:
                self._act(action)
            if state.phase == OVER:
                return
            # Whoever died may have left somebody behind in a session, say, that is swept.
            over = self._all_die_until(state.due) and not self._rounds()
            kind = EMPTY if over else TICK

    def result(self, missing: tuple[str, ...]) -> TreeResult:
        """Return how it went; who is left is looked up now."""
        left = [] if self._plan.dry_run else self._tree.survivors()
        left += [] if self._plan.dry_run else self._orphans({one.pid for one in left})
        return TreeResult(
            missing=missing,
            found=tuple(self._found.values()),
            survivors=tuple(left),
            signalled=len(self._reached),
            sent=tuple(self._sent),
            elapsed=time.monotonic() - self._start,
        )

    def _act(self, action: Action) -> None:
        if action.do not in ("stop", "kill"):
            return
        signals: tuple[int, ...] = (KILL,)
        if action.do == "stop":  # one who is stopped has to run to end by it
            signals = (STOP,) if action.signal == STOP else (action.signal, CONT)
        if signals != self._signals:
            self._signals = signals
            self._done.clear()
            self._told = False
        self._rounds()

    def _rounds(self) -> int:
        """Look again and again, until nobody is new; return how many were."""
        found: list[int] = []
        while not at_rest(found):
            found.append(sum(map(self._meet, self._tree.walk())))
        return sum(found)

    def _meet(self, member: "ProcessRef") -> bool:
        """Deal with a member; tell whether it is new."""
        if member in self._done:
            return False
        self._done.add(member)
        if self._plan.tell or self._plan.dry_run:
            self._tell(member)
        if self._signals and self._tree.signal(member, *self._signals):
            self._note_reached(member.pid)
        return True

    def _note_reached(self, pid: int) -> None:
        self._reached.add(pid)
        if not self._told:
            self._told = True
            self._sent.append(Sent(signal=self._signals[0], at=time.monotonic() - self._start))

    def _orphans(self, known: set[int]) -> list[Process]:
        """Return who was born while the tree died, and is in a session or group that it led.

        A stop signal's handler may start somebody and end at once. Nobody can tell by then whose
        child that was, so it isn't signalled; but it is too likely one of the tree's to be
        silent about.
        """
        fresh = set(all_pids()) - self._before - self._reached - known
        born = [seen for pid in fresh if (seen := look(pid)) and not seen.dead]
        return [process(seen) for seen in born if self._led(seen) and not self._has_parent(seen)]

    def _led(self, seen: "ProcessEntry") -> set[int]:
        """Return the session or group of a process as far as a member leads it, or did."""
        return {seen.session, seen.group} & (self._reached | self._roots)

    def _has_parent(self, seen: "ProcessEntry") -> bool:
        """Tell whether its parent is in the same session or group, and so it is no orphan."""
        parent = look(seen.parent)
        return parent is not None and bool(self._led(seen) & {parent.session, parent.group})

    def _tell(self, member: "ProcessRef") -> None:
        process = self._tree.as_found(member)
        if process:
            self._found.setdefault(process.pid, process)

    def _all_die_until(self, due: float) -> bool:
        """Wait until all who were signalled are dead; tell whether they are.

        Whom they start meanwhile is held, or would be nobody's once they are dead. It is killed at
        once, but not stopped: it may be what tidies up.
        """
        pause = _FIRST_PAUSE
        while not self._die_until(min(due, time.monotonic() + pause)):
            start = time.monotonic()
            if start >= due:
                return False
            if self._signals == (KILL,):
                self._rounds()
            else:
                self._tree.look()
            pause = max(min(2 * pause, _PAUSE), _SHARE * (time.monotonic() - start))
        return True

    def _die_until(self, due: float) -> bool:
        told = [one for one in self._tree.awaited() if one in self._done]
        return all(self._tree.outlive(one, due - time.monotonic()) for one in told)
