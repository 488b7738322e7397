"""The only exit: read the command line, let its subcommand run, and end as that says."""

import os
import posix
import sys

from runwrap.cli import argv
from runwrap.model.request import Request
from runwrap.model.signals import signal
from runwrap.model.verdict import FAILED, Exit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from runwrap.cli import Asked, Page

_NO_DESCRIPTOR = 24  # EMFILE, on every system that we know
_MANY = 1 << 16  # descriptors, more than most limits allow


def main() -> "NoReturn":
    """Run the command line of this process, and end as it says."""
    words = sys.argv[1:]
    if sys.getfilesystemencoding() != "utf-8":
        # Python takes argv by the C library's tables, which in Shift JIS have a yen sign for the
        # byte of a backslash; its own have the backslash.
        words = [os.fsdecode(os.fsencode(word)) for word in words]
    if os.path.basename(sys.argv[0]) == "timeout":
        words = ["timeout", *words]  # a link of that name acts as that command
    try:
        how = _run(words)
    except Exception as error:  # the last resort: one line, never a traceback
        if os.environ.get("RUNWRAP_DEBUG"):
            raise
        os.closerange(3, _MANY)  # or there may be none left to load what says so
        try:
            _say(_last_words(error))
        finally:
            _end(Exit(code=FAILED))
    _end(how)


def _last_words(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == _NO_DESCRIPTOR:
        return f"{error.strerror}: more are needed than the limit allows (ulimit -n)"
    return f"internal error: {type(error).__name__}: {error}; set RUNWRAP_DEBUG=1 for more"


def _run(words: list[str]) -> Exit:
    program = "timeout" if words[:1] == ["timeout"] else "runwrap"
    try:
        request = argv.read(words, posix.environ) or _read_all(words)
        if isinstance(request, Request):
            from runwrap.commands import run

            def say(text: str, drawing: str = "") -> None:
                # The job may have left a line unfinished.
                _say(text, program, drawing, fresh=True)

            return run(request, say, _show)
        if isinstance(request, tuple):
            return Exit(code=0 if _show(*request) else FAILED)
        from runwrap.commands import kill_tree

        return kill_tree.run(request, _say, _show)
    except ValueError as error:
        _refuse(error, program)
    return Exit(code=FAILED)


def _read_all(words: list[str]) -> "Asked | Page":
    """Read what the short cut leaves: odd spellings, variables, errors, and the help."""
    if words[:1] == ["timeout"]:
        from runwrap.cli import gnu_getopt

        return gnu_getopt.read(words[1:])
    from runwrap.cli import commands

    request = commands.read(words)
    if isinstance(request, Request):
        from runwrap.cli import hints

        for line in hints.unknown_variables(posix.environ):
            _say(line)
    return request


def _refuse(error: ValueError, program: str) -> None:
    """Say what is wrong with a command line; of a pipeline, where."""
    from runwrap.model.spec.refusals import SpecError

    told, drawing = str(error), ""
    if isinstance(error, SpecError):
        from runwrap.model.spec.caret import render

        spec, caret, told = render(error).split("\n", 2)
        drawing = f"{spec}\n{caret}"
    if program != "timeout":
        _say(told, drawing=drawing)
        return
    *lines, advice = told.split("\n")
    for line in lines:
        _say(line, program)
    _say(advice, "")  # where to look for help has no name before it


def _show(what: str, text: str) -> bool:
    """Print a text that was asked for, whole; where that can't be done, say so."""
    from runwrap.cli.console import show

    try:
        show(text)
    except OSError as error:
        _say(f"cannot print the {what}: {error.strerror}")
        return False
    return True


def _say(text: str, program: str = "runwrap", drawing: str = "", *, fresh: bool = False) -> None:
    try:
        from runwrap.cli.console import say
    except ImportError:  # our own files are gone
        os.write(2, os.fsencode(f"{program}: {text}\n"))
        return
    say(text, os.environ, program, drawing, fresh=fresh)


def _end(how: Exit) -> "NoReturn":
    """Die of the signal, or exit: without the interpreter's teardown, a sixth of its start."""
    # The C library keeps two signals to itself.
    if how.signal and how.signal in signal.valid_signals():
        from runwrap.native import prevent_core_dump

        prevent_core_dump()
        if how.signal != signal.SIGKILL:
            signal.signal(how.signal, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (how.signal,))
        os.kill(0 if how.group else os.getpid(), how.signal)
        # PID 1 of a namespace can't die of a signal that it doesn't catch.
    os._exit(how.code)
