"""A program that `kill.py` runs: ends a process and its descendants as psutil's manual has it."""

import sys
from contextlib import suppress

import psutil

root = psutil.Process(int(sys.argv[1]))
victims = [root, *root.children(recursive=True)]
for victim in victims:
    with suppress(psutil.NoSuchProcess):
        victim.kill()
psutil.wait_procs(victims, timeout=10)
