"""How late a limit is kept: when the command is dead, and when its wrapper has exited."""

import os
import tempfile
import time
from statistics import median
from typing import NamedTuple

from benchmarks import peers, pen
from benchmarks.peers import PYTHON, RUNWRAP, SUBPROCESS
from benchmarks.rounds import in_turn, p95
from benchmarks.table import Table, ms

ROUNDS = 20
LIMIT = 0.2
GNU = "GNU timeout"
BARE = "no wrapper"


class Limited(NamedTuple):
    """A wrapper's words, and the limit in them, in seconds."""

    words: tuple[str, ...]
    limit: float = LIMIT


class Times(NamedTuple):
    """Seconds until the command said that it runs, and from then until the limit was kept."""

    spoken: float
    dead: float
    exited: float


WRAPPERS: dict[str, tuple[str, Limited]] = {
    "runwrap run -t": ("", Limited((RUNWRAP, "run", "-t", str(LIMIT), "--"))),
    "runwrap timeout": ("", Limited((RUNWRAP, "timeout", str(LIMIT)))),
    GNU: (GNU, Limited(("timeout", str(LIMIT)))),
    # It knows whole seconds only.
    "busybox timeout": ("busybox", Limited(("busybox", "timeout", "1"), 1.0)),
    "Python's subprocess.run": ("Python", Limited((*PYTHON, SUBPROCESS, str(LIMIT)))),
    BARE: ("", Limited((), 0.0)),
}
# It opens the FIFO for as long as it lives, says that it runs, and becomes a sleep.
COMMAND = ("sh", "-c", 'exec 3>"$0"; echo >&3; exec sleep 20')
ABOUT = f"""\
A `sleep` under a limit of {LIMIT:g} s (busybox: 1 s, it knows no fractions). The limit counts from
the command's start, which is when it says that it runs, less what it takes to say so by itself."""


def tables(quick: bool) -> list[Table]:
    """Return the table of lateness."""
    with tempfile.TemporaryDirectory() as folder:
        fifo = os.path.join(folder, "life")
        os.mkfifo(fifo)
        cases = peers.here(WRAPPERS)
        found = in_turn(cases, lambda one: _timed(one, fifo), 1 if quick else ROUNDS)
    until_said = median(times.spoken for times in found.pop(BARE))
    late = {
        name: [until_said + times.exited - cases[name].limit for times in found[name]]
        for name in found
    }
    rows = []
    for name in peers.rows_first(found):
        against = "-"
        if GNU in late:
            pairs = zip(late[name], late[GNU], strict=True)
            against = ms(median(one - gnu for one, gnu in pairs))
        between = median(times.exited - times.dead for times in found[name])
        rows.append([name, against, ms(median(late[name])), ms(p95(late[name])), ms(between)])
    head = ["", "exit after GNU's, ms", "exit after limit, ms", "p95 ms", "death to exit, ms"]
    return [Table("Keeping a limit", ABOUT, head, rows)]


def _timed(one: Limited, fifo: str) -> Times:
    """Run a command until its limit is kept; without a wrapper, until it says that it runs."""
    life = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    begin = time.monotonic()
    wrapper = pen.start([*one.words, *COMMAND, fifo])
    handle = os.pidfd_open(wrapper)
    pen.heard(life)
    said = time.monotonic()
    when = pen.ends({life, handle}) if one.words else {life: said, handle: said}
    os.close(life)
    os.close(handle)
    pen.end_all()
    if len(when) < 2:
        raise pen.Failed(f"{' '.join(one.words)}: the limit was not kept")
    return Times(said - begin, when[life] - said, when[handle] - said)
