"""A cgroup to kill with: the floor, where the system lets us have one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import sleep

_ATTEMPTS, _PAUSE = 100, 0.01  # seconds in which the dead leave it


class Cgroup:
    """An empty cgroup below our own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # The shell moves itself, then becomes what is to be in there.
        self.enter = ("sh", "-c", 'echo $$ >"$0" && exec "$@"', str(folder / "cgroup.procs"))

    def kill(self, root: int) -> int:
        """Have the kernel kill all that is in it; return the pid of the first that was, as told."""
        (self.folder / "cgroup.kill").write_text("1")
        return root


@contextmanager
def made() -> Iterator[Cgroup | None]:
    """Make one and remove it in the end; None where that isn't allowed."""
    try:
        folder = _own() / f"benchmark-{os.getpid()}"
        folder.mkdir()
    except (OSError, StopIteration):
        yield None
        return
    try:
        yield Cgroup(folder) if (folder / "cgroup.kill").exists() else None
    finally:
        _remove(folder)


def _own() -> Path:
    """Return the folder of the cgroup that we are in; StopIteration without cgroup 2."""
    mounts = Path("/proc/self/mounts").read_text().splitlines()
    mounted = next(row.split()[1] for row in mounts if row.split()[2] == "cgroup2")
    rows = Path("/proc/self/cgroup").read_text().splitlines()
    path = next(row[len("0::") :] for row in rows if row.startswith("0::"))
    return Path(mounted + path)


def _remove(folder: Path) -> None:
    """Remove it; the dead may stay in it a little longer than they can be waited for."""
    for _ in range(_ATTEMPTS):
        with suppress(OSError):
            folder.rmdir()
            return
        sleep(_PAUSE)
