"""The stages of a pipeline: how they are started, in the first one's group, and how they ended."""

import os

from runwrap.launch import NEW_SESSION, OWN_GROUP, SHARED, blame
from runwrap.launch.spawn import spawn
from runwrap.model.plan import Redirect
from runwrap.model.signals import PIPE, STOP
from runwrap.native import enlarge_pipe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from runwrap.launch import Launch, Program
    from runwrap.model.outcome import StageEnd
    from runwrap.model.plan import Stage

# Bytes that a pipe holds: with more than the usual 64 KiB its two processes switch less often, but
# what all pipes hold is to stay in the processor's cache. So they share 2 MiB, as measured.
_SMALLEST, _SHARED = 128 << 10, 2 << 20
_MOST = 128  # pipes; what an unprivileged user has beyond 64 MiB in pipes gets hardly any room


def start_each(launch: "Launch", files: "Sequence[dict[int, int]]") -> "Iterator[int]":
    """Start the stages from left to right; yield the pid of each as soon as it runs.

    `files` are those that the stages' redirections name, by their targets. Raise StartError for
    the first stage that can't be started.
    """
    count, stages, common = len(launch.programs), launch.plan.stages, launch.files
    size = _size(count - 1)
    if count > 1:
        launch = _placed(launch, 0)
    left: int | None = None
    for number, program in enumerate(launch.programs):
        right: tuple[int | None, int | None] = (None, None)
        try:
            if number + 1 < count:
                right = _join(program, size)
            streams = dict(common)
            if left is not None:
                streams[0] = left
            if right[1] is not None:
                streams[1] = right[1]
            if stages[number].redirects:
                _redirect(streams, stages[number], files[number])
            pid = spawn(launch, program, streams)
        except BaseException:
            _close(right[0])
            raise
        finally:
            _close(left)
            _close(right[1])
        left = right[0]
        if number == 0:
            launch = _placed(launch, pid).replace(terminal=None)
        yield pid


def _placed(launch: "Launch", first: int) -> "Launch":
    """Return a launch with the place of one of several stages: the first one's, which is 0, or not.

    A session can only be joined by being born in it, so a new one has to be the guardian's.
    """
    if first and launch.place == OWN_GROUP:
        return launch.replace(place=SHARED, group=first)
    if launch.place in (NEW_SESSION, OWN_GROUP):
        return launch.replace(place=OWN_GROUP, group=0)
    return launch


def _size(pipes: int) -> int:
    """Return how many bytes each of some pipes is to hold; 0 for as many as it does anyway."""
    return max(_SHARED // (pipes + 1), _SMALLEST) if pipes <= _MOST else 0


def _join(program: "Program", size: int) -> tuple[int, int]:
    try:
        read, write = os.pipe()
        if min(read, write) < 3:
            from runwrap.native.descriptors import above_stdio

            read, write = above_stdio(read), above_stdio(write)
    except OSError as error:
        raise blame("pipe", program[0][0], error) from error
    if size:
        enlarge_pipe(write, size)  # where that can't be had, the pipe will do as it is
    return read, write


def _redirect(streams: dict[int, int], stage: "Stage", files: dict[int, int]) -> None:
    """Add what a stage's redirections make of its streams, in the order in which to do that.

    A copy of a stream that nothing has replaced yet is one of runwrap's own.
    """
    for one in stage.redirects:
        if isinstance(one, Redirect):
            source = files[one.target]
        else:
            source = streams.get(one.source, one.source)
        streams.pop(one.target, None)
        streams[one.target] = source


def _close(descriptor: int | None) -> None:
    if descriptor is not None:
        os.close(descriptor)


class Stages:
    """The stages of one pipeline, in order, and how each has ended."""

    def __init__(self) -> None:
        self._statuses: dict[int, int | None] = {}
        self.running: set[int] = set()
        self.stopped: set[int] = set()

    @property
    def first(self) -> int:
        """Return the pid of the first stage."""
        return next(iter(self._statuses))

    def add(self, pid: int) -> None:
        """Take the next one, which was just started."""
        self._statuses[pid] = None
        self.running.add(pid)

    def end(self, pid: int, status: int) -> None:
        """Note how one has ended."""
        self._statuses[pid] = status
        self.running.discard(pid)
        self.stopped.discard(pid)

    def are_stopped_by(self, number: int) -> bool:
        """Tell whether a stop by signal `number` is the job's: of SIGSTOP it is if none runs on.

        Who has been continued since is forgotten: of that no signal tells.
        """
        if not self.stopped:
            return False
        from runwrap.watch.job_control import still_stopped

        self.stopped.intersection_update([one for one in self.stopped if still_stopped(one)])
        return bool(self.stopped) and (number != STOP or self.stopped == self.running)

    def all(self) -> "tuple[StageEnd, ...]":
        """Return what is to be told of each: nothing but where that was asked for."""
        return ()

    def used(self) -> tuple[float | None, int | None]:
        """Return the CPU time and the peak of memory of all who have ended; None if not known."""
        return None, None

    def verdict(self, rule: str) -> tuple[int, int]:
        """Return whose status a rule gives the pipeline, all of which has ended, and the status.

        The stages count from 0.
        """
        statuses = [status or 0 for status in self._statuses.values()]
        number = decisive(statuses, rule)
        return number, statuses[number]


def decisive(statuses: "Sequence[int]", rule: str) -> int:
    """Return the index of the stage whose raw wait status is the pipeline's.

    `last`: POSIX's rule. `strict`: the last that failed, as with `set -o pipefail`. `sigpipe-ok`:
    the same, but a stage that died of SIGPIPE because the next one had enough has not failed.
    """
    last = len(statuses) - 1
    if rule == "last":
        return last
    forgiven = PIPE if rule == "sigpipe-ok" else None
    for number in range(last, -1, -1):
        status = statuses[number]
        quiet = number < last and os.WIFSIGNALED(status) and os.WTERMSIG(status) == forgiven
        if status and not quiet:
            return number
    return last
