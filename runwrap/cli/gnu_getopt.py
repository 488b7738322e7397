"""The command line of `timeout`, read as GNU getopt does, with GNU's words for what is wrong."""

import getopt
from collections.abc import Callable

from runwrap import __version__
from runwrap.cli import options_of
from runwrap.cli.options import Option
from runwrap.cli.values import interval
from runwrap.model.request import Request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.cli import Asked, Page

_SEE_HELP = "Try 'timeout --help' for more information."


def read(words: list[str]) -> "Asked | Page":
    """Return the Request, or the page that was asked for; ValueError for what can't be read.

    `words` come after the program's name.
    """
    options = list(options_of("timeout"))
    found: dict[str, object] = {}
    while words and words[0].startswith("-") and words[0] != "-":
        if words[0] == "--":
            words = words[1:]
            break
        given, words = _next(words, options)
        for name, text in given:
            if name == "--help":
                from runwrap.cli import commands

                return commands.read(["timeout", name])
            if name == "--version":
                return "version", f"timeout (runwrap) {__version__}\n"
            option = next(one for one in options if name in one.names)
            found[option.field] = option.parse is None or _parsed(option.parse, text)
    if len(words) < 2:
        raise ValueError(_SEE_HELP)
    duration, *command = words
    found["timeout"] = _parsed(interval, duration)
    return Request(command="timeout", operands=tuple(command), **found)  # type: ignore[arg-type]


def _next(
    words: list[str], options: list[Option], taken: int = 1
) -> tuple[list[tuple[str, str]], list[str]]:
    """Read the first word's options, one at least; return them and the words after them.

    One word at a time, since of several errors the first is told, whatever its kind.
    """
    letters = "".join(name[1] + ":" * bool(one.parse) for one in options for name in one.names[:-1])
    long = [one.names[-1][2:] + "=" * bool(one.parse) for one in options] + ["help", "version"]
    try:
        given, rest = getopt.getopt(words[:taken], letters, long)
    except getopt.GetoptError as error:
        # The value of the last option may be a word of its own: no more is looked at.
        if taken == 1 < len(words) and "requires argument" in error.msg:
            return _next(words, options, taken=2)
        raise ValueError(f"{_gnu(words[0], error, long)}\n{_SEE_HELP}") from error
    return given, rest + words[taken:]


def _gnu(word: str, error: getopt.GetoptError, long: list[str]) -> str:
    """Return what GNU getopt says of an error."""
    if not word.startswith("--"):
        what = "option requires an argument" if "requires" in error.msg else "invalid option"
        return f"{what} -- '{error.opt}'"
    name = word[2:].partition("=")[0]
    near = sorted(one.rstrip("=") for one in long if one.startswith(name))
    if not near:
        return f"unrecognized option '{word}'"
    if len(near) > 1:
        return f"option '{word}' is ambiguous; possibilities: '--" + "' '--".join(near) + "'"
    what = "doesn't allow" if "must not have" in error.msg else "requires"
    return f"option '--{near[0]}' {what} an argument"


def _parsed(parse: Callable[[str], object], text: str) -> object:
    try:
        return parse(text)
    except ValueError as error:
        from runwrap.model.printable import quoted_in_c as quoted

        told = str(error)
        if told == "invalid signal":
            told = f"{quoted(text)}: {told}"
        elif told == "invalid time interval":
            told = f"{told} {quoted(text)}"
        raise ValueError(f"{told}\n{_SEE_HELP}") from error
