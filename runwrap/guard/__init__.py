"""The guardian: a process of ours that supervises one job, and tells the front what came of it.

It and the front are both subreapers, and each learns of the other's death at once: when the
guardian is killed, the front inherits the job and kills it; when the front is killed, the guardian
does.
"""

import os

from runwrap.launch import NEW_SESSION, blame
from runwrap.model import decode, encode
from runwrap.model.outcome import Failure, Outcome
from runwrap.model.signals import CHLD, NOT_TERMINATING
from runwrap.native import hand_on, signal_at_parents_death

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

    from runwrap.containment import Containment
    from runwrap.guard.channel import Channel
    from runwrap.launch import Placement

    # Starts the job and watches over it; takes the pid of the process whose death ends it, or 0.
    Work = Callable[[int], Outcome]


class Guardian:
    """A guardian, as its front knows it."""

    def __init__(
        self, name: str, start: float, placement: "Placement", containment: "Containment"
    ) -> None:
        """`name` is the job's, and `start` the instant of its start on the monotonic clock."""
        self.name, self.start = name, start
        self.placement, self.containment = placement, containment
        self.pid = 0
        self.outcome: Outcome | None = None
        """What came of the job; the front sets it when the guardian has ended."""
        self._inbox, self._told = -1, b""
        self._channel: Channel | None = None

    def fork(self, work: "Work") -> None:
        """Start the process, which does the work. Raise StartError where that fails."""
        sealed = self.containment.sealed
        self._channel = channel = _channel(self.placement, sealed)
        front = os.getpid()
        try:
            self._inbox, outbox = _private_pipe()
            if sealed:
                from runwrap.guard.pidns import raise_signal_for

                raise_signal_for(self._inbox)
            self.placement.about_to_start()
            self.pid = os.fork()
        except OSError as error:
            self.containment.close()
            raise blame("fork", self.name, error) from error
        # Whoever has no descriptor left can't look into /proc: so each keeps only its own ends.
        if self.pid == 0:
            os.close(self._inbox)
            enter = _seal_in if sealed else _stand_aside
            _work(lambda: work(enter(self.placement, channel, front, outbox)), self.name, outbox)
        os.close(outbox)
        if channel:
            channel.take_fronts_side(self.pid)

    def hand_on(self, number: int, from_kernel: bool) -> None:
        """Pass on a signal that has come to the front; one that the job has had, marked as such."""
        if self.placement.terminal:
            self.placement.terminal.took(number)
        if not self.placement.job_has(number, from_kernel):
            os.kill(self.pid, number)
        elif number not in NOT_TERMINATING:
            hand_on(self.pid, number)  # it may start the countdown to the kill

    def serve(self) -> None:
        """Take what the guardian has told so far, and do what it asks."""
        self._drain()
        if self._channel:
            self._channel.serve()

    def settle(self) -> Outcome | None:
        """When it has ended: return what it has told.

        None where it ended before it had told all.
        """
        self._drain()
        os.close(self._inbox)  # it may have been the last descriptor, and to look round takes one
        try:
            return decode(self._told, Outcome)
        except EOFError:
            return None

    def close(self) -> None:
        """Let go of all that the front has for its job."""
        if self._channel:
            self._channel.close()
        self.containment.close()
        self.placement.close()

    def _drain(self) -> None:
        try:
            while piece := os.read(self._inbox, 1 << 16):
                self._told += piece
        except BlockingIOError:
            return


def _private_pipe() -> tuple[int, int]:
    """Return a pipe for an outcome, neither of whose ends ever blocks.

    A file would be held to the caller's limit on file sizes, even one without a name.
    """
    read, write = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    if min(read, write) > 2:
        return read, write
    from runwrap.native.descriptors import above_stdio

    return above_stdio(read), above_stdio(write)


def _channel(placement: "Placement", sealed: bool) -> "Channel | None":
    if placement.terminal is None:
        return None
    if sealed:
        from runwrap.guard.terminal_proxy import TerminalChannel

        return TerminalChannel(placement.terminal)
    from runwrap.guard.channel import StopChannel

    return StopChannel(placement.terminal.stop)


def _stand_aside(
    placement: "Placement", channel: "Channel | None", front: int, _outbox: int
) -> int:
    """Get out of reach of what is meant for the front's group, and of the terminal."""
    if placement.place == NEW_SESSION:
        os.setsid()
    elif placement.shares_group:
        placement.guest_in_group = True  # the job has to be started in that group
    else:
        # Stay in the session: else the job's group would be orphaned, and no SIGTSTP stop it.
        os.setpgid(0, 0)
    signal_at_parents_death(CHLD)
    if channel and placement.terminal:
        channel.take_guardians_side(placement)
    return front


def _seal_in(placement: "Placement", channel: "Channel | None", _front: int, outbox: int) -> int:
    from runwrap.guard.pidns import become_init

    become_init(placement, channel, outbox)
    return 0


def _work(work: "Callable[[], Outcome]", name: str, outbox: int) -> "NoReturn":
    """Do the work and end. No exception leaves this: the frames below belong to the front."""
    try:
        try:
            outcome = work()
        except BaseException as error:  # noqa: BLE001 - it is told; the front kills what is left
            outcome = _failed(name, error)
        _hand_over(outcome, outbox)
        os._exit(0)
    finally:
        os._exit(1)


def _failed(name: str, error: BaseException) -> Outcome:
    if os.environ.get("RUNWRAP_DEBUG"):
        import traceback

        traceback.print_exception(error)
    told = f"failed: {type(error).__name__}: {error}; set RUNWRAP_DEBUG=1 for more"
    return Outcome(command=name, failure=Failure(step="guardian", subject=name, detail=told))


def _hand_over(outcome: Outcome, outbox: int) -> None:
    """Leave an outcome in the pipe for the front, which reads when we have ended, or when told."""
    data, front = encode(outcome), os.getppid()
    try:
        while data := data[os.write(outbox, data) :]:
            import select  # most outcomes fit

            if front:  # where it is 0, outside of our PID namespace, the pipe itself tells it
                os.kill(front, CHLD)
            poll = select.poll()
            poll.register(outbox, select.POLLOUT)
            poll.poll()
    except (BrokenPipeError, ProcessLookupError):  # the front is dead
        return
