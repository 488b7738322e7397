"""Who may run the `strict` tier in a test, and how."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

NOBODY = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups")
_NEW = ("unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc", "true")
_NO_TOOLS = shutil.which("unshare") is None or shutil.which("setpriv") is None


def _works(*words: str) -> bool:
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def why_not(*before: str) -> str:
    """Say why a program that `before` starts can't have namespaces here, '' if it can."""
    if _NO_TOOLS:
        return "needs unshare and setpriv"
    if not _works(*before, sys.executable, "-c", "import runwrap"):
        return "another user may not read this environment"
    if not _works(*before, "sh", "-c", "python3 -c pass"):
        return "that user has no python3"
    return "" if _works(*before, *_NEW) else "this system refuses user or PID namespaces"


def caller(kind: str) -> tuple[str, ...]:
    """Return the words before runwrap that make its caller root, or nobody in particular."""
    if kind == "root" and os.geteuid() != 0:
        pytest.skip("needs root")
    words = NOBODY if kind == "unprivileged" and os.geteuid() == 0 else ()
    if reason := why_not(*words):
        pytest.skip(reason)
    return words


def any_python(code: str) -> tuple[str, ...]:
    """Return the words that run Python code as any user: ours may be in root's own folder."""
    return ("python3", "-IS", "-c", code)


def open_folder() -> Iterator[Path]:
    """Yield a folder that any user may reach and write to, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        yield Path(name)
