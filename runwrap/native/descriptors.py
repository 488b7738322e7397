"""Descriptors of our own, kept out of the command's way."""

import os


def pipe() -> tuple[int, int]:
    """Return the ends of a new pipe, to read from and to write to, both above 2."""
    read, write = os.pipe()
    return above_stdio(read), above_stdio(write)


def above_stdio(descriptor: int) -> int:
    """Move a descriptor out of 0-2, which are the command's even where the caller closed them."""
    if descriptor > 2:
        return descriptor
    import fcntl

    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 3)
    os.close(descriptor)
    return moved
