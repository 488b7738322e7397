"""The `reaper+cgroup` tier: a reaper whose job is born in a cgroup of its own, below runwrap's.

The kernel kills a cgroup at once, which no storm of forks outruns; that nothing is left is proved
by ECHILD all the same, since a process may have left the cgroup.
"""

import errno
import fcntl
import os

from runwrap.containment.reaper import Reaper
from runwrap.native import linux_cgroups as native

# Then come the maker's pid, for people, and a random number.
_MORTAL, _LASTING = "runwrap", "runwrap-lasting"
_ATTEMPTS = 5
_PATIENCE = 1.0  # seconds that the killed are given to end
_DELEGATE = "systemd-run --user --scope -p Delegate=yes makes one of your own"


class CgroupReaper(Reaper):
    """A child subreaper that also holds the job's cgroup."""

    name = "reaper+cgroup"

    def __init__(self, cgroup: "OwnCgroup", preexisting: frozenset[int] = frozenset()) -> None:
        super().__init__(preexisting)
        self._cgroup = cgroup
        self.cgroup_fd = cgroup.folder

    def inherit(self, preexisting: frozenset[int]) -> "CgroupReaper":
        return CgroupReaper(self._cgroup, preexisting)

    def kill(self) -> None:
        self._cgroup.kill()
        super().kill()

    def close(self) -> None:
        self._cgroup.close()


class OwnCgroup:
    """A new cgroup below another; OSError, with why, where there can't be one.

    Front and guardian hold a shared lock on its folder. The kernel lets go of it when both are
    dead, however they died; so one that nobody has locked is a dead runwrap's, in whatever PID
    namespace that was, and the next runwrap ends it.
    """

    def __init__(self, place: str, *, lasting: bool) -> None:
        """`place` is the folder of the other. `lasting`: what is left in the end may live on."""
        self._above, self._lasting = native.open_folder(place), lasting
        try:
            native.check_moves(self._above)
            _remove_stale(self._above)
            self._name, self.folder = _make(self._above, lasting)
        except OSError as error:
            os.close(self._above)
            raise OSError(error.errno, _reason(place, error)) from error

    def kill(self) -> None:
        """Kill all that is in it, at once."""
        try:
            native.kill(self.folder)
        except OSError:  # it has been removed; or no descriptor is left, and the sweep has to do
            return

    def close(self) -> None:
        """Remove it, unless something that may live on is in it.

        Else what is left there is nobody's child of ours: it has joined another PID namespace.
        """
        if not _remove(self._name, self._above) and not self._lasting:
            _end(self.folder)
            _remove(self._name, self._above)
        os.close(self.folder)
        os.close(self._above)


def _make(above: int, lasting: bool) -> tuple[str, int]:
    """Return the name and the open folder of a new cgroup that is locked, and can be killed.

    Until it is locked another runwrap may take it for a dead one's: then try again.
    """
    for _ in range(_ATTEMPTS):
        name = f"{_LASTING if lasting else _MORTAL}-{os.getpid()}-{os.urandom(4).hex()}"
        os.mkdir(name, dir_fd=above)
        try:
            return name, _take(name, above)
        except OSError as error:
            _remove(name, above)
            if error.errno not in (errno.ENOENT, errno.ENODEV, errno.EAGAIN):
                raise
            last = error
    raise last


def _take(name: str, above: int) -> int:
    folder = native.open_folder(name, above)
    try:
        fcntl.flock(folder, fcntl.LOCK_SH | fcntl.LOCK_NB)
        if native.is_frozen(folder):
            raise OSError(0, "it is frozen")
        native.kill(folder)  # nothing is in it: this only shows that it works
    except OSError:
        os.close(folder)
        raise
    return folder


def _remove_stale(above: int) -> None:
    """Kill and remove what killed runwraps have left here."""
    for name in native.inner(above):
        kind = _kind(name)
        if not kind:
            continue
        try:
            folder = native.open_folder(name, above)
        except OSError:  # gone, or another user's
            continue
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if kind == _MORTAL:
                _end(folder)
            _remove(name, above)
        except OSError:  # its runwrap lives, or it is another user's
            continue
        finally:
            os.close(folder)


def _kind(name: str) -> str:
    """Return what a name of our making begins with, '' for any other, even if it is similar."""
    kind, pid, mark = [*name.rsplit("-", 2), "", ""][:3]
    ours = pid.isdigit() and len(mark) == 8 and not mark.strip("0123456789abcdef")
    return kind if ours and kind in (_MORTAL, _LASTING) else ""


def _end(folder: int) -> None:
    """Kill all that is in it, and wait until it is dead, but not for ever."""
    try:
        native.kill(folder)
        native.wait_until_empty(folder, _PATIENCE)
    except OSError:  # it is gone, or may not be killed
        return


def _remove(name: str, above: int) -> bool:
    try:
        native.remove(name, above)
    except OSError:  # something is in it still: the next runwrap will look again
        return False
    return True


def _reason(place: str, error: OSError) -> str:
    why = f"no cgroup can be had in {place}: {error.strerror}"
    return f"{why}; {_DELEGATE}" if error.errno in (errno.EACCES, errno.EPERM) else why
