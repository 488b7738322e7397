"""Trees of processes as whoever reads a descriptor can see them."""

import os
from locale import CODESET, nl_langinfo

from runwrap.report.tree import draw

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from runwrap.model.outcome import Process


def drawn(processes: "Iterable[Process]", descriptor: int) -> str:
    """Draw trees in the characters of the locale, as wide as a terminal that is there."""
    width = os.get_terminal_size(descriptor).columns if os.isatty(descriptor) else None
    return draw(processes, nl_langinfo(CODESET), width or None)
