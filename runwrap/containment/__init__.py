"""Keeping hold of every process of a job, behind one contract."""

import os

from runwrap.native import set_subreaper

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.containment.contract import Containment


GROUP, MEMBERS, LEADER = "group", "members", "leader"  # how far a signal to the job reaches


def choose(tier: str, *, lasting: bool) -> "Containment":
    """Return a containment of the tier asked for; `auto` is a reaper, or else a group.

    `lasting`: what is left of the job in the end may live on.

    Raise OSError where the tier can't be had on this system.
    """
    if tier == "strict":
        from runwrap.containment.strict import Strict

        return Strict()
    if tier != "group" and set_subreaper():
        if tier == "reaper+cgroup":
            from runwrap.containment.cgroup import CgroupReaper
            from runwrap.containment.own_cgroup import OwnCgroup
            from runwrap.native.linux_cgroups import own_folder

            return CgroupReaper(OwnCgroup(own_folder(), lasting=lasting))
        from runwrap.containment.reaper import Reaper

        return Reaper()
    if tier in ("reaper", "reaper+cgroup"):
        raise OSError(0, "this system has no child subreaper; use --contain=group")
    from runwrap.containment.group import Group

    return Group()


def send(target: int, number: int) -> None:
    """Signal an unreaped child, or a process group by its negative number.

    What is gone needs no signal; what may not be signalled is named at the end, if it stays.
    """
    try:
        os.kill(target, number)
    except (ProcessLookupError, PermissionError):
        return
