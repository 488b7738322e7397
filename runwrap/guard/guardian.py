"""Two processes hold a job: the front, which the caller waits for, and the guardian, its child.

The guardian supervises. Both are subreapers, and each learns of the other's death at once: when
the guardian is killed, the front inherits the job and kills it; when the front is killed, the
guardian does. The front takes the signals and hands them on, and takes the outcome in the end.
"""

import os
import time

from runwrap.guard.sweep import sweep
from runwrap.launch import NEW_SESSION, blame
from runwrap.model.durations import INFINITE
from runwrap.model.outcome import Failure, Outcome, pack, unpack
from runwrap.model.signals import CHLD, CONT, KILL, NOT_TERMINATING
from runwrap.native import hand_on, signal_at_parents_death

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from runwrap.containment.contract import Containment
    from runwrap.launch.scene import Scene
    from runwrap.watch.job_control import Channel, StopChannel

_ROOM = 4096  # bytes that every pipe takes


def delegate(scene: "Scene", containment: "Containment", work: "Callable[[], Outcome]") -> Outcome:
    """Do the work in a guardian; return its outcome. Raise StartError where none can be made."""
    preexisting = children_of_the_caller()
    channel = _stop_channel(scene)
    try:
        (inbox, outbox), before = private_pipe(), os.getpid()
        scene.about_to_start()
        guardian = os.fork()
    except OSError as error:
        containment.close()
        raise blame("fork", scene.command, error) from error
    # Who has no descriptor left can't look into /proc: so each keeps only its own end.
    if guardian:
        os.close(outbox)
        return Front(scene, containment, guardian, inbox, channel, preexisting).wait()
    os.close(inbox)
    # Out of reach of what is meant for the front's group, and of the terminal.
    if scene.place == NEW_SESSION:
        os.setsid()
    elif scene.shares_group:
        scene.guest_in_group = True  # the job has to be started in that group; then we leave
    else:
        os.setpgid(0, 0)  # in the session, or the job's group were orphaned: no SIGTSTP stops one
    signal_at_parents_death(CHLD)
    if channel and scene.terminal:
        channel.take_guardians_side()
        scene.terminal.stop = channel.ask
    scene.watched = scene.queue.front = before
    hand_over(work(), outbox)
    os._exit(0)


def private_pipe() -> tuple[int, int]:
    """Return a pipe for an outcome, which never blocks.

    A file would be held to the caller's limit on file sizes, even one without a name.
    """
    read, write = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    if min(read, write) > 2:
        return read, write
    from runwrap.native.descriptors import above_stdio

    return above_stdio(read), above_stdio(write)


def hand_over(outcome: Outcome, outbox: int) -> None:
    """Leave an outcome in the pipe for the front, which reads when we have ended."""
    data = pack(outcome)
    if len(data) > _ROOM:
        from runwrap.guard.squeeze import fitting

        data = fitting(outcome, outbox)
    try:
        os.write(outbox, data)
    except BrokenPipeError:  # the front is dead
        return


def children_of_the_caller() -> frozenset[int]:
    """Return the children that whoever executed us had already: they are not ours to end."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return frozenset()
    from runwrap.native import own_children

    try:
        return frozenset(own_children())
    except OSError:  # no /proc: then the sweep can't find any child either
        return frozenset()


def _stop_channel(scene: "Scene") -> "StopChannel | None":
    if scene.terminal is None:
        return None
    from runwrap.watch.job_control import StopChannel

    return StopChannel(scene.terminal.stop)


class Front:
    """What the caller waits for."""

    def __init__(
        self,
        scene: "Scene",
        containment: "Containment",
        guardian: int,
        inbox: int,
        channel: "Channel | None",
        preexisting: frozenset[int],
    ) -> None:
        self._scene, self._guardian, self._inbox = scene, guardian, inbox
        self._containment = containment
        self._channel, self._preexisting = channel, preexisting
        scene.let_go()
        if channel:
            channel.take_fronts_side()

    def wait(self) -> Outcome:
        """Hand on signals until the guardian has ended, and return its outcome."""
        while True:
            caught = self._scene.queue.wait(INFINITE)
            if caught is None:
                continue
            if caught[0] != CHLD:
                self._hand_on(*caught)
                continue
            if self._scene.watched and os.getppid() != self._scene.watched:
                os.kill(os.getpid(), KILL)  # as whoever else kills us: the guardian ends the job
            if self._channel:
                self._channel.serve()
            status = self._reap()
            if status is not None:
                return self._outcome(status)

    def _hand_on(self, number: int, from_kernel: bool, sender: int) -> None:
        if self._scene.terminal:
            self._scene.terminal.took(number)
        if sender in (os.getpid(), self._guardian):
            return  # meant for the job, whose group we share; or SIGPIPE for a message of our own
        if self._scene.job_has(number, from_kernel):
            if number not in NOT_TERMINATING:
                hand_on(self._guardian, number)  # it may start the countdown to the kill
            return
        os.kill(self._guardian, number)

    def _reap(self) -> int | None:
        """Reap what has ended; return the guardian's wait status when it is among them."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG | os.WUNTRACED)
            except ChildProcessError:
                return None
            if pid == self._guardian and os.WIFSTOPPED(status):
                os.kill(pid, CONT)  # the job may not stop who watches over it
            elif pid in (0, self._guardian):
                return status if pid else None
            elif not os.WIFSTOPPED(status):
                self._preexisting -= {pid}  # its number may come to be one of the job's

    def _told(self) -> bytes:
        told = b""
        try:
            while piece := os.read(self._inbox, 65536):
                told += piece
        except BlockingIOError:
            return told
        return told

    def _outcome(self, status: int) -> Outcome:
        try:
            return unpack(self._told())
        except EOFError:  # it ended before it had told all
            pass
        os.close(self._inbox)  # it may have been the last descriptor, and to look round takes one
        survivors = sweep(self._scene, self._containment.inherit(self._preexisting))
        return Outcome(
            command=self._scene.command,
            survivors=survivors,
            elapsed=time.monotonic() - self._scene.start,
            failure=None
            if survivors
            else Failure(step="guardian", subject=self._scene.command, detail=_how(status)),
        )


def _how(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"was killed by signal {os.WTERMSIG(status)}"
    return f"ended, with code {os.WEXITSTATUS(status)}"
