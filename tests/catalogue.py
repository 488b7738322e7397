"""The adversaries, and how far a tier must reach to end each of them.

What each of them does stands in adversaries/main.c.
"""

from dataclasses import dataclass

from tests.adversary import Exit, Reach, Tier

GROUP, BELOW, ORPHANS, BEHEADED, EXTINCT = Reach
LEAKS = (Exit.LEAK, Exit.LEAK_AT_ONCE)


@dataclass(frozen=True)
class Adversary:
    """A kind, and how far a tier must reach to end it.

    `left`: where its leader has exited; `held`: where the leader stays. None: it isn't tried so.
    `resists`: the leader doesn't die of TERM. `beheads`: it kills runwrap, whose heir gets time.
    `code`: how the leader ends by itself, None where it can't be said how runwrap ends.
    """

    kind: str
    left: Reach | None
    held: Reach | None
    deaf: bool = False
    resists: bool = False
    beheads: bool = False
    code: int | None = 7

    @property
    def name(self) -> str:
        return self.kind + ("-deaf" if self.deaf else "")

    def is_promised(self, tier: Tier, ending: Exit) -> bool:
        needed = self.left if ending in LEAKS else self.held
        if needed is BELOW and (ending is Exit.DEADLINE or not (self.deaf or self.resists)):
            # A deadline may fall while it still forks, and a leader that dies makes orphans.
            needed = ORPHANS
        return needed is not None and needed <= tier.signal_scope

    def status(self, ending: Exit) -> int | None:
        """Return how runwrap is to end, as subprocess has it."""
        if ending in LEAKS or self.code is None:
            return self.code
        if ending is Exit.DEADLINE:
            return 124
        return -9 if self.deaf or self.resists else -15


ADVERSARIES = (
    Adversary("child", GROUP, GROUP),
    Adversary("child", GROUP, GROUP, deaf=True),
    Adversary("daemon", ORPHANS, ORPHANS),
    Adversary("daemon", ORPHANS, ORPHANS, deaf=True),
    Adversary("daemon-closed", ORPHANS, ORPHANS),
    Adversary("daemon-chatty", ORPHANS, ORPHANS),
    Adversary("sessions", ORPHANS, BELOW),
    Adversary("tree", ORPHANS, BELOW),
    Adversary("tree", ORPHANS, BELOW, deaf=True),
    Adversary("hopper", ORPHANS, ORPHANS),
    Adversary("hopper", ORPHANS, ORPHANS, deaf=True),
    Adversary("hoppers", ORPHANS, ORPHANS),
    Adversary("hoppers", ORPHANS, ORPHANS, deaf=True),
    Adversary("sibling-hoppers", ORPHANS, ORPHANS, deaf=True),
    Adversary("captive-hoppers", ORPHANS, ORPHANS, deaf=True),
    Adversary("storm", ORPHANS, ORPHANS),
    Adversary("storm", ORPHANS, ORPHANS, deaf=True),
    Adversary("churn", ORPHANS, ORPHANS, deaf=True),
    Adversary("orphan-churn", ORPHANS, ORPHANS, deaf=True),
    Adversary("zombies", ORPHANS, BELOW),
    Adversary("gang", ORPHANS, ORPHANS),
    Adversary("gang", ORPHANS, ORPHANS, deaf=True),
    Adversary("stopped", GROUP, GROUP),
    Adversary("stopped", GROUP, GROUP, deaf=True),
    Adversary("stopped-sessions", ORPHANS, BELOW),
    Adversary("stopped-leader", GROUP, GROUP, resists=True),
    Adversary("blocker", GROUP, GROUP, resists=True),
    Adversary("suicide", ORPHANS, None, code=-9),
    Adversary("flooder", ORPHANS, BELOW, deaf=True),
    Adversary("stop-flooder", BEHEADED, BEHEADED, deaf=True),
    Adversary("stops-supervisor", GROUP, GROUP),
    Adversary("kills-parent", BEHEADED, BEHEADED, beheads=True, code=None),
    Adversary("kills-grandparent", BEHEADED, BEHEADED, beheads=True, code=None),
    Adversary("kills-supervisors", EXTINCT, EXTINCT, beheads=True, code=None),
    Adversary("headless", ORPHANS, ORPHANS),
    Adversary("headless-leader", GROUP, GROUP),
    Adversary("subreapers", ORPHANS, BELOW),
    Adversary("subreapers", ORPHANS, BELOW, deaf=True),
    Adversary("vfork-chain", ORPHANS, BELOW),
    Adversary("vfork-chain", ORPHANS, BELOW, deaf=True),
    Adversary("tracer", ORPHANS, BELOW),
    Adversary("tracer-of-leader", None, BELOW, resists=True),
    Adversary("namespace", GROUP, GROUP),
)
