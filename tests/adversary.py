"""Setting an adversary on runwrap, and judging what is left at the very moment runwrap exits.

A new tier is one line of TIERS, which says how far its promise reaches.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from enum import Enum, IntEnum
from functools import cache
from pathlib import Path

from tests.support import RUNWRAP, clean_environment

HERE = Path(__file__).parent
# Of its own, so that its RLIMIT_NPROC counts nobody else's processes.
USERS = ("root", "ordinary")
ORDINARY_USER = 50_000 + os.getpid() % 10_000


class Reach(IntEnum):
    """Whom a tier promises to end; each includes those before it."""

    GROUP = 1  # who stays in the leader's process group, or session
    BELOW = 2  # who is found below the leader while it lives, wherever it went
    ORPHANS = 3  # who has left its parent and its session, or is never at rest
    BEHEADED = 4  # all, even when the job itself kills one of runwrap's processes
    EXTINCT = 5  # all, even when it kills all of them at once


@dataclass(frozen=True)
class Tier:
    """A value of --contain, and what it promises."""

    name: str
    reach: Reach
    reaps: bool  # no zombie is left to whoever called runwrap either


TIERS = (
    Tier("group", Reach.BELOW, reaps=False),
    Tier("reaper", Reach.BEHEADED, reaps=True),
)


class Ending(Enum):
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


class Arsenal:
    """The adversaries, compiled, and a runwrap for each user, where that user can read them."""

    def __init__(self, compiler: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="adversaries-"))
        self.folder.chmod(0o755)
        self.program = str(self.folder / "adversary")
        sources = sorted(map(str, (HERE / "adversaries").glob("*.c")))
        subprocess.run(
            [compiler, "-O1", "-Wall", "-Wextra", "-pthread", "-o", self.program, *sources],
            check=True,
        )
        shutil.copytree(HERE.parent / "runwrap", self.folder / "runwrap")

    def close(self) -> None:
        shutil.rmtree(self.folder)

    def attack(
        self,
        tier: Tier | None,
        ending: Ending,
        kind: str,
        *,
        deaf: bool = False,
        user: int | None = None,
        strike: Strike = NO_STRIKE,
    ) -> Verdict:
        """Run runwrap, or nothing in its place, on one adversary; as another user if one is given.

        `strike.aftermath` counts as well where it is the adversary that kills runwrap.
        """
        stance, *options = ending.value
        terminate = ending is Ending.TERM
        runwrap = (*self._runwrap(user), "--contain", tier.name, *options, "--") if tier else ()
        attack = {
            "command": [*runwrap, self.program, kind, stance, *(["deaf"] if deaf else [])],
            "environment": clean_environment() | {"PYTHONPATH": str(self.folder)},
            "user": user,
            "wait": terminate or not strike.early,
            "terminate": terminate,
            **vars(strike),
        }
        done = subprocess.run(
            [sys.executable, "-ES", "-m", "tests.warden", json.dumps(attack)],
            cwd=HERE.parent,
            stdout=subprocess.PIPE,
            check=True,
        )
        told = json.loads(done.stdout)
        return Verdict(**told | {"left": tuple(told["left"])})

    def _runwrap(self, user: int | None) -> tuple[str, ...]:
        if user is None:
            return (RUNWRAP,)
        interpreter = interpreter_for(user)
        assert interpreter is not None
        return (interpreter, "-m", "runwrap")


@cache
def interpreter_for(user: int) -> str | None:
    """Return a Python that the user may run: ours may lie in a folder that only we can enter."""
    for candidate in (sys.executable, "/usr/local/bin/python3", "/usr/bin/python3"):
        code = "import sys; sys.exit(sys.version_info < (3, 10))"
        try:
            done = subprocess.run(
                [candidate, "-IS", "-c", code],
                check=False,
                user=user,
                group=user,
                extra_groups=[],
                cwd="/",
            )
        except (FileNotFoundError, PermissionError):
            continue
        if done.returncode == 0:
            return candidate
    return None


def why_not(user: str) -> str | None:
    """Return why the tests can't have that user, None if they can."""
    if user == "root":
        return "the tests don't run as root" if os.getuid() != 0 else None
    if os.getuid() == 0 and interpreter_for(ORDINARY_USER) is None:
        return "no Python that another user may run"
    return None


def uid_for(user: str) -> int | None:
    """Return whom to become, None to stay who we are."""
    return ORDINARY_USER if user == "ordinary" and os.getuid() == 0 else None
