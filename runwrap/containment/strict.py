"""The `strict` tier: a PID namespace, whose processes the kernel itself ends with its PID 1.

Whoever makes a Strict stays outside; its next child is PID 1, and supervises. With the privilege
for it that takes no more than a PID namespace; else a user namespace comes with it.
"""

from runwrap.containment.reaper import Reaper
from runwrap.native import namespaces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_NOT_PERMITTED, _LIMITED = 1, 28  # EPERM, ENOSPC
# What administrators forbid it by, and the value that does.
_SETTINGS = {
    "user/max_user_namespaces": "0",
    "user/max_pid_namespaces": "0",
    "user/max_mnt_namespaces": "0",
    "kernel/unprivileged_userns_clone": "0",
    "kernel/apparmor_restrict_unprivileged_userns": "1",
}


class Strict(Reaper):
    """All that is in the PID namespace of which we are PID 1."""

    name = "strict"
    sealed = True

    def __init__(self) -> None:
        """Have our next child be PID 1 of a new namespace; OSError with the reason if not."""
        super().__init__()
        self.wants_guardian = True
        try:
            namespaces.enter_pid_namespace()
        except OSError as error:
            if error.errno != _NOT_PERMITTED:
                raise _refused("no PID namespace can be made", error) from error
            _try("no user namespace can be made", namespaces.enter_user_and_pid_namespace)

    def prepare(self) -> None:
        """Take our own /proc: without it nobody inside could look into the job, nor could we."""
        _try("/proc cannot be mounted anew", namespaces.mount_own_proc)


def _try(refusal: str, step: "Callable[[], None]") -> None:
    try:
        step()
    except OSError as error:
        raise _refused(refusal, error) from error


def _refused(refusal: str, error: OSError) -> OSError:
    reasons = [
        f"{path.replace('/', '.')} is {forbidden}"
        for path, forbidden in _SETTINGS.items()
        if namespaces.setting(path) == forbidden
    ]
    if namespaces.seccomp_filters():
        reasons.append("a seccomp filter is in force")
    why = f" ({', '.join(reasons)})" if reasons else ""
    what = "their number is limited" if error.errno == _LIMITED else error.strerror
    return OSError(error.errno, f"{refusal}: {what}{why}")
