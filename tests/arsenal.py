"""Setting an adversary on runwrap, and judging what is left at the very moment runwrap exits."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from tests.adversary import NO_STRIKE, Exit, Strike, Tier, Verdict
from tests.support import RUNWRAP, clean_environment

HERE = Path(__file__).parent
USERS = ("root", "ordinary")
# Of its own, so that its RLIMIT_NPROC counts nobody else's processes.
ORDINARY_USER = 50_000 + os.getpid() % 10_000


class Arsenal:
    """The adversaries, compiled, and a runwrap for each user, where that user can read them."""

    def __init__(self, compiler: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="adversaries-"))
        self.folder.chmod(0o755)
        self.program = str(self.folder / "adversary")
        self._environment = clean_environment() | {"PYTHONPATH": str(self.folder)}
        self._refusals: dict[tuple[str, int | None], str | None] = {}
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
        ending: Exit,
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
        terminate = ending is Exit.TERM
        runwrap = (*self._runwrap(user), "--contain", tier.name, *options, "--") if tier else ()
        attack = {
            "command": [*runwrap, self.program, kind, stance, *(["deaf"] if deaf else [])],
            "user": user,
            "wait": terminate or not strike.early,
            "terminate": terminate,
            **vars(strike),
        }
        done = subprocess.run(
            [sys.executable, "-ES", "-m", "tests.warden"],
            input=json.dumps(attack),
            text=True,
            cwd=HERE.parent,
            env=self._environment,
            stdout=subprocess.PIPE,
            check=True,
        )
        told = json.loads(done.stdout)
        return Verdict(**told | {"left": tuple(told["left"])})

    def refusal(self, tier: Tier, user: int | None) -> str | None:
        """Return what runwrap says where an optional tier can't be had, None where it can."""
        key = tier.name, user
        if tier.optional and key not in self._refusals:
            done = subprocess.run(
                [*self._runwrap(user), "--contain", tier.name, "--", "true"],
                env=self._environment,
                capture_output=True,
                text=True,
                check=False,
                cwd="/",
                user=user,
                group=user,
                extra_groups=None if user is None else [],
            )
            self._refusals[key] = done.stderr if done.returncode == 125 else None
        return self._refusals.get(key)

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
