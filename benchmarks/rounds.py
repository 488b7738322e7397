"""Fair comparison: every case is measured once a round, so that noise falls on all alike."""

import math
import random
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import TypeVar

Case = TypeVar("Case")
Value = TypeVar("Value")


def in_turn(
    cases: Mapping[str, Case], measure: Callable[[Case], Value], rounds: int
) -> dict[str, list[Value]]:
    """Measure all cases `rounds` times, each round in another order, after one that isn't kept.

    The values at one index are of one round: taken close together, they may be compared. A single
    round has none before it, since then nobody looks at the times.
    """
    found: dict[str, list[Value]] = {name: [] for name in cases}
    for number in range(0 if rounds == 1 else -1, rounds):
        for name in random.sample(list(cases), len(cases)):
            value = measure(cases[name])
            if number >= 0:
                found[name].append(value)
    return found


def p95(values: Sequence[float]) -> float:
    """Return the smallest value that is not below 95 % of them."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


def ratio(values: Sequence[float], unit: Sequence[float]) -> float:
    """Return the median of each round's value over the unit's in the same round."""
    return median(value / one for value, one in zip(values, unit, strict=True))
