"""The kernel's namespaces, where there are any: a PID namespace, and a /proc that shows it.

Only the `strict` tier loads this, so it may have the public ctypes, which tells a call's errno.
Whatever makes or mounts something raises OSError.
"""

import ctypes
import os

from runwrap.native import children
from runwrap.native.linux import read, status_of

_CLONE_NEWNS, _CLONE_NEWUSER, _CLONE_NEWPID = 0x00020000, 0x10000000, 0x20000000
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REC, _MS_SLAVE = 2, 4, 8, 0x4000, 0x80000
_NO_CALL = 38  # ENOSYS


def enter_pid_namespace() -> None:
    """Make our next child PID 1 of a new PID namespace. It takes CAP_SYS_ADMIN."""
    _call("unshare", _CLONE_NEWPID)


def enter_user_and_pid_namespace() -> None:
    """Do the same without a privilege, in a new user namespace that maps our ids to themselves."""
    user, group = os.geteuid(), os.getegid()
    _call("unshare", _CLONE_NEWUSER | _CLONE_NEWPID)
    # The kernel wants setgroups gone before: a group may also be what keeps somebody out.
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{user} {user} 1")
    _write("/proc/self/gid_map", f"{group} {group} 1")


def mount_own_proc() -> None:
    """See only our own PID namespace in /proc, we and our children.

    What we mount stays with us; what is mounted or unmounted outside still reaches us, or we
    would hold on to what is to be unmounted.
    """
    _call("unshare", _CLONE_NEWNS)
    _call("mount", b"none", b"/", None, _MS_REC | _MS_SLAVE, None)
    _call("mount", b"proc", b"/proc", b"proc", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC, None)


def group_outside(init: int, group: int) -> int:
    """Return our number of a process group that is `group` in the PID namespace of `init`, or 0."""
    below = children(init)
    for pid in below:
        numbers = _row(pid, b"NSpgid")
        if numbers and numbers[-1] == group:
            return numbers[0]
        below += children(pid)
    return 0


def seccomp_filters() -> bool:
    """Tell whether a filter decides which system calls we may make."""
    return _row(os.getpid(), b"Seccomp") == [2]


def setting(path: str) -> str:
    """Return what a setting below /proc/sys is, '' where this kernel has none of that name."""
    try:
        return read(f"/proc/sys/{path}").decode().strip()
    except OSError:
        return ""


def _row(pid: int, label: bytes) -> list[int]:
    try:
        return [*map(int, status_of(pid).get(label, b"").split())]
    except OSError:
        return []


def _call(name: str, *arguments: bytes | int | None) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    function = getattr(libc, name, None)
    if function is None:
        raise OSError(_NO_CALL, "this system has no namespaces")
    if function(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _write(path: str, text: str) -> None:
    with open(os.open(path, os.O_WRONLY), "wb", 0) as opened:
        opened.write(text.encode())
