"""Hand-written files with marker lines, `@NAME@`, whose place is for lines from the table."""

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

_MARKER = re.compile(r"(?P<indent> *)@(?P<name>[A-Z_]+)@")


def fill(path: Path, parts: Mapping[str, Sequence[str]]) -> str:
    """Return a template's text with its marker lines replaced; they pass on their indentation.

    Raise ValueError for a marker that no part belongs to.
    """
    lines: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        marker = _MARKER.fullmatch(line)
        if marker is None:
            lines.append(line)
        elif marker["name"] in parts:
            lines += [marker["indent"] + part if part else "" for part in parts[marker["name"]]]
        else:
            raise ValueError(f"{path}: nothing is made for {line.strip()}")
    return "".join(f"{line}\n" for line in lines)


def wrapped(words: Iterable[str], *, indent: int = 0, joint: str = "") -> list[str]:
    """Return words as lines that fit; `joint` ends each line but the last."""
    margin = " " * indent
    lines = textwrap.wrap(
        " ".join(words),
        88,
        initial_indent=margin,
        subsequent_indent=margin,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line + joint for line in lines[:-1]] + lines[-1:]
