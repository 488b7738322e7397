"""The examples of the manual, and a place where they can be run for real."""

import itertools
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import RUNWRAP, Result, Running

MAN = Path(__file__).parent.parent / "man"
_SPELLED = {r"\-": "-", r"\(aq": "'", r"\(dq": '"', r"\(ga": "`", r"\e": "\\", r"\&": ""}

tried: set[str] = set()


def example(text: str) -> pytest.MarkDecorator:
    """Let a test run an example; it gets the lines as the page has them."""
    tried.add(text)
    return pytest.mark.parametrize("lines", [text], ids=["example"])


def examples_in(page: Path) -> Iterator[str]:
    """Yield a page's examples: displayed lines that stand together are one."""
    section = page.read_text().partition(".Sh EXAMPLES\n")[2].partition(".Sh ")[0]
    for block in re.findall(r"^\.Bd .*\n((?:.*\n)*?)\.Ed$|((?:^\.Dl .*\n)+)", section, re.M):
        rows = "".join(block).splitlines()
        yield "\n".join(_as_shown(row.removeprefix(".Dl ")) for row in rows)


def _as_shown(row: str) -> str:
    return re.sub(r"\\(?:\(..|.)", lambda found: _SPELLED[found[0]], row)


def every_example() -> set[str]:
    """Return the examples of all pages."""
    return set(itertools.chain.from_iterable(map(examples_in, MAN.iterdir())))


class Place:
    """A folder to run examples in, whose stand-ins for programs are first in PATH."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.bin.mkdir()
        (self.bin / "runwrap").symlink_to(RUNWRAP)

    def program(self, name: str, script: str) -> Path:
        """Make a program that is a shell script; with a slash in its name, in the folder."""
        path = self.folder / name if "/" in name else self.bin / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    def script(self, text: str) -> str:
        """Write an example that is a script; return the line that runs it."""
        path = self.folder / "script"
        path.write_text(text + "\n")
        path.chmod(0o755)
        return "./script"

    def start(self, line: str, shell: str = "bash") -> Running:
        """Type a line into a shell that has no terminal."""
        env = {"PATH": f"{self.bin}:{os.environ['PATH']}", "HOME": str(self.folder)}
        return Running("-c", line, program=(shell,), env=env, cwd=self.folder)

    def run(self, line: str, shell: str = "bash") -> Result:
        return self.start(line, shell).wait()

    def read(self, name: str) -> str:
        return (self.folder / name).read_text()
