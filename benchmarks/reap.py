"""How fast a wrapper reaps orphans that die all at once, as PID 1 where the system lets us."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks import peers, pen
from benchmarks.peers import RUNWRAP
from benchmarks.rounds import in_turn, ratio
from benchmarks.table import Table, times

ROUNDS = 6
COUNT = 1000
UNIT = "tini"
STORM = (sys.executable, "-IS", str(Path(__file__).with_name("storm.py")))

AS_SUBREAPER: dict[str, tuple[str, tuple[str, ...]]] = {
    "runwrap run": ("", (RUNWRAP, "run", "--")),
    UNIT: ("tini", ("tini", "-s", "--")),
    "catatonit": ("catatonit", ("catatonit", "--")),
}
AS_PID_1 = AS_SUBREAPER | {
    UNIT: ("tini", ("tini", "--")),
    "dumb-init": ("dumb-init", ("dumb-init", "--")),
    "bash": ("bash", ("bash", "-c", '"$@"; exit $?', "bash")),
}


class Reaped(NamedTuple):
    """Seconds in which all were reaped, zombies left, and seconds of the wrapper's CPU time."""

    seconds: float
    zombies: int
    cpu: float


def tables(quick: bool) -> list[Table]:
    """Return the table of reaping."""
    rounds, count = (1, 20) if quick else (ROUNDS, COUNT)
    inside = _namespace()
    cases = peers.here(AS_PID_1 if inside else AS_SUBREAPER)
    found = in_turn(cases, lambda words: _reaped((*inside, *words), count), rounds)
    rows = []
    for name in peers.rows_first(found):
        seconds, zombies, cpu = zip(*found[name], strict=True)
        ratios = ["-", "-"]
        if UNIT in found:
            unit, _, unit_cpu = zip(*found[UNIT], strict=True)
            ratios = [times(ratio(seconds, unit)), times(ratio(cpu, unit_cpu))]
        speed = f"{count / median(seconds):.0f}"
        rows.append([name, str(max(zombies)), *ratios, speed, f"{median(cpu) / count * 1e6:.1f}"])
    role = "PID 1 of a namespace" if inside else "a subreaper"
    about = f"{count} orphans die at once under a wrapper that is {role}, which reaps them."
    head = ["", "zombies left", "time / tini", "CPU / tini", "orphans/s", "CPU µs/orphan"]
    return [Table("Reaping orphans", about, head, rows)]


@cache
def _namespace() -> tuple[str, ...]:
    """Return the words that make what follows PID 1, none where this isn't allowed."""
    user = ("--user", "--map-root-user") if os.geteuid() else ()
    words = ("unshare", *user, "--pid", "--fork", "--mount-proc", "--kill-child")
    try:
        tried = subprocess.run([*words, "true"], capture_output=True, check=False, timeout=10)
    except OSError:
        return ()
    return words if tried.returncode == 0 else ()


def _reaped(words: tuple[str, ...], count: int) -> Reaped:
    said = pen.said([*words, *STORM, str(count)])
    seconds, waiting, zombies, nanoseconds = said.split()
    if int(waiting) != count:
        raise pen.Failed(f"{words[-1]}: {waiting} orphans came to it instead of {count}")
    return Reaped(float(seconds), int(zombies), float(nanoseconds) / 1e9)
