"""A refusal as a person reads it: the spec, a caret under the column, the reason, the way out."""

from unicodedata import category, east_asian_width

from runwrap.model.printable import printable
from runwrap.model.spec.refusals import SpecError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_WIDTH = 76  # columns that the spec and the caret may take
_CUT = "..."


def render(error: SpecError, width: int = _WIDTH) -> str:
    """Return three lines of text, of which the first two are at most `width` columns wide.

    Of a longer spec the part around the caret is shown. Only that much of it is looked at.
    """
    spec, at = error.spec, error.position
    room = width - 2 * len(_CUT)
    # A quarter of the room for what follows the caret, more where little stands before it.
    left, taken = _fitting(reversed(spec[max(at - room, 0) : at]), room - room // 4)
    right, _ = _fitting(iter(spec[at : at + room]), room - taken)
    begins, ends = at - len(left), at + len(right)
    before = (_CUT if begins else "") + "".join(reversed(left))
    shown = before + "".join(right) + (_CUT if ends < len(spec) else "")
    place = f"line {error.line}: " if error.line else ""
    place = f"{error.file}, {place}" if error.file else place
    return f"{shown}\n{' ' * _columns(before)}^\n{place}{error}"


def _fitting(characters: "Iterator[str]", room: int) -> tuple[list[str], int]:
    """Return the first of some characters, made visible, that fit into some columns; and these."""
    cells: list[str] = []
    taken = 0
    for character in characters:
        cell = _visible(character)
        taken += _columns(cell)
        if taken > room:
            return cells, taken - _columns(cell)
        cells.append(cell)
    return cells, taken


def _visible(character: str) -> str:
    """Escape what has no width of its own, raw bytes as well: the caret has to be right."""
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) & 0xFF:02x}"
    return printable(character)


def _columns(text: str) -> int:
    """Return how wide a terminal shows printable text."""
    wide = sum(east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(category(character) in ("Mn", "Me") for character in text)
