"""What a wrapper adds to the shortest of commands, and what it takes while it waits for one."""

import os
import time
from collections.abc import Iterable
from statistics import median

from benchmarks import peers, pen
from benchmarks.peers import PYTHON, RUNWRAP, SUBPROCESS
from benchmarks.rounds import in_turn, p95, ratio
from benchmarks.table import Table, ms, times

ROUNDS = 60
SETTLE = 0.5  # seconds until a wrapper has nothing left to do but wait
LOOK = 2.0  # seconds in which its wake-ups are counted
UNIT = "python -c pass"
_HANDED_ON = ('"$@"; exit $?', "sh")  # so that the shell stays, and doesn't become the command

Words = tuple[str, ...]

WRAPPERS: dict[str, tuple[str, Words]] = {
    "runwrap run": ("", (RUNWRAP, "run", "--")),
    "runwrap run -t": ("", (RUNWRAP, "run", "-t", "60", "--")),
    "runwrap timeout": ("", (RUNWRAP, "timeout", "60")),
    "runwrap pipe, 1 stage": ("", (RUNWRAP, "pipe")),
    "GNU timeout": ("GNU timeout", ("timeout", "60")),
    "busybox timeout": ("busybox", ("busybox", "timeout", "60")),
    "tini -s": ("tini", ("tini", "-s", "--")),
    "dumb-init": ("dumb-init", ("dumb-init", "--")),
    "catatonit": ("catatonit", ("catatonit", "--")),
    "setsid -w": ("setsid", ("setsid", "-w")),
    "bash -c": ("bash", ("bash", "-c", *_HANDED_ON)),
    "Python's subprocess.run": ("Python", (*PYTHON, SUBPROCESS, "60")),
}


def tables(quick: bool) -> list[Table]:
    """Return the table of starts, and that of waiting."""
    wrappers = peers.here(WRAPPERS)
    return [_starts(wrappers, 1 if quick else ROUNDS), _waiting(wrappers, 0.1 if quick else LOOK)]


def _starts(wrappers: dict[str, Words], rounds: int) -> Table:
    cases = {name: _around(words, "true") for name, words in wrappers.items()}
    cases |= {UNIT: (*PYTHON, "pass"), "true itself": ("true",)}
    found = in_turn(cases, pen.run, rounds)
    unit = [used.wall for used in found[UNIT]]
    unit_cpu = [used.cpu for used in found[UNIT]]
    rows = []
    for name in peers.rows_first(found):
        wall, cpu = zip(*found[name], strict=True)
        ratios = [times(ratio(wall, unit)), times(ratio(cpu, unit_cpu))]
        rows.append([name, *ratios, ms(median(wall)), ms(p95(wall)), ms(median(cpu))])
    return Table(
        "Starting a command",
        f"`true` under each wrapper. The unit is `{UNIT}` of the same interpreter: less no wrapper "
        "in Python can cost. CPU is that of all processes, the command's too.",
        ["", "time / unit", "CPU / unit", "ms", "p95 ms", "CPU ms"],
        rows,
    )


def _around(words: Words, *command: str) -> Words:
    """Return a wrapper's words with a command; a pipeline is given as one operand."""
    return (*words, " ".join(command)) if words[1:] == ("pipe",) else (*words, *command)


def _waiting(wrappers: dict[str, Words], look: float) -> Table:
    """Start all wrappers at once, as they have nothing to do, and look at their processes."""
    started = {name: pen.start(_around(words, "sleep", "20")) for name, words in wrappers.items()}
    time.sleep(SETTLE)
    watched = {
        name: _processes(pid, wrappers[name][0], started.values()) for name, pid in started.items()
    }
    before = {name: sum(map(_switches, pids)) for name, pids in watched.items()}
    time.sleep(look)
    woken = {name: sum(map(_switches, pids)) - before[name] for name, pids in watched.items()}
    rows = [
        [
            name,
            str(len(watched[name])),
            _mib(sum(_field(pid, "status", "VmHWM") for pid in watched[name])),
            _mib(sum(_field(pid, "smaps_rollup", "Pss") for pid in watched[name])),
            f"{woken[name] / look:.0f}",
        ]
        for name in peers.rows_first(started)
    ]
    pen.end_all()
    return Table(
        "Waiting for a command",
        "While `sleep` runs, without the `sleep`. The peak is added up over a wrapper's processes; "
        "the share divides what processes have in common among them (PSS).",
        ["", "processes", "peak RSS, MiB", "share, MiB", "wake-ups/s"],
        rows,
    )


def _processes(root: int, program: str, started: Iterable[int]) -> list[int]:
    """Return the pids of a wrapper's own processes: all but the command.

    One that has left its parent, as busybox's timer does, is known by the program's name.
    """
    kin = pen.family(os.getpid())
    own = {root, *(one.pid for one in pen.family(root))}
    own |= {one.pid for one in kin if one.parent == os.getpid() and one.name == program} - {
        *started
    }
    return [one.pid for one in kin if one.pid in own and one.name != "sleep"]


def _switches(pid: int) -> int:
    return sum(
        _field(pid, "status", f"{kind}_ctxt_switches") for kind in ("voluntary", "nonvoluntary")
    )


def _field(pid: int, file: str, name: str) -> int:
    """Return a number from a file in /proc/PID; 0 where the system doesn't tell."""
    try:
        with open(f"/proc/{pid}/{file}") as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
    except (OSError, StopIteration):
        return 0


def _mib(kib: int) -> str:
    return f"{kib / 1024:.1f}"
