"""Diagnostics: one line each, to standard error; and what was asked for, to standard output."""

import os
import select

from runwrap.model.printable import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from runwrap.model.outcome import Process

    Variables = Mapping[str, str]

_RED, _PLAIN = b"\33[1;31m", b"\33[0m"
_LONGEST = 2000  # bytes: a pipe that takes anything takes as much without blocking (PIPE_BUF)
_PATIENCE = 100  # milliseconds for a reader that is slow; one that never reads must not hold us


def say(
    text: str, env: "Variables", program: str = "runwrap", drawing: str = "", *, fresh: bool = False
) -> None:
    """Write `runwrap: text` as one line, coloured where a person looks and NO_COLOR isn't set.

    Control characters are shown escaped: a file's name may hold them. Where standard error is
    closed or full there is nobody left to tell, and the exit code has to do. Without a program
    it is the text alone. The lines of a drawing come before it, as they are. `fresh`: the
    terminal's cursor may be anywhere in a line, which is left behind then.
    """
    smart = env.get("TERM") != "dumb" and os.isatty(2)
    start = _to_fresh_line() if fresh and smart else b""
    for line in drawing.splitlines():
        _write(start + _short(line) + b"\n")
        start = b""
    name = program.encode() + b":"
    if smart and not env.get("NO_COLOR"):
        name = _RED + name + _PLAIN
    start += name + b" " if program else b""
    _write(start + _short(printable(text)) + b"\n")


def _to_fresh_line() -> bytes:
    """Return what moves a terminal's cursor to the start of an empty line, wherever it is.

    As many blanks as a line is wide: begun at the start of a line they stay in it, since a terminal
    goes on to the next line only when another character comes; begun anywhere else they end in the
    next one. Either way a carriage return leads to the start of a line that is blank. zsh finds a
    line for its prompt in this way (PROMPT_SP).
    """
    return b" " * os.get_terminal_size(2).columns + b"\r"


def show(text: str) -> None:
    """Write a text to standard output, whole; OSError if it can't be."""
    rest = os.fsencode(text)
    while rest:
        rest = rest[os.write(1, rest) :]


def drawn(processes: "tuple[Process, ...]", descriptor: int) -> str:
    """Draw trees in the characters of the locale, as wide as the descriptor's terminal, if any."""
    from locale import CODESET, nl_langinfo

    from runwrap.report.tree import draw

    width = os.get_terminal_size(descriptor).columns if os.isatty(descriptor) else None
    return draw(processes, nl_langinfo(CODESET), width or None)


def _short(text: str) -> bytes:
    line = os.fsencode(text)
    return line if len(line) <= _LONGEST else line[:_LONGEST] + b"..."


def _write(line: bytes) -> None:
    poll = select.poll()
    poll.register(2, select.POLLOUT)
    try:
        if poll.poll(_PATIENCE):
            os.write(2, line)
    except OSError:
        return
