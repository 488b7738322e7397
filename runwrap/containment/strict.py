"""The `strict` tier: a PID namespace, whose processes the kernel itself ends with its PID 1.

Whoever makes a Strict stays outside; its next child is PID 1, and supervises. With the privilege
for it that takes no more than a PID namespace; else a user namespace comes with it.
"""

from runwrap.containment.reaper import Reaper
from runwrap.native import namespaces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_LIMITED = 28  # ENOSPC
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
            _try("no PID namespace can be made", namespaces.enter_pid_namespace)
        except PermissionError:
            _try("no user namespace can be made", namespaces.enter_user_and_pid_namespace)

    def prepare(self) -> None:
        """Take our own /proc: without it nobody inside could look into the job, nor could we."""
        _try("/proc cannot be mounted anew", namespaces.mount_own_proc)


def _try(refusal: str, step: "Callable[[], None]") -> None:
    """Take a step; OSError with what administrators may have done, where it can't be taken."""
    try:
        step()
    except OSError as error:
        what = "their number is limited" if error.errno == _LIMITED else error.strerror
        raise OSError(error.errno, f"{refusal}: {what}{_reasons()}") from error


def _reasons() -> str:
    settings = [one for one in _SETTINGS.items() if namespaces.setting(one[0]) == one[1]]
    reasons = [f"{path.replace('/', '.')} is {forbidden}" for path, forbidden in settings]
    if namespaces.seccomp_filters():
        reasons.append("a seccomp filter is in force")
    return f" ({', '.join(reasons)})" if reasons else ""
