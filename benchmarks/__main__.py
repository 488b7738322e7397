"""Runs the benchmarks and writes their tables: `python -m benchmarks --help`."""

import argparse
import datetime
import importlib
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import peers, pen
from benchmarks.table import Table

ALL = ("startup", "deadline", "pipes", "kill", "reap")
METHOD = """\
`make bench` makes this page. It builds a wheel, installs it into an environment of its own, and
runs `python -m benchmarks` there, so that what is measured is what people get. It installs no
peers: those that are missing are left out.

Within a table every case is run once a round, in another order each time, so that noise falls on
all alike. A ratio is the median of the ratios within each round; times without a p95 are medians,
too. Compare the ratios: the times belong to one machine on one day. A crowd is dead when the last
process has let go of a FIFO that all of them hold open. Everything is started without a terminal,
as cron would.
"""


def main(words: Sequence[str]) -> int:
    """Run what is asked for; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="*", help=f"one of {', '.join(ALL)}; default: all")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the page to a file")
    parser.add_argument("--quick", action="store_true", help="the smallest sizes, one round")
    asked = parser.parse_args(words)
    if unknown := set(asked.name) - set(ALL):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    try:
        with pen.closed():
            page = _page(asked.name or ALL, asked.quick)
    except pen.Failed as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    if asked.write:
        asked.write.parent.mkdir(exist_ok=True)
        asked.write.write_text(page, encoding="utf-8")
    else:
        print(page, end="")
    return 0


def _page(names: Sequence[str], quick: bool) -> str:
    about = _circumstances()  # before our own load is part of it
    made: list[Table] = []
    for name in names:
        print(f"benchmarks: {name} ...", file=sys.stderr)
        made += importlib.import_module(f"benchmarks.{name}").tables(quick)
    parts = ["# Benchmarks\n", METHOD, about, *(table.markdown() for table in made)]
    return "\n".join(parts)


def _circumstances() -> str:
    today = datetime.datetime.now(datetime.timezone.utc).date()
    kernel = platform.release().partition("-")[0]
    told = {name: peers.version(name) for name in peers.everyone()}
    there = [f"{name} {said}".rstrip() for name, said in told.items() if said is not None]
    missing = [name for name, said in told.items() if said is None]
    lines = [
        f"- {today}, load average {os.getloadavg()[0]:.1f} when it began",
        f"- {_processor()}, {len(os.sched_getaffinity(0))} cores, Linux {kernel}",
        f"- runwrap {peers.runwrap()}, beside {', '.join(there)}",
        f"- not installed here: {', '.join(missing) or 'none of the peers'}",
    ]
    return "\n".join(lines) + "\n"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


sys.exit(main(sys.argv[1:]))
