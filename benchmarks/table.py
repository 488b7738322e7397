"""Tables in Markdown."""

from collections.abc import Sequence
from typing import NamedTuple


class Table(NamedTuple):
    """A title, a sentence or two on what is measured, and rows; the first column is the name."""

    title: str
    about: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    def markdown(self) -> str:
        """Return the table with its title, its columns of numbers aligned to the right."""
        line = ["---", *["---:"] * (len(self.head) - 1)]
        cells = "\n".join(f"| {' | '.join(row)} |" for row in (self.head, line, *self.rows))
        return f"### {self.title}\n\n{self.about}\n\n{cells}\n"


def times(ratio: float) -> str:
    """Write a ratio with the digits that mean something."""
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}"


def ms(seconds: float) -> str:
    """Write seconds as milliseconds."""
    return f"{seconds * 1e3:.1f}"
