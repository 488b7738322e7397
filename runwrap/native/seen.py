"""What the process table tells of a process, in the same words everywhere."""

from runwrap.model import Record


class Seen(Record):
    """A process as the process table showed it; `started` is only good for comparing."""

    pid: int
    parent: int
    group: int
    session: int
    state: str
    started: float
