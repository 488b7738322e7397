"""The terminal as a guardian in a PID namespace has it: by way of the front.

From inside, the process groups of the front and of its shell have no number, so nothing could be
given back to them. The front does it all, and knows the job's group by its own number.
"""

from runwrap.guard.channel import Channel
from runwrap.guard.pidns import raise_signal_for
from runwrap.launch import Placement
from runwrap.model.signals import CONT
from runwrap.watch.job_control import forget, forget_stops
from runwrap.watch.terminal import Terminal


class TerminalChannel(Channel):
    """Requests about the terminal: a method of the front's Terminal, and its numbers."""

    def __init__(self, terminal: Terminal) -> None:
        super().__init__()
        self.init = 0
        """The guardian, as the front knows it."""
        self._terminal = terminal
        raise_signal_for(self._read_request)

    def take_fronts_side(self, guardian: int) -> None:
        super().take_fronts_side(guardian)
        self.init = guardian

    def _route(self, placement: "Placement") -> None:
        placement.terminal = TerminalProxy(
            self._terminal.descriptor, self, apart=self._terminal.apart
        )

    def ask(self, method: str, *numbers: int) -> bool:
        """Have the front call a method of its Terminal, and return what that returned."""
        self._send(method, *numbers)
        return self._reply()

    def _answer(self, *request: str) -> bool:
        method, *numbers = request
        return self._do(method, *map(int, numbers))

    def _do(self, method: str, first: int = 0, second: int = 0) -> bool:
        if method == "offer":
            return self._terminal.offer()
        if method == "stopped":
            return self._terminal.stopped(self._group(first), second)
        if method == "has_continued":
            return self._terminal.has_continued()
        if method == "continued":
            self._terminal.continued(self._group(first))
        elif method == "finish":
            self._terminal.finish(ended_by=first, ended_by_us=bool(second))
        else:
            self._terminal.take_back()
        return True

    def _group(self, inside: int) -> int:
        from runwrap.native.namespaces import group_outside

        return group_outside(self.init, inside)


class TerminalProxy(Terminal):
    """The front's Terminal, by the same methods."""

    def __init__(self, descriptor: int, channel: TerminalChannel, *, apart: bool) -> None:
        self.descriptor, self.apart = descriptor, apart
        self._channel = channel

    def offer(self) -> bool:
        return self._channel.ask("offer")

    def stopped(self, group: int, number: int) -> bool:
        stopped = self._channel.ask("stopped", group, number)
        if stopped:  # in the front's group we got its SIGCONT, too: passed on, it would come late
            forget(CONT)
            if not self.apart:
                forget_stops()
        return stopped

    def has_continued(self) -> bool:
        return self._channel.ask("has_continued")

    def continued(self, group: int) -> None:
        self._channel.ask("continued", group)

    def finish(self, *, ended_by: int, ended_by_us: bool) -> None:
        self._channel.ask("finish", ended_by, int(ended_by_us))

    def take_back(self) -> None:
        self._channel.ask("take_back")
