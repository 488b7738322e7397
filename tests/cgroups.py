"""Cgroups for tests, and processes of another user in them."""

import os
from pathlib import Path

import pytest

from runwrap.native import linux_cgroups as native
from tests.storms import AS_NOBODY, need_root
from tests.support import RUNWRAP

TIER = ("--contain", "reaper+cgroup")


class Home:
    """A cgroup that a test's runwraps are started in."""

    def __init__(self, above: str) -> None:
        self.path = Path(above, f"test-{os.getpid()}-{os.urandom(4).hex()}")
        self.path.mkdir()

    def enter(self) -> None:
        """Move the calling process into it: what a test gives as `before`."""
        (self.path / "cgroup.procs").write_text("0")

    def give_to(self, user: int) -> None:
        """Delegate it, as systemd does."""
        for file in (".", "cgroup.procs", "cgroup.subtree_control", "cgroup.threads"):
            os.chown(self.path / file, user, user)

    def inner(self) -> list[str]:
        """Return the names of the cgroups in it."""
        return [one.name for one in self.path.iterdir() if one.is_dir()]

    def remove(self) -> None:
        folder, above = (
            native.open_folder(str(self.path)),
            native.open_folder(str(self.path.parent)),
        )
        native.write(folder, "cgroup.freeze", b"0")
        native.kill(folder)
        native.wait_until_empty(folder, 5)
        os.close(folder)
        native.remove(self.path.name, above)
        os.close(above)


def make_home() -> Home:
    """Make a cgroup to be removed by the caller; skip the test where there can't be one."""
    try:
        home = Home(native.own_folder())
    except OSError as error:
        pytest.skip(f"no cgroup can be made here: {error.strerror}")
    if not (home.path / "cgroup.kill").exists():
        home.path.rmdir()
        pytest.skip("this kernel can't kill a cgroup")
    return home


def as_nobody() -> tuple[str, ...]:
    """Return the words that run runwrap as a user who has no privileges."""
    need_root()
    return (*AS_NOBODY, RUNWRAP)
