"""What happened. Pids are facts here: nothing may be signalled by them."""

from runwrap.model import Record


class Process(Record):
    """A process as it was seen: enough to name it to a person.

    `elapsed` is its age and `cpu` the CPU time it took, in seconds. `errno` is that of signalling
    it, 0 where it can be signalled.
    """

    pid: int
    parent: int
    state: str
    command: str
    elapsed: float = 0.0
    cpu: float = 0.0
    errno: int = 0


class Failure(Record):
    """Why a job could not be started. `step` is what was being done, to `subject`.

    Steps: not-found, not-executable, directory, interpreter, exec (about the program); fork, pipe,
    place, chdir, nice, signals (in the new process); open, containment (before it); guardian (it
    ended without an outcome, and the job was killed); parent (it can't be watched). `detail` is
    what to know or do besides the errno; `advice` says in words what was meant instead.
    """

    step: str
    subject: str
    errno: int = 0
    detail: str = ""
    advice: str = ""


class Sent(Record):
    """A signal that runwrap chose to send, and when: seconds after the start."""

    signal: int
    at: float


class StageEnd(Record):
    """How one stage of a pipeline ended; `began` and `ended` are seconds after the job's start.

    `status` is its raw wait status; it and `ended` are None if it outlived the sweep. `cpu` is the
    processor time in seconds, and `memory` the peak in bytes, of it and what it waited for; None
    where that isn't known. A peak that is not above `floor` may be smaller: the kernel counts what
    runwrap itself had as well.
    """

    command: str
    pid: int
    status: int | None = None
    began: float = 0.0
    ended: float | None = None
    cpu: float | None = None
    memory: int | None = None
    floor: int = 0


class Outcome(Record):
    """How a job ended.

    `status` is the leader's raw wait status, None if it never ran or outlived the sweep; of a
    pipeline it is that of the stage which `pipefail` chose: the `culprit`, number and command, if
    that failed and isn't the last.
    `reason` is why it was stopped: timeout, interrupted (`by` is the signal), leak, or lost (who
    waited for it is dead); None if nothing was. `opening` is a FIFO that was waited for till then.
    `running` is who ran just before that, parents first, if a limit was reached or the plan is
    detailed.
    `proved`: nothing was left of the job, or it was allowed to leave something.

    If the plan is metered: `contain` is the tier that held the job, `stages` are all that were
    started, and `cpu` and `memory` are what everyone has used whom somebody waited for.
    """

    command: str
    pid: int | None = None
    status: int | None = None
    reason: str | None = None
    by: int | None = None
    limit: float | None = None
    opening: str = ""
    elapsed: float = 0.0
    sent: tuple[Sent, ...] = ()
    running: tuple[Process, ...] = ()
    leaks: tuple[Process, ...] = ()
    survivors: tuple[Process, ...] = ()
    proved: bool = True
    failure: Failure | None = None
    culprit: tuple[int, str] | None = None
    contain: str | None = None
    stages: tuple[StageEnd, ...] = ()
    cpu: float | None = None
    memory: int | None = None
