"""A program that `kill.py` runs: starts sleepers, says so, and sleeps as well.

`crowd.py FIFO COUNT sessions|orphans`: each sleeper has a session of its own, and as an orphan no
parent but who adopts it. All of them hold the FIFO open, and none lives longer than LIFETIME.
"""

import os
import sys
import time

LIFETIME = 60  # seconds


def sleeper() -> None:
    """Start one that nobody waits for."""
    words = ["sleep", str(LIFETIME)]
    os.posix_spawnp(words[0], words, os.environ, setsid=True)


def orphan() -> None:
    """Start one whose parent is dead, as a daemon does."""
    parent = os.fork()
    if parent == 0:
        os.setsid()
        sleeper()
        os._exit(0)
    os.waitpid(parent, 0)


def main(fifo: str, count: str, kind: str) -> None:
    """Start them all."""
    life = os.open(fifo, os.O_WRONLY)
    os.set_inheritable(life, True)
    for _ in range(int(count)):
        if kind == "orphans":
            orphan()
        else:
            sleeper()
    os.write(life, b"\n")
    time.sleep(LIFETIME)


main(*sys.argv[1:])
