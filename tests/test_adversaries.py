"""Whatever a command tries: when runwrap exits, nothing that it started is still running.

One run of half of them in the daily suite, in the endings that take least; all of it 50 times with
-m slow.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import cycle, islice

import pytest

from tests.adversary import REAPER, TIERS, Exit, Strike, Tier, Verdict
from tests.arsenal import USERS, Arsenal, uid_for, why_not
from tests.catalogue import ADVERSARIES, Adversary

LEAK, LEAK_AT_ONCE, DEADLINE, TERM = ENDINGS = (
    Exit.LEAK, Exit.LEAK_AT_ONCE, Exit.DEADLINE, Exit.TERM,
)  # fmt: skip
RUNS = 50
ENOUGH = 3  # faulty runs, after which no more are made: each may have hung for long
# What the heir of a killed runwrap has, in seconds; below the adversaries' lifetime, or it would
# prove nothing.
AFTERMATH = 10.0
# The daily run has the first of these that is promised.
DAILY = {"root": (LEAK_AT_ONCE, TERM), "ordinary": (DEADLINE, TERM, LEAK)}


def promised() -> Iterator[tuple[Tier, Adversary, str, tuple[Exit, ...]]]:
    """Yield each tier with each adversary that it promises to end, for each user, and how."""
    for tier in TIERS:
        for adversary in ADVERSARIES:
            endings = tuple(one for one in ENDINGS if adversary.is_promised(tier, one))
            for user in USERS:
                if endings:
                    yield tier, adversary, user, endings


MATRIX = [pytest.param(*case, id=f"{case[0].name}-{case[1].name}-{case[2]}") for case in promised()]
NAMES = ("tier", "adversary", "user", "endings")
matrix = pytest.mark.parametrize(NAMES, MATRIX)
# By turns the one user's and the other's.
half_the_matrix = pytest.mark.parametrize(
    NAMES, [case for place, case in enumerate(MATRIX) if place % 4 in (0, 3)]
)


def attack(
    arsenal: Arsenal, tier: Tier | None, adversary: Adversary, user: str, ending: Exit
) -> Verdict:
    if reason := why_not(user) or (tier and arsenal.refusal(tier, uid_for(user))):
        pytest.skip(reason)
    return arsenal.attack(
        tier,
        ending,
        adversary.kind,
        deaf=adversary.deaf,
        user=uid_for(user),
        strike=Strike(aftermath=AFTERMATH if tier and adversary.beheads else 0.0),
    )


def is_faulty(verdict: Verdict, tier: Tier, adversary: Adversary, ending: Exit) -> bool:
    """Tell whether anything was left, alive or a zombie, or the exit code was wrong."""
    expected = adversary.status(ending)
    # Where runwrap is killed, what is left of it is its caller's to reap.
    handed_on = verdict.zombies if tier.reaps and not adversary.beheads else 0
    return (
        verdict.alive
        or verdict.hung
        or handed_on > 0
        or (expected is not None and verdict.status != expected)
        or (ending is TERM and not verdict.ready)
    )


@half_the_matrix
def test_nothing_outlives_runwrap(
    arsenal: Arsenal, tier: Tier, adversary: Adversary, user: str, endings: tuple[Exit, ...]
) -> None:
    ending = next(one for one in DAILY[user] if one in endings)
    verdict = attack(arsenal, tier, adversary, user, ending)
    assert not is_faulty(verdict, tier, adversary, ending), (ending, verdict)


@pytest.mark.slow
@matrix
def test_nothing_outlives_runwrap_however_often_it_is_tried(
    arsenal: Arsenal,
    tier: Tier,
    adversary: Adversary,
    user: str,
    endings: tuple[Exit, ...],
    record_property: Callable[[str, object], None],
) -> None:
    runs, faulty = [], []
    for ending in islice(cycle(endings), RUNS):
        runs.append(attack(arsenal, tier, adversary, user, ending))
        if is_faulty(runs[-1], tier, adversary, ending):
            faulty.append((ending, runs[-1]))
        if len(faulty) == ENOUGH:
            break
    # For the report that --junitxml writes.
    record_property("runs", len(runs))
    record_property("alive", sum(run.alive for run in runs))
    record_property("zombies", sum(run.zombies for run in runs))
    record_property("codes", dict(sorted(Counter(run.status for run in runs).items())))
    assert not faulty


@pytest.mark.slow
@pytest.mark.parametrize("adversary", ADVERSARIES, ids=lambda adversary: adversary.name)
def test_every_adversary_outlives_what_does_nothing_about_it(
    arsenal: Arsenal, adversary: Adversary
) -> None:
    if adversary.left is None:
        pytest.skip("it holds its leader")
    verdict = attack(arsenal, None, adversary, USERS[-1], LEAK)
    assert (verdict.alive, verdict.hung) == (True, False)


def test_the_harness_sees_what_outlives_runwrap(arsenal: Arsenal) -> None:
    verdict = arsenal.attack(REAPER, Exit.ALLOWED, "daemon")
    assert (verdict.status, verdict.alive, verdict.hung) == (7, True, False)
    assert [one.split()[-2:] for one in verdict.left] == [["daemon", "leave"]]
