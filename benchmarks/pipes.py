"""How fast pipelines start, and how fast data passes through them, against shells."""

import shutil
from statistics import median

from benchmarks import peers, pen
from benchmarks.peers import RUNWRAP
from benchmarks.rounds import in_turn, p95, ratio
from benchmarks.table import Table, ms, times

ROUNDS = 8
MIB = 1 << 20
BASH = "bash -c"

RUNNERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "runwrap pipe": ("", (RUNWRAP, "pipe")),
    BASH: ("bash", ("bash", "-c")),
    "dash -c": ("dash", ("dash", "-c")),
}
_TRUE = shutil.which("true") or "true"  # by its path a program: shells have one of their own
HEAD = ["", "time / bash", "CPU / bash", "ms", "p95 ms", "CPU ms"]


def tables(quick: bool) -> list[Table]:
    """Return a table for each kind of pipeline; all runners get the same text."""
    rounds = 1 if quick else ROUNDS
    large, small, stages = (1, 1, 5) if quick else (512, 64, 50)
    return [
        _table(f"3 stages, {large} MiB", _through(large, 3), rounds),
        _table(f"{stages} stages that end at once", " | ".join([_TRUE] * stages), rounds),
        _table(f"{stages} stages, {small} MiB", _through(small, stages), rounds),
    ]


def _through(mib: int, stages: int) -> str:
    """Return a pipeline that passes so much on from stage to stage."""
    return " | ".join([f"head -c {mib * MIB} /dev/zero", *["cat"] * (stages - 1)])


def _table(title: str, spec: str, rounds: int) -> Table:
    cases = {name: (*words, spec) for name, words in peers.here(RUNNERS).items()}
    found = in_turn(cases, pen.run, rounds)
    rows = []
    for name in peers.rows_first(found):
        wall, cpu = zip(*found[name], strict=True)
        ratios = ["-", "-"]
        if BASH in found:
            bash_wall, bash_cpu = zip(*found[BASH], strict=True)
            ratios = [times(ratio(wall, bash_wall)), times(ratio(cpu, bash_cpu))]
        rows.append([name, *ratios, ms(median(wall)), ms(p95(wall)), ms(median(cpu))])
    shown = spec if len(spec) < 60 else f"{spec[: spec.index('|', 20)]}| ..."
    return Table(f"A pipeline: {title}", f"`{shown}`", HEAD, rows)
