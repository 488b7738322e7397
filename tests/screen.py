"""A real terminal with an interactive shell in it, driven by keys and read by what it prints."""

import os
import pty
import re
import select
import signal
import struct
import termios
import time
from fcntl import ioctl
from pathlib import Path

from tests.support import PATIENCE, RUNWRAP, clean_environment

PROMPT = "ready> "
CTRL_C, CTRL_D, CTRL_Z = "\x03", "\x04", "\x1a"


def shown(printed: str, columns: int) -> list[str]:
    """Return the lines that a terminal shows of a text: xterm's way of breaking lines (am, xn)."""
    rows, at = [""], 0
    for one in re.sub("\33\\[[0-9;]*m", "", printed):
        if one == "\r":
            at = 0
        elif one == "\n":
            rows.append(" " * at)
        else:
            if at == columns:  # only now: the last column can be filled without that
                rows.append("")
                at = 0
            rows[-1] = rows[-1][:at].ljust(at) + one + rows[-1][at + 1 :]
            at += 1
    return [row.rstrip() for row in rows]


class Screen:
    """bash on a pseudo-terminal of its own, as a person has it."""

    def __init__(self, *words: str) -> None:
        """Start `words` there, an interactive bash if none are given."""
        path = f"{Path(RUNWRAP).parent}:{os.environ['PATH']}"
        # The prompt is assembled by the shell, so that an echoed command never looks like one.
        env = clean_environment() | {"PS1": PROMPT, "PATH": path, "TERM": "dumb", "HISTFILE": ""}
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            for number in (signal.SIGPIPE, signal.SIGXFSZ):
                signal.signal(number, signal.SIG_DFL)
            command = words or ("bash", "--norc", "--noprofile", "--noediting", "-i")
            os.execvpe(command[0], command, env)
        self._seen = ""
        if not words:
            self.expect(PROMPT)

    def type(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def expect(self, pattern: str) -> str:
        """Wait until something matching is printed; return what came up to its end."""
        end = time.monotonic() + PATIENCE
        while not (found := re.search(pattern, self._seen, re.DOTALL)):
            if not select.select([self._master], [], [], max(0.0, end - time.monotonic()))[0]:
                raise AssertionError(f"no {pattern!r} in {self._seen!r}")
            self._seen += os.read(self._master, 65536).decode(errors="replace")
        text, self._seen = self._seen[: found.end()], self._seen[found.end() :]
        return text

    def run(self, command: str) -> str:
        """Type a command line; return what it printed, up to the next prompt."""
        self.type(command + "\n")
        self.expect(re.escape(command) + "\r\n")
        return self.expect(PROMPT).removesuffix(PROMPT).replace("\r\n", "\n")

    def start(self, command: str) -> None:
        """Type a command line and wait for its echo only."""
        self.type(command + "\n")
        self.expect(re.escape(command) + "\r\n")

    def fg(self, job: str) -> None:
        """Bring a stopped job back, whose command line begins so; wait until it has the terminal.

        bash names it before that: a key that makes a signal would still be for bash, and be lost.
        """
        self.start("fg")
        self.expect(re.escape(job) + "[^\n]*\r\n")
        end = time.monotonic() + PATIENCE
        while self.foreground() == self.pid:
            assert time.monotonic() < end, "the shell keeps the terminal"

    def foreground(self) -> int:
        """Return the process group that has the terminal's foreground."""
        return os.tcgetpgrp(self._master)

    def wait_for_foreground(self, group: int) -> None:
        """Wait until a process group has it: a shell says `fg` before it does it."""
        until = time.monotonic() + PATIENCE
        while self.foreground() != group:
            assert time.monotonic() < until, f"{self.foreground()} has the foreground"
            os.sched_yield()

    def resize(self, rows: int, columns: int) -> None:
        ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def hang_up(self) -> None:
        """Close the terminal's other side, and wait for the shell to end of that."""
        os.close(self._master)
        ended = select.poll()
        descriptor = os.pidfd_open(self.pid)
        ended.register(descriptor)
        assert ended.poll(PATIENCE * 1000), "it lives on"
        os.close(descriptor)
        os.waitpid(self.pid, 0)

    def close(self) -> None:
        """Hang up, whatever the shell thinks of it."""
        os.kill(self.pid, signal.SIGKILL)
        self.hang_up()
