"""The shells' completions: static files, so that no Python starts when TAB is pressed.

How a line is read is written by hand, in tools/shells; what there is to offer is made from the
option table.
"""

from pathlib import Path

import in_bash
import in_fish
import in_zsh
from templates import fill

_SHELLS = Path(__file__).parent / "shells"
_PARTS = {"runwrap.bash": in_bash.parts, "_runwrap": in_zsh.parts, "runwrap.fish": in_fish.parts}


def files() -> dict[str, str]:
    """Return each shell's file by its name."""
    return {name: fill(_SHELLS / name, parts()) for name, parts in _PARTS.items()}
