"""The stages of a pipeline: each is started in the first one's group, with a pipe to the next."""

import os

from runwrap.launch import NEW_SESSION, OWN_GROUP, SHARED, blame
from runwrap.launch.spawn import spawn
from runwrap.model.plan import Redirect
from runwrap.native import enlarge_pipe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from runwrap.launch import ChildSetup, Program, Streams
    from runwrap.model.plan import Stage

# Bytes that a pipe holds: with more than the usual 64 KiB its two processes switch less often, but
# what all pipes hold is to stay in the processor's cache. So they share 2 MiB, as measured,
# but each holds 128 KiB at least.
_SMALLEST, _ALL_PIPES = 128 << 10, 2 << 20
_MOST = 128  # pipes; what an unprivileged user has beyond 64 MiB in pipes gets hardly any room


def start_each(
    programs: "Sequence[Program]",
    stages: "Sequence[Stage]",
    setup: "ChildSetup",
    streams: "Streams",
) -> "Iterator[int]":
    """Start the stages from left to right; yield the pid of each as soon as it runs.

    Raise StartError for the first that can't be started.
    """
    count = len(programs)
    size = _size(count - 1)
    if count > 1:
        setup = _placed(setup, 0)
    left: int | None = None
    for number, program in enumerate(programs):
        right: tuple[int | None, int | None] = (None, None)
        try:
            if number + 1 < count:
                right = _join(program, size)
            files = dict(streams.common)
            if left is not None:
                files[0] = left
            if right[1] is not None:
                files[1] = right[1]
            if stages[number].redirects:
                _redirect(files, stages[number], streams.of_stages[number])
            pid = spawn(program, setup, files)
        except BaseException:
            _close(right[0])
            raise
        finally:
            _close(left)
            _close(right[1])
        left = right[0]
        if number == 0:
            setup = _placed(setup, pid).replace(terminal=None)
        yield pid


def _placed(setup: "ChildSetup", first: int) -> "ChildSetup":
    """Return the set-up of one of several stages.

    `first` is the first stage's pid; 0 while that one is being started.

    A session can only be joined by being born in it, so a new one has to be the guardian's.
    """
    if first and setup.place == OWN_GROUP:
        return setup.replace(place=SHARED, group=first)
    if setup.place in (NEW_SESSION, OWN_GROUP):
        return setup.replace(place=OWN_GROUP, group=0)
    return setup


def _size(pipes: int) -> int:
    """Return how many bytes each of some pipes is to hold; 0 for as many as it does anyway."""
    return max(_ALL_PIPES // (pipes + 1), _SMALLEST) if pipes <= _MOST else 0


def _join(program: "Program", size: int) -> tuple[int, int]:
    try:
        read, write = os.pipe()
        if min(read, write) < 3:
            from runwrap.native.descriptors import above_stdio

            read, write = above_stdio(read), above_stdio(write)
    except OSError as error:
        raise blame("pipe", program.argv[0], error) from error
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
