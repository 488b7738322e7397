"""What is printed in place of running anything."""

from runwrap.model import Record


class Page(Record):
    """A text that was asked for; `what` it is: the help, or the version."""

    what: str
    text: str
