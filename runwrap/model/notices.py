"""What is told of a job while it runs: whoever shows, records or draws reads the same stream."""

from runwrap.model import Record
from runwrap.model.escalation import Step
from runwrap.model.outcome import Process


class Stopping(Record):
    """A job is about to be stopped; `running` is who runs, parents first."""

    reason: str  # as in an Outcome; "" for a kill without one
    running: tuple[Process, ...] = ()


class SignalSent(Record):
    """A signal is about to be sent to the job."""

    signal: int
    following: Step | None = None  # the next step, if a limit is reached and this may not do


TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Notice = Stopping | SignalSent
    Observer = Callable[[Notice], None]
