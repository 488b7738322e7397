"""The main job: a real rsync under a deadline."""

import os
import shlex
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.support import fifo, python, runwrap

pytestmark = pytest.mark.skipif(shutil.which("rsync") is None, reason="needs rsync")
MEBIBYTE = 1 << 20


# Passes on so many bytes, each as soon as it comes, and then hangs.
CARRY = """
import os, signal, sys
left = int(sys.argv[1])
while left and (data := os.read(0, min(left, 65536))):
    left -= len(data)
    while data:
        data = data[os.write(1, data):]
signal.pause()
"""


class RemoteHost:
    """A stand-in for another machine: an rsync server that is none of runwrap's descendants.

    `shell` goes to rsync's `-e` in place of ssh: it carries the bytes and dies as ssh would.
    """

    def __init__(self, folder: Path, sends_at_most: int) -> None:
        """Answer one call with the first bytes of what the server sends, and then hang."""
        call, to, back = (fifo(folder, name) for name in ("call", "to", "back"))
        self.shell = str(folder / "remote-shell")
        Path(self.shell).write_text(
            f'#!/bin/sh\nshift\necho "$@" > {call}\ncat < {back} &\nexec cat > {to}\n'
        )
        os.chmod(self.shell, 0o755)
        carry = shlex.join([*python(CARRY), str(sends_at_most)])
        self._server = subprocess.Popen(
            ["sh", "-c", f"read -r words < {call}; $words < {to} | {carry} > {back}"],
            start_new_session=True,
            stderr=subprocess.DEVNULL,
        )

    def close(self) -> None:
        os.killpg(self._server.pid, signal.SIGKILL)
        self._server.wait()


def test_files_are_copied(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for number in range(20):
        (source / str(number)).write_bytes(os.urandom(1000))
    result = runwrap("-t", "60", "--", "rsync", "-a", f"{source}/", f"{tmp_path}/copy/")
    assert (result.status, result.err, result.all_dead) == (0, "", True)
    for number in range(20):
        copy = tmp_path / "copy" / str(number)
        assert copy.read_bytes() == (source / str(number)).read_bytes()


def test_rsyncs_own_failures_are_propagated(tmp_path: Path) -> None:
    result = runwrap("-t", "60", "rsync", "-a", f"{tmp_path}/missing", f"{tmp_path}/copy")
    assert result.status == 23


def test_an_rsync_whose_remote_side_stalls_is_stopped_and_leaves_its_partial_file(
    tmp_path: Path,
) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(os.urandom(64 * MEBIBYTE))
    remote = RemoteHost(tmp_path, sends_at_most=10 * MEBIBYTE)
    words = ("rsync", "--partial", "--blocking-io", "-e", remote.shell)
    result = runwrap("-t", "2", "--", *words, f"host:{source}", str(target))
    remote.close()
    assert (result.status, result.all_dead) == (124, True)
    assert "runwrap: rsync: timed out after 2 s, running " in result.err
    assert result.err.endswith("; sent TERM\n")  # no KILL was needed
    kept = target.read_bytes()
    assert 8 * MEBIBYTE < len(kept) <= 10 * MEBIBYTE
    assert source.read_bytes().startswith(kept)
