"""What a job may take before it is stopped: each limit has a reason and an amount."""

from runwrap.model import Record
from runwrap.model.durations import INFINITE

TIMEOUT = "timeout"


class Limit(Record):
    """A job is stopped for `reason` when `seconds` have passed since its start."""

    reason: str
    seconds: float


def timeout(seconds: float) -> tuple[Limit, ...]:
    """Return the limits of a job that has only a timeout, which may be infinite: then none."""
    return () if seconds == INFINITE else (Limit(reason=TIMEOUT, seconds=seconds),)
