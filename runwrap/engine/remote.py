"""The terminal as a guardian in a PID namespace has it: by way of the front.

From inside, the process groups of the front and of its shell have no number, so nothing could be
given back to them. The front does it all, and knows the job's group by its own number.
"""

import fcntl
import os

from runwrap.engine.terminal import Terminal
from runwrap.model.signals import CHLD, CONT, signal
from runwrap.native.descriptors import above_stdio


class TerminalChannel:
    """Requests about the terminal from the guardian to the front, and the answers."""

    def __init__(self, terminal: Terminal) -> None:
        """Make it before the fork; then each side takes its own."""
        self.init = 0
        """The guardian, as the front knows it."""
        self._terminal = terminal
        self._read_request, self._write_request = map(above_stdio, os.pipe())
        self._read_reply, self._write_reply = map(above_stdio, os.pipe())
        # Nobody can signal the front from inside; so the pipe does it when it is written to.
        fcntl.fcntl(self._read_request, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(self._read_request, fcntl.F_SETSIG, CHLD)
        fcntl.fcntl(self._read_request, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)

    def guardians_side(self) -> "RemoteTerminal":
        """In the guardian: let go of the front's ends, and return what stands for the terminal."""
        os.close(self._read_request)
        os.close(self._write_reply)
        return RemoteTerminal(self._terminal.descriptor, self)

    def take_fronts_side(self) -> None:
        """In the front: let go of the guardian's ends."""
        os.close(self._write_request)
        os.close(self._read_reply)

    def ask(self, method: str, *numbers: int) -> bool:
        """Have the front call a method of its Terminal, and return what that returned."""
        os.write(self._write_request, " ".join([method, *map(str, numbers)]).encode())
        return os.read(self._read_reply, 1) == b"1"

    def serve(self) -> None:
        """Do as the guardian has asked, if it has."""
        try:
            method, *words = os.read(self._read_request, 64).decode().split() or [""]
        except BlockingIOError:
            return
        if method:
            os.write(self._write_reply, b"%d" % self._do(method, *map(int, words)))

    def _do(self, method: str, first: int = 0, second: int = 0) -> bool:
        if method == "offer":
            return self._terminal.offer()
        if method == "stopped":
            return self._terminal.stopped(self._group(first), second)
        if method == "continued":
            self._terminal.continued(self._group(first))
        elif method == "finish":
            self._terminal.finish(ended_by=first, stopped_by_us=bool(second))
        else:
            self._terminal.take_back()
        return True

    def _group(self, inside: int) -> int:
        from runwrap.native.namespaces import group_outside

        return group_outside(self.init, inside)


class RemoteTerminal(Terminal):
    """The front's Terminal, by the same methods."""

    def __init__(self, descriptor: int, channel: TerminalChannel) -> None:
        self.descriptor = descriptor
        self._channel = channel

    def offer(self) -> bool:
        return self._channel.ask("offer")

    def stopped(self, group: int, number: int) -> bool:
        stopped = self._channel.ask("stopped", group, number)
        if stopped:  # in the front's group we got its SIGCONT, too: passed on, it would come late
            signal.signal(CONT, signal.signal(CONT, signal.SIG_IGN))
        return stopped

    def continued(self, group: int) -> None:
        self._channel.ask("continued", group)

    def finish(self, *, ended_by: int, stopped_by_us: bool) -> None:
        self._channel.ask("finish", ended_by, int(stopped_by_us))

    def take_back(self) -> None:
        self._channel.ask("take_back")
