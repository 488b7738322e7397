"""Descriptors of our own, kept out of the command's way."""

import os


def above_stdio(descriptor: int) -> int:
    """Move a descriptor out of 0-2, which are the command's even where the caller closed them."""
    if descriptor > 2:
        return descriptor
    import fcntl

    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 3)
    os.close(descriptor)
    return moved
