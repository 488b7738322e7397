"""How long it takes until a crowd of processes has ended, and who of it survives."""

import math
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks import cgroup, peers, pen
from benchmarks.peers import RUNWRAP
from benchmarks.rounds import in_turn, ratio
from benchmarks.table import Table, ms, times

ROUNDS = 4
SIZE = 200
PATIENCE = 0.3  # seconds after which who lives is a survivor
FLOOR = "cgroup.kill"
HERE = Path(__file__).parent


class Way(NamedTuple):
    """A way to end a crowd: what its command is started under, and what strikes it then.

    `strike` gets the pid of what was started, and returns that of the process whose exit tells that
    the work is done.
    """

    under: tuple[str, ...]
    strike: Callable[[int], int]


class Ended(NamedTuple):
    """Seconds from the strike until the striker has exited and all are dead; inf for never."""

    exited: float
    dead: float
    survivors: int


def _ask(root: int) -> int:
    os.kill(root, signal.SIGTERM)
    return root


def _kill_group(root: int) -> int:
    os.killpg(root, signal.SIGKILL)
    return root


def _by(*words: str) -> Way:
    """Return the way of a program that is given a pid."""
    return Way((), lambda root: pen.start([*words, str(root)]))


WRAPPERS: dict[str, tuple[str, Way]] = {
    "runwrap run, TERM": ("", Way((RUNWRAP, "run", "--"), _ask)),
    "runwrap run --leak-timeout 0, TERM": (
        "",
        Way((RUNWRAP, "run", "--leak-timeout", "0", "--"), _ask),
    ),
    "GNU timeout, TERM": ("GNU timeout", Way(("timeout", "60"), _ask)),
    "tini -s -g, TERM": ("tini", Way(("tini", "-s", "-g", "--"), _ask)),
    "dumb-init, TERM": ("dumb-init", Way(("dumb-init", "--"), _ask)),
    "catatonit, TERM": ("catatonit", Way(("catatonit", "--"), _ask)),
    "kill -9 -PGID": ("", Way((), _kill_group)),
}
OUTSIDERS: dict[str, tuple[str, Way]] = {
    "runwrap kill-tree": ("", _by(RUNWRAP, "kill-tree")),
    "psutil's recipe": ("psutil", _by(sys.executable, str(HERE / "by_psutil.py"))),
}


def tables(quick: bool) -> list[Table]:
    """Return a table for sessions of their own, and one for orphans."""
    rounds, size = (1, 5) if quick else (ROUNDS, SIZE)
    sessions = (
        "Each has a session of its own, and its parent is alive. A wrapper is sent SIGTERM; the "
        "other ways strike from outside. TERM ends the command; what it leaves running has 200 ms "
        "to end by itself, unless runwrap is told otherwise."
    )
    orphans = (
        "Each forked twice, as daemons do. From outside nothing but a cgroup knows any more to "
        "whom they belong, so neither `kill-tree` nor psutil is here: they would leave all."
    )
    with cgroup.made() as own:
        floor = {FLOOR: ("", Way(own.enter, own.kill))} if own else {}
        ways = WRAPPERS | floor
        return [
            _table(f"{size} processes", sessions, ways | OUTSIDERS, ("sessions", size), rounds),
            _table(f"{size} orphans", orphans, ways, ("orphans", size), rounds),
        ]


def _table(
    title: str,
    about: str,
    ways: dict[str, tuple[str, Way]],
    crowd: tuple[str, int],
    rounds: int,
) -> Table:
    with tempfile.TemporaryDirectory() as folder:
        fifo = os.path.join(folder, "life")
        os.mkfifo(fifo)
        kind, size = crowd
        words = (sys.executable, "-IS", str(HERE / "crowd.py"), fifo, str(size), kind)
        found = in_turn(peers.here(ways), lambda way: _ended(way, words, fifo), rounds)
    floor = [one.dead for one in found[FLOOR]] if FLOOR in found else None
    rows = []
    for name in peers.rows_first(found):
        exited, dead, survivors = zip(*found[name], strict=True)
        never = math.inf in dead
        against = "-" if never or floor is None else times(ratio(dead, floor))
        last = "never" if never else ms(median(dead))
        rows.append([name, str(max(survivors)), against, last, ms(median(exited))])
    return Table(
        f"Ending {title}",
        about,
        ["", "survivors", "death / floor", "all dead, ms", "exit, ms"],
        rows,
    )


def _ended(way: Way, crowd: tuple[str, ...], fifo: str) -> Ended:
    """Start a crowd, strike it, and count who lives a while after the striker's exit."""
    life = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    with pen.reaped_by_kernel():
        root = pen.start([*way.under, *crowd])
        handle = os.pidfd_open(root)  # now, since soon its number may be another's
        pen.heard(life)
        begin = time.monotonic()
        striker = way.strike(root)
        if striker != root:
            os.close(handle)
            handle = os.pidfd_open(striker)
        when = pen.ends({life, handle}, handle, PATIENCE)
        survivors = 0 if life in when else pen.alive()
    exited = when.get(handle, math.inf) - begin
    os.close(life)
    os.close(handle)
    pen.end_all()
    return Ended(exited, when.get(life, math.inf) - begin, survivors)
