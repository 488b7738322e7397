"""What happened. Pids are facts here: nothing may be signalled by them."""

from runwrap.model import Record


class Process(Record):
    """A process as it was seen: enough to name it to a person."""

    pid: int
    parent: int
    state: str
    command: str
    elapsed: float = 0.0  # its age in seconds
    cpu: float = 0.0  # seconds of CPU time
    errno: int = 0  # of signalling it; 0 where it can be signalled


class Failure(Record):
    """Why a job could not be started. `step` is what was being done, to `subject`.

    Steps: not-found, not-executable, directory, interpreter, exec (about the program); fork, pipe,
    place, chdir, nice, signals (in the new process); open, containment (before it); guardian (it
    ended without an outcome, and the job was killed); parent (it can't be watched).
    """

    step: str
    subject: str
    errno: int = 0
    detail: str = ""  # what to know or do besides
    advice: str = ""  # what was meant instead


class Sent(Record):
    """A signal that runwrap chose to send, and when: seconds after the start."""

    signal: int
    at: float


class StageEnd(Record):
    """How one stage of a pipeline ended, in seconds after the job's start.

    `cpu` and `memory` are of it and what it waited for, None where that isn't known. A peak that
    is not above `floor` may be smaller: the kernel counts what runwrap itself had as well.
    """

    command: str
    pid: int
    status: int | None = None  # raw wait status; it and `ended` are None if it outlived the sweep
    began: float = 0.0
    ended: float | None = None
    cpu: float | None = None  # seconds
    memory: int | None = None  # the peak in bytes
    floor: int = 0


class Outcome(Record):
    """How a job ended.

    `status` is the leader's raw wait status, None if it never ran or outlived the sweep; of a
    pipeline it is that of the stage which `pipefail` chose: the `culprit`, number and command, if
    that failed and isn't the last. `reason` is why it was stopped, if it was: timeout, interrupted
    `by` a signal, leak, or lost (who waited for it is dead).
    """

    command: str
    pid: int | None = None
    status: int | None = None
    reason: str | None = None
    by: int | None = None
    limit: float | None = None  # seconds
    opening: str = ""  # a FIFO that was waited for when it was stopped
    elapsed: float = 0.0
    sent: tuple[Sent, ...] = ()
    # Who ran just before it was stopped, parents first, if by a limit or if the plan is detailed.
    running: tuple[Process, ...] = ()
    leaks: tuple[Process, ...] = ()
    survivors: tuple[Process, ...] = ()
    proved: bool = True  # nothing was left of the job, or it was allowed to leave something
    failure: Failure | None = None
    culprit: tuple[int, str] | None = None
    # If the plan is metered; what was used is that of everyone whom somebody waited for.
    contain: str | None = None  # the tier that held the job
    stages: tuple[StageEnd, ...] = ()  # all that were started
    cpu: float | None = None
    memory: int | None = None
