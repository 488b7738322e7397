"""SIGKILL of runwrap's own processes at any moment: whoever is left ends the job."""

import random

import pytest

from tests.adversary import TIERS, USERS, Arsenal, Ending, Reach, Strike, Tier, Verdict, uid_for

few_and_many = pytest.mark.parametrize(
    "runs", [10, pytest.param(200, marks=pytest.mark.slow)], ids=["few", "many"]
)
KINDS = ("child", "daemon", "tree", "hopper", "captive-hoppers")
LIFE = 0.5  # seconds that a run takes from its start to its end, about
REST = 0.3  # the same, from when the adversary is ready
AFTERMATH = 0.2  # seconds that an heir has
SURE = 10.0  # the same, where nobody counts; below the adversaries' lifetime
LOST = 125
ENDED = 124

tiers = pytest.mark.parametrize(
    "tier", [tier for tier in TIERS if tier.reach >= Reach.BEHEADED], ids=lambda tier: tier.name
)


class Chance:
    """Runs whose moment and adversary are drawn at random; the seed is told when one fails."""

    def __init__(self, arsenal: Arsenal, tier: Tier, victims: tuple[str, ...]) -> None:
        self.seed = random.randrange(1 << 32)
        self._draw = random.Random(self.seed)
        self._arsenal, self._tier, self._victims = arsenal, tier, victims

    def run(self, aftermath: float) -> tuple[Strike, Verdict]:
        """Start a job that has a deadline, is deaf and was never at rest; strike once."""
        early = self._draw.random() < 0.5
        delay = self._draw.uniform(0.0, LIFE if early else REST)
        strike = Strike(self._victims, early, delay, aftermath)
        kind, user = self._draw.choice(KINDS), uid_for(self._draw.choice(USERS))
        return strike, self._arsenal.attack(
            self._tier, Ending.DEADLINE, kind, deaf=True, user=user, strike=strike
        )
