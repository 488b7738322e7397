"""SIGKILL of runwrap's own processes at any moment: whoever is left ends the job."""

import random
from collections import Counter
from collections.abc import Callable

import pytest

from tests.adversary import REAPER, TIERS, Exit, Reach, Strike, Tier, Verdict
from tests.arsenal import USERS, Arsenal, uid_for, why_not

few_and_many = pytest.mark.parametrize(
    "runs", [10, pytest.param(200, marks=pytest.mark.slow)], ids=["few", "many"]
)
KINDS = ("child", "daemon", "tree", "hopper", "captive-hoppers")
LIFE = 0.5  # seconds that a run takes from its start to its end, about
REST = 0.3  # the same, from when the adversary is ready
AFTERMATH = 10.0  # seconds; below the adversaries' lifetime, or it would prove nothing
ENDED, KILLED, LOST = 124, -9, 125


def tiers(least: Reach) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "tier", [tier for tier in TIERS if tier.signal_scope >= least], ids=lambda tier: tier.name
    )


def strike_at_random(
    arsenal: Arsenal, tier: Tier, runs: int, *victims: str, aftermath: float
) -> list[Verdict]:
    """Start jobs that are deaf and have a deadline, and strike each once, at any moment."""
    seed = random.randrange(1 << 32)
    print("seed", seed)  # shown where a test fails
    draw = random.Random(seed)
    users = [user for user in USERS if not (why_not(user) or arsenal.refusal(tier, uid_for(user)))]
    if not users:
        pytest.skip("nobody can have this tier here")
    verdicts = []
    for _ in range(runs):
        early = draw.random() < 0.5
        delay = draw.uniform(0.0, LIFE if early else REST)
        kind, user = draw.choice(KINDS), uid_for(draw.choice(users))
        strike = Strike(victims, early, delay, aftermath)
        verdict = arsenal.attack(tier, Exit.DEADLINE, kind, deaf=True, user=user, strike=strike)
        print(kind, user, strike, verdict)
        verdicts.append(verdict)
    return verdicts


def summary(verdicts: list[Verdict]) -> dict[str, object]:
    """Return for the report how runwrap ended, and how long the job lived on, in milliseconds."""
    times = sorted(round(one.outlived * 1000) for one in verdicts if one.outlived is not None)
    return {
        "codes": dict(sorted(Counter(one.status for one in verdicts).items())),
        "alive": sum(one.alive for one in verdicts),
        "struck": len(times),
        "median": times[len(times) // 2] if times else None,
        "most": times[-5:],
        "within 200 ms": sum(time <= 200 for time in times),
    }


@few_and_many
@tiers(Reach.BEHEADED)
def test_a_front_killed_at_any_moment_leaves_nothing_alive(
    arsenal: Arsenal, tier: Tier, runs: int, record_property: Callable[[str, object], None]
) -> None:
    verdicts = strike_at_random(arsenal, tier, runs, "front", aftermath=AFTERMATH)
    record_property("front", summary(verdicts))
    assert [one for one in verdicts if one.alive or one.hung] == []
    # The guardian itself is all that its own end can leave to be reaped.
    assert max(len(one.left) for one in verdicts) <= 1
    assert {one.status for one in verdicts} <= {KILLED, ENDED}


@few_and_many
@tiers(Reach.BEHEADED)
def test_a_guardian_killed_at_any_moment_leaves_nothing_behind_the_front(
    arsenal: Arsenal, tier: Tier, runs: int, record_property: Callable[[str, object], None]
) -> None:
    verdicts = strike_at_random(arsenal, tier, runs, "guardian", aftermath=0.0)
    record_property("guardian", summary(verdicts))
    assert [one for one in verdicts if one.alive or one.hung or one.left] == []
    assert {one.status for one in verdicts} <= {LOST, ENDED}


@few_and_many
@tiers(Reach.EXTINCT)
def test_both_killed_at_once_leave_nothing_alive(
    arsenal: Arsenal, tier: Tier, runs: int, record_property: Callable[[str, object], None]
) -> None:
    verdicts = strike_at_random(arsenal, tier, runs, "front", "guardian", aftermath=AFTERMATH)
    record_property("both", summary(verdicts))
    assert [one for one in verdicts if one.alive or one.hung] == []


@pytest.mark.parametrize("kind", ["child", "daemon"])
def test_both_killed_at_once_leave_the_job_alone_where_nothing_else_is_promised(
    arsenal: Arsenal, kind: str
) -> None:
    strike = Strike(("front", "guardian"), early=False)
    verdict = arsenal.attack(REAPER, Exit.UNENDING, kind, strike=strike)
    assert (verdict.status, verdict.alive) == (KILLED, True)
