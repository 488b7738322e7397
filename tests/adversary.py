"""Tiers and what they promise; how a job is ended, and what was left of it.

A new tier is one line of TIERS, which says how far its promise reaches.
"""

from dataclasses import dataclass
from enum import Enum, IntEnum


class Reach(IntEnum):
    """Whom a tier promises to end; each includes those before it."""

    GROUP = 1  # who stays in the leader's process group, or session
    BELOW = 2  # who is found below the leader while it lives, wherever it went
    ORPHANS = 3  # who has left its parent and its session, or is never at rest
    BEHEADED = 4  # all, even when the job itself kills one of runwrap's processes
    EXTINCT = 5  # all, even when it kills all of them at once


@dataclass(frozen=True)
class Tier:
    """A value of --contain, and what it promises.

    `reaps`: no zombie is left to whoever called runwrap either. `optional`: not every machine has
    it, and runwrap says so with 125.
    """

    name: str
    signal_scope: Reach
    reaps: bool = True
    optional: bool = False


REAPER = Tier("reaper", Reach.BEHEADED)
TIERS = (
    Tier("group", Reach.BELOW, reaps=False),
    REAPER,
    Tier("reaper+cgroup", Reach.BEHEADED, optional=True),
    Tier("strict", Reach.EXTINCT, optional=True),
)


class Exit(Enum):
    """How the job comes to its end: whether its leader stays, and runwrap's options."""

    LEAK = ("leave", "--leak-timeout", "0.05", "-k", "0.05")
    LEAK_AT_ONCE = ("leave", "--leak-timeout", "0", "-k", "0")
    DEADLINE = ("stay", "-t", "0.2", "-k", "0.05")
    TERM = ("stay", "-k", "0.05")
    UNENDING = ("stay",)
    ALLOWED = ("leave", "--leak", "allow")


@dataclass(frozen=True)
class Verdict:
    """How a run ended; `status` is negative for death by signal, as subprocess has it.

    `alive`: somebody still held the lifeline, at that moment or, where runwrap itself was killed,
    some seconds later. `left`: the processes, zombies among them, that were handed on to the
    harness, which has ended them. `elapsed`: seconds from start to end. `outlived`: how many of
    these came after the harness killed a part of runwrap; None if it didn't.
    """

    status: int
    alive: bool
    left: tuple[str, ...]
    hung: bool
    ready: bool
    elapsed: float
    outlived: float | None
    said: str

    @property
    def zombies(self) -> int:
        return sum(one.split()[1] == "Z" for one in self.left)


@dataclass(frozen=True)
class Strike:
    """Which processes of runwrap the harness kills (`front`, `guardian`), and when.

    `delay`: seconds after the adversary is ready or, if `early`, after runwrap was started.
    `aftermath`: the seconds that whoever is left has to end the job.
    """

    victims: tuple[str, ...] = ()
    early: bool = True
    delay: float = 0.0
    aftermath: float = 0.0


NO_STRIKE = Strike()
