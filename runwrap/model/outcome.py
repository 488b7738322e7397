"""What happened. Pids are facts here: nothing may be signalled by them."""

from runwrap.model import Record


class Process(Record):
    """A process as it was seen: enough to name it to a person."""

    pid: int
    parent: int
    state: str
    command: str


class Failure(Record):
    """Why a job could not be started. `step` is what was being done, to `subject`.

    Steps: not-found, not-executable, directory, interpreter, exec (about the program); fork,
    place, chdir, nice, signals (in the new process); open, containment (before it). `detail` is
    what to know or do besides the errno.
    """

    step: str
    subject: str
    errno: int = 0
    detail: str = ""


class Sent(Record):
    """A signal that runwrap chose to send, and when: seconds after the start."""

    signal: int
    at: float


class Outcome(Record):
    """How a job ended.

    `status` is the leader's raw wait status, None if it never ran or outlived the sweep.
    `reason` is why it was stopped: timeout, interrupted (`by` is the signal) or leak; None if
    nothing was. `proved`: nothing was left of the job, or it was allowed to leave something.
    """

    command: str
    pid: int | None = None
    status: int | None = None
    reason: str | None = None
    by: int | None = None
    limit: float | None = None
    elapsed: float = 0.0
    sent: tuple[Sent, ...] = ()
    leaks: tuple[Process, ...] = ()
    survivors: tuple[Process, ...] = ()
    proved: bool = True
    failure: Failure | None = None
