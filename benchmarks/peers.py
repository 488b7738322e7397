"""Whom runwrap is compared with: what is installed here, and which version it is."""

import importlib.metadata
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar

RUNWRAP = str(Path(sys.executable).with_name("runwrap"))
PYTHON = (sys.executable, "-c")
SUBPROCESS = (
    "from subprocess import run; from sys import argv; run(argv[2:], timeout=float(argv[1]))"
)

Value = TypeVar("Value")


class Program(NamedTuple):
    """A program, how it is asked for its version, and a word that must be in its answer."""

    name: str
    ask: tuple[str, ...] = ("--version",)
    sign: str = ""


PROGRAMS = {
    "GNU timeout": Program("timeout", sign="GNU"),
    "busybox": Program("busybox", ask=()),
    "tini": Program("tini"),
    "dumb-init": Program("dumb-init"),
    "catatonit": Program("catatonit"),
    "setsid": Program("setsid"),
    "bash": Program("bash"),
    "dash": Program("dash", ask=("-c", "")),
}


@cache
def version(name: str) -> str | None:
    """Return a peer's version, '' if it doesn't tell, and None if it isn't installed."""
    if name == "Python":
        return platform.python_version()
    if name not in PROGRAMS:
        return _of_library(name)
    program = PROGRAMS[name]
    if shutil.which(program.name) is None:
        return None
    asked = [program.name, *program.ask]
    told = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=10)
    said = told.stdout + told.stderr
    if program.sign not in said:
        return None
    words = (word.strip("v,").partition("_")[0] for word in said.split())
    return next((word for word in words if "." in word and _numeric(word)), "")


def _numeric(word: str) -> bool:
    return any(letter in "0123456789" for letter in word)


def _of_library(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def runwrap() -> str:
    """Return the version of what is measured."""
    return _of_library("runwrap") or "unknown"


def everyone() -> tuple[str, ...]:
    """Return the names of all peers, installed or not."""
    return (*PROGRAMS, "psutil", "Python")


def here(cases: Mapping[str, tuple[str, Value]]) -> dict[str, Value]:
    """Keep the cases whose peer, the first of each pair, is installed; '' is nobody's."""
    return {
        name: case for name, (peer, case) in cases.items() if not peer or version(peer) is not None
    }


def rows_first(names: Iterable[str]) -> list[str]:
    """Order cases for a table: runwrap's own first, the others as they are."""
    return sorted(names, key=lambda name: not name.startswith("runwrap"))
