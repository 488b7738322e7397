"""The tiers of containment besides the reaper, which `job` takes where it can be had."""

from runwrap.containment import Containment
from runwrap.native import set_subreaper


def choose(tier: str, *, lasting: bool) -> "Containment":
    """Return a containment of a tier, OSError if it can't be had; `auto` is a reaper, else a group.

    `lasting`: what is left of the job in the end may live on.
    """
    if tier == "strict":
        from runwrap.containment.strict import Strict

        return Strict()
    if tier == "reaper+cgroup" and set_subreaper():
        from runwrap.containment.cgroup import CgroupReaper, OwnCgroup
        from runwrap.native.linux_cgroups import own_folder

        return CgroupReaper(OwnCgroup(own_folder(), lasting=lasting))
    if tier in ("reaper", "reaper+cgroup"):
        raise OSError(0, "this system has no child subreaper; use --contain=group")
    from runwrap.containment.group import Group

    return Group()
