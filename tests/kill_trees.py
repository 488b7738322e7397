"""Trees of processes for kill-tree to end, and its command line run for real."""

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from tests.support import RUNWRAP, Lifeline, clean_environment

CHAIN = "sh -c 'sh -c \"sleep 60 & sleep 60 & echo; wait\" & wait' & wait"
# A /proc that shows a user no more than his own processes, and only group 1 all.
HIDING = (
    "unshare",
    "-m",
    "sh",
    "-c",
    'mount -t proc -o hidepid=2,gid=1 proc /proc; exec "$@"',
    "sh",
)
# Another user might not be able to read this interpreter: all is imported before.
AS_USER = """
import os, sys
import runwrap.report.json_text, runwrap.commands.kill_tree
import runwrap.cli.options.kill_tree, runwrap.cli.console
from runwrap.main import main
os.setgroups([])
os.setuid(int(sys.argv.pop(1)))
main()
"""


class Tree:
    """Processes started by a test: their root is our child, and leads a session of its own."""

    def __init__(self, *words: str, user: int | None = None) -> None:
        """Start a program and wait until it has written a line."""
        self.lifeline = Lifeline()
        read, write = os.pipe()
        self.process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=write,
            pass_fds=[self.lifeline.write],
            start_new_session=True,
            user=user,
        )
        os.close(write)
        self.lifeline.let_go()
        self.pid = self.process.pid
        with open(read) as file:
            self.said = file.readline().split()

    def all_dead(self) -> bool:
        """Tell whether nobody is left; our child is reaped by then."""
        return self.process.poll() is not None and self.lifeline.all_dead()

    def end(self) -> None:
        """Kill what a test left, by the session that we made and know to be unreaped."""
        if self.process.returncode is None:
            os.killpg(self.pid, signal.SIGKILL)
            self.process.wait()
        self.lifeline.close()


def started() -> Iterator[list[Tree]]:
    """Yield a list for trees, all of which are ended after a test."""
    trees: list[Tree] = []
    yield trees
    for tree in trees:
        tree.end()


def kill_tree(
    *operands: object,
    files: int | None = None,
    user: int | None = None,
    before: tuple[str, ...] = (),
    **options: object,
) -> dict[str, Any]:
    """Run `runwrap kill-tree --json`; return what it printed, and as `said` its messages.

    `files` is its RLIMIT_NOFILE, `before` are words that start it.
    Options are named as their fields; True stands for a flag.
    """
    program = [RUNWRAP] if user is None else [sys.executable, "-c", AS_USER, str(user)]
    limit = (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))) if files else None
    done = subprocess.run(
        [
            *before,
            *program,
            "kill-tree",
            "--json",
            *map(_option, options.items()),
            *map(str, operands),
        ],
        capture_output=True,
        text=True,
        check=False,
        env=clean_environment(),
        preexec_fn=limit,
    )
    result = json.loads(done.stdout)
    assert isinstance(result, dict)
    assert result["exit_code"] == done.returncode
    return result | {"said": done.stderr.splitlines()}


def _option(given: tuple[str, object]) -> str:
    name = "--" + given[0].replace("_", "-")
    return name if given[1] is True else f"{name}={given[1]}"
