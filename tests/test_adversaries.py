"""Whatever a command tries: when runwrap exits, nothing that it started is still running.

One run of each in the daily suite, in the endings that take least; all of it 50 times with -m slow.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice

import pytest
from _pytest.mark.structures import ParameterSet

from tests.adversary import ORDINARY_USER, TIERS, Arsenal, Ending, Reach, Tier, interpreter_for

GROUP, BELOW, ORPHANS, BEHEADED, EXTINCT = Reach
LEAK, LEAK_AT_ONCE, DEADLINE, TERM = ENDINGS = (
    Ending.LEAK, Ending.LEAK_AT_ONCE, Ending.DEADLINE, Ending.TERM,
)  # fmt: skip
RUNS = 50
AFTERMATH = 10.0  # seconds; below the adversaries' lifetime, or it would prove nothing


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

    def is_promised(self, tier: Tier, ending: Ending) -> bool:
        needed = self.left if ending in (LEAK, LEAK_AT_ONCE) else self.held
        if needed is BELOW and (ending is DEADLINE or not (self.deaf or self.resists)):
            # A deadline may fall while it still forks, and a leader that dies makes orphans.
            needed = ORPHANS
        return needed is not None and needed <= tier.reach

    def status(self, ending: Ending) -> int | None:
        """Return how runwrap is to end, as subprocess has it."""
        if ending in (LEAK, LEAK_AT_ONCE) or self.code is None:
            return self.code
        if ending is DEADLINE:
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
# The daily run has the first of these that is promised.
DAILY = {"root": (LEAK_AT_ONCE, TERM), "ordinary": (DEADLINE, TERM, LEAK)}


def promised() -> Iterator[tuple[Tier, Adversary, str, tuple[Ending, ...]]]:
    """Yield each tier with each adversary that it promises to end, for each user, and how."""
    for tier in TIERS:
        for adversary in ADVERSARIES:
            endings = tuple(one for one in ENDINGS if adversary.is_promised(tier, one))
            for user in ("root", "ordinary"):
                if endings:
                    yield tier, adversary, user, endings


def case(tier: Tier, adversary: Adversary, user: str, what: object) -> ParameterSet:
    return pytest.param(
        tier,
        adversary,
        user,
        what,
        id=f"{tier.name}-{adversary.name}-{user}",
    )


once = pytest.mark.parametrize(
    ("tier", "adversary", "user", "ending"),
    [
        case(tier, adversary, user, next(one for one in DAILY[user] if one in endings))
        for tier, adversary, user, endings in promised()
    ],
)
often = pytest.mark.parametrize(
    ("tier", "adversary", "user", "endings"), [case(*one) for one in promised()]
)


@pytest.fixture(scope="module")
def arsenal() -> Iterator[Arsenal]:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler (cc): the adversaries are written in C")
    if os.uname().sysname != "Linux":
        pytest.skip("the adversaries, and the harness that inherits what escapes, need Linux")
    arsenal = Arsenal(compiler)
    yield arsenal
    arsenal.close()


def uid_for(user: str) -> int | None:
    """Return whom to become, None to stay who we are; skip what can't be had."""
    if os.getuid() != 0:
        if user == "root":
            pytest.skip("the tests don't run as root")
        return None
    if user == "root":
        return None
    if interpreter_for(ORDINARY_USER) is None:
        pytest.skip("no Python that another user may run")
    return ORDINARY_USER


def judge(arsenal: Arsenal, tier: Tier, adversary: Adversary, user: str, ending: Ending) -> None:
    """Run it once; nothing may be left, alive or a zombie, and the exit code is right."""
    verdict = arsenal.attack(
        tier,
        ending,
        adversary.kind,
        deaf=adversary.deaf,
        user=uid_for(user),
        aftermath=AFTERMATH if adversary.beheads else 0.0,
    )
    expected = adversary.status(ending)
    assert (verdict.alive, verdict.left, verdict.hung) == (False, (), False), verdict
    assert expected is None or verdict.status == expected, verdict
    assert verdict.ready or ending is not TERM, verdict


@once
def test_nothing_outlives_runwrap(
    arsenal: Arsenal, tier: Tier, adversary: Adversary, user: str, ending: Ending
) -> None:
    judge(arsenal, tier, adversary, user, ending)


@pytest.mark.slow
@often
def test_nothing_outlives_runwrap_however_often_it_is_tried(
    arsenal: Arsenal, tier: Tier, adversary: Adversary, user: str, endings: tuple[Ending, ...]
) -> None:
    for ending in islice(cycle(endings), RUNS):
        judge(arsenal, tier, adversary, user, ending)


def test_the_harness_sees_what_outlives_runwrap(arsenal: Arsenal) -> None:
    verdict = arsenal.attack(TIERS[-1], Ending.ALLOWED, "daemon")
    assert (verdict.status, verdict.alive, verdict.hung) == (7, True, False)
    assert [one.split()[-2:] for one in verdict.left] == [["daemon", "leave"]]
