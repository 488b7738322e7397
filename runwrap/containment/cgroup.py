"""The `reaper+cgroup` tier: a reaper whose job is born in a cgroup of its own.

The kernel kills a cgroup at once, which no storm of forks outruns; that nothing is left is proved
by ECHILD all the same, since a process may have left the cgroup.
"""

from runwrap.containment.own_cgroup import OwnCgroup
from runwrap.containment.reaper import Reaper


class CgroupReaper(Reaper):
    """A child subreaper that also holds the job's cgroup."""

    name = "reaper+cgroup"

    def __init__(self, cgroup: OwnCgroup, preexisting: frozenset[int] = frozenset()) -> None:
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
