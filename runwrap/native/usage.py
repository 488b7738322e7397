"""What ended processes have used."""

import os
import sys

_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes of ru_maxrss (getrusage(2))


def wait(pid: int, options: int) -> tuple[int, int, float, int]:
    """Wait as os.waitpid does; return also the seconds of CPU, and the peak of memory in bytes."""
    found, status, used = os.wait4(pid, options)
    return found, status, used.ru_utime + used.ru_stime, used.ru_maxrss * _UNIT


def own_peak() -> int:
    """Return our own peak of memory in bytes: what we start counts it as its own (Linux)."""
    import resource  # as os.wait4 has done by then

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT


def of_children() -> tuple[float, int]:
    """Return the seconds of CPU, and the largest peak of memory in bytes, of all we waited for.

    What these had waited for themselves is among it.
    """
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime, used.ru_maxrss * _UNIT
