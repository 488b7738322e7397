"""A refusal as a person reads it: the spec, a caret under the column, the reason, the way out."""

from unicodedata import category, east_asian_width

from runwrap.model.printable import decoded, printable
from runwrap.model.spec.refusals import SpecError

_WIDTH = 76  # columns that the spec and the caret may take
_CUT = "..."


def render(error: SpecError, width: int = _WIDTH) -> str:
    """Return three lines of text, of which the first two are at most `width` columns wide.

    Of a longer spec the part around the caret is shown. Only that much of it is looked at.
    """
    spec, at = error.spec, error.position
    room = width - 2 * len(_CUT)
    # A quarter of the room for what follows the caret, more where little stands before it.
    left = _fitting(spec[max(at - room, 0) : at][::-1], room - room // 4)
    right = _fitting(spec[at : at + room], room - _columns("".join(left)))
    before = (_CUT if len(left) < at else "") + "".join(reversed(left))
    shown = before + "".join(right) + (_CUT if at + len(right) < len(spec) else "")
    place = f"line {error.line}: " if error.line else ""
    place = f"{error.file}, {place}" if error.file else place
    return f"{shown}\n{' ' * _columns(before)}^\n{place}{error}"


def _fitting(characters: str, room: int) -> list[str]:
    """Return the first of some characters that fit into some columns, made visible.

    Raw bytes are escaped as well: the caret has to be right.
    """
    cells: list[str] = []
    for character in characters:
        cell = decoded(printable(character))
        room -= _columns(cell)
        if room < 0:
            break
        cells.append(cell)
    return cells


def _columns(text: str) -> int:
    """Return how wide a terminal shows printable text."""
    wide = sum(east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(category(character) in ("Mn", "Me") for character in text)
