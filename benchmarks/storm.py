"""A program that `reap.py` runs: orphans that all die at once, for our parent to reap.

`storm.py COUNT`: writes to standard output, in one line, the seconds until all were reaped, the
zombies left, and the nanoseconds of CPU time that our parent took for it. The orphans wait for a
pipe of ours to end, so none outlives us.
"""

import os
import sys
import time
from pathlib import Path

PATIENCE = 10.0  # seconds that the parent is given
PAUSE = 0.001  # seconds between two looks
SHELL = 'i=0; while [ $i -lt "$0" ]; do read line <&"$1" & i=$((i + 1)); done'


def children(pid: int) -> int:
    """Count a process's children but for us, the dead included."""
    found = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += len((task / "children").read_text().split())
    return found - 1


def cpu(pid: int) -> int:
    """Return the nanoseconds of CPU time that a process has used."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])


def main(count: str) -> None:
    """Start them by a shell that ends, so that they become our parent's; let them die, look on."""
    parent = os.getppid()
    read, write = os.pipe()
    os.set_inheritable(read, True)
    words = ["sh", "-c", SHELL, count, str(read)]
    shell = os.posix_spawnp(words[0], words, os.environ)
    os.waitpid(shell, 0)
    os.close(read)
    waiting, before, begin = children(parent), cpu(parent), time.monotonic()
    os.close(write)
    while (left := children(parent)) and time.monotonic() < begin + PATIENCE:
        time.sleep(PAUSE)
    print(time.monotonic() - begin, waiting, left, cpu(parent) - before)


main(*sys.argv[1:])
