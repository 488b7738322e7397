"""Requests from the guardian to the front: to stop, since our shell sees the front."""

import os

from runwrap.model.signals import CHLD
from runwrap.native.descriptors import pipe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from runwrap.launch import Placement


class Channel:
    """Requests from the guardian to the front, one at a time, and the answers."""

    def __init__(self) -> None:
        """Make it before the fork; then each side takes its own."""
        self._read_request, self._write_request = pipe()
        self._read_reply, self._write_reply = pipe()

    def take_guardians_side(self, placement: "Placement") -> None:
        """In the guardian: let go of the front's ends, and have stops go this way."""
        os.close(self._read_request)
        os.close(self._write_reply)
        self._route(placement)

    def take_fronts_side(self, guardian: int) -> None:  # noqa: ARG002
        """In the front: let go of the guardian's ends, and never wait for a request."""
        os.close(self._write_request)
        os.close(self._read_reply)
        os.set_blocking(self._read_request, False)

    def close(self) -> None:
        """In the front: let go of its ends, when the guardian has ended."""
        os.close(self._read_request)
        os.close(self._write_reply)

    def serve(self) -> None:
        """In the front: do as the guardian has asked, if it has."""
        try:
            request = os.read(self._read_request, 64).decode().split()
        except BlockingIOError:
            return
        if request:
            _write(self._write_reply, b"%d" % self._answer(*request))

    def _route(self, placement: "Placement") -> None:
        raise NotImplementedError

    def _answer(self, *request: str) -> bool:
        raise NotImplementedError

    def _send(self, *request: object) -> None:
        _write(self._write_request, " ".join(map(str, request)).encode())

    def _reply(self) -> bool:
        """Wait for the answer; False if the front is dead."""
        return os.read(self._read_reply, 1) == b"1"


def _write(pipe: int, text: bytes) -> None:
    """Write to the other side, who may have been killed: whoever is left has a job to end."""
    try:
        os.write(pipe, text)
    except BrokenPipeError:
        return


class StopChannel(Channel):
    """How the guardian, who sees the job stop, has the front stopped: that is whom a shell sees."""

    def __init__(self, stop: "Callable[[int, int], bool]") -> None:
        """`stop` is what the front is to call."""
        super().__init__()
        self._stop, self._front = stop, os.getpid()

    def _route(self, placement: "Placement") -> None:
        assert placement.terminal
        placement.terminal.stop = self.ask

    def ask(self, target: int, number: int) -> bool:
        """Have the front stop itself, and wait until it is back; False if it is dead."""
        self._send(target, number)
        os.kill(self._front, CHLD)
        return self._reply()

    def _answer(self, *request: str) -> bool:
        return self._stop(*map(int, request))
