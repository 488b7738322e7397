"""`runwrap timeout` is GNU's timeout, row by row; GNU's own shows that the table is right."""

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.support import PATIENCE, RUNWRAP
from tests.timeout_rows import ROWS, Ending, Row
from tests.timeout_runs import run

RUNWRAP_TIMEOUT = (RUNWRAP, "timeout")
GNU_TIMEOUT = ("timeout",)
ME = "timeout: "

ALL = {f"{group} {row.name}": row for group, rows in ROWS.items() for row in rows}
every_row = pytest.mark.parametrize(
    "row", [pytest.param(row, id=name.replace(" ", "-")) for name, row in ALL.items()]
)
Version = tuple[int, ...]


@every_row
def test_runwrap_timeout_does_as_the_current_gnu_timeout(row: Row, tmp_path: Path) -> None:
    check(row, row.ours or row.ends, RUNWRAP_TIMEOUT, tmp_path)


@every_row
def test_the_machines_gnu_timeout_does_as_its_version(row: Row, tmp_path: Path) -> None:
    installed = gnu_version()
    if not installed:
        pytest.skip("the machine's timeout is not GNU's")
    wanted = row.ends
    if not row.proved and installed >= version(row.differs):
        pytest.skip(f"what GNU's timeout does since {row.differs} is inferred")
    if row.differs and installed < version(row.differs):
        assert row.before is not None
        wanted = row.before
    check(row, wanted, GNU_TIMEOUT, tmp_path)


def test_no_two_rows_have_the_same_name() -> None:
    assert len(ALL) == sum(map(len, ROWS.values()))


def check(row: Row, wanted: Ending, program: tuple[str, ...], folder: Path) -> None:
    """Compare how a row ended with how it should have."""
    if row.core and not dumps_core_here():
        pytest.skip("core dumps don't go to a file in the working directory")
    seen = run(row, program, folder, within=0 if wanted.left else PATIENCE)
    assert same(wanted.out, seen.out) and same(wanted.err, seen.err), seen
    assert (seen.status, seen.left) == (wanted.status, wanted.left), seen
    assert seen.stopped == wanted.stopped, seen


def same(wanted: str | re.Pattern[str], seen: str | re.Pattern[str]) -> bool:
    assert isinstance(seen, str)
    if isinstance(wanted, str):
        return wanted.replace("{me}", ME) == seen
    return wanted.fullmatch(seen) is not None


def version(text: str) -> Version:
    return tuple(map(int, text.split(".")))


@cache
def gnu_version() -> Version | None:
    """Return the version of the machine's timeout, None where it is not GNU's."""
    if not shutil.which(*GNU_TIMEOUT):
        return None
    asked = subprocess.run([*GNU_TIMEOUT, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"timeout \(GNU coreutils\) ([\d.]+)", asked.stdout)
    return version(found[1].rstrip(".")) if found else None


def dumps_core_here() -> bool:
    return not Path("/proc/sys/kernel/core_pattern").read_text().startswith(("|", "/"))
