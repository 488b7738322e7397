"""What a wrapper makes of one situation.

Run as PID 1 of a namespace of its own by peers.py, so that nothing of it can be left. Everything
that is started inherits one pipe as its standard output: its end-of-file proves that all are dead.
"""

import contextlib
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

PATIENCE = 20.0  # seconds that a machine under load may take for what takes none
LINGERING = 2.0  # seconds after which what is not dead counts as living on
GRACE = 1  # seconds between TERM and KILL, for those that do both
ZOMBIE = "zombie"
LATE = "late"
"""The answer where the deadline passed before everybody was there."""

DAEMON = "(setsid sh -c 'echo up >up; exec sleep 100' &) ; read _ <up; "
STOPPED = "sleep 100 & kill -STOP $!; until grep -q 'State:.T' /proc/$!/status; do :; done; "
ORPHAN = """orphan=$( (sh -c 'echo $$; exec sleep 0.3 >/dev/null' &) )
n=0
while [ $n -lt 100 ] && [ -e "/proc/$orphan" ]; do sleep 0.02; n=$((n+1)); done
if [ -e "/proc/$orphan" ]; then grep -q 'State:.Z' "/proc/$orphan/status" && echo stays
else echo reaped; fi"""


class Late(Exception):
    """Not everybody was there when the deadline passed."""


class Wrapped:
    """A shell script under a wrapper; asked to stop by its own deadline, or else by TERM."""

    def __init__(self, wrapper: list[str], deadline: float, script: str) -> None:
        self.deadline = deadline
        self._read, write = os.pipe()
        self.process = subprocess.Popen(
            [*wrapper, "sh", "-c", script],
            stdin=subprocess.DEVNULL,
            stdout=write,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(write)

    def ready(self) -> "Wrapped":
        """Wait until the script has said that all are there."""
        if not select.select([self._read], [], [], PATIENCE)[0] or not os.read(self._read, 100):
            raise Late
        return self

    def stop(self) -> "Wrapped":
        """Let the deadline pass; where the wrapper has none, send it TERM."""
        if not self.deadline:
            self.process.send_signal(signal.SIGTERM)
        self.end(self.deadline + GRACE + LINGERING)
        return self

    def end(self, within: float = PATIENCE) -> "Wrapped":
        """Wait for the wrapper's end, but not for ever."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(within)
        return self

    def fate(self) -> str:
        """Tell what has become of all that the wrapper started."""
        poll = select.poll()
        poll.register(self._read, 0)  # end-of-file only
        return "ends" if poll.poll(LINGERING * 1000) else "lives on"

    def code(self) -> str:
        """Return the exit code, or the signal that the wrapper died of."""
        status = self.process.returncode
        if status is None:
            return "none"
        return str(status) if status >= 0 else signal.Signals(-status).name.removeprefix("SIG")


Start = Callable[[str], Wrapped]


def _stopped(script: str) -> Callable[[Start], str]:
    return lambda start: start(script).ready().stop().fate()


def _killed(start: Start) -> str:
    run = start("echo ready; exec sleep 100").ready()
    run.process.kill()
    return run.end().fate()


def _exit_code(script: str) -> Callable[[Start], str]:
    return lambda start: start(script).end().code()


def _code_when_stopped(start: Start) -> str:
    run = start("echo ready; exec sleep 100").ready().stop()
    return run.code() if run.deadline else "-"


SITUATIONS: dict[str, Callable[[Start], str]] = {
    "left": lambda start: start(DAEMON + "echo ready").ready().end().fate(),
    "daemon": _stopped(DAEMON + "echo ready; exec sleep 100"),
    "stopped": _stopped(STOPPED + "echo ready; wait"),
    "stubborn": _stopped("trap '' TERM; sleep 100 & echo ready; wait"),
    "killed": _killed,
    "seven": _exit_code("exit 7"),
    "signal": _exit_code("kill -TERM $$"),
    "deadline": _code_when_stopped,
}
"""How each is answered, but for ZOMBIE, where the script tells."""


def answer(name: str, deadline: float, wrapper: list[str]) -> str:
    """Make the situation for a wrapper, which has a deadline in seconds, or 0: none; tell."""
    try:
        return SITUATIONS[name](lambda script: Wrapped(wrapper, deadline, script))
    except Late:
        return LATE


def main(name: str, deadline: str, *wrapper: str) -> None:
    """Print the answer; where it is about PID 1, let the wrapper be that."""
    if name == ZOMBIE:
        os.execvp(wrapper[0], [*wrapper, "sh", "-c", ORPHAN])
    if os.getpid() != 1:
        sys.exit("situations.py: run by peers.py as PID 1 of a namespace, which its end clears")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.mkfifo(Path(folder, "up"))
        print(answer(name, float(deadline), list(wrapper)))
        os.chdir("/")


if __name__ == "__main__":
    main(*sys.argv[1:])
