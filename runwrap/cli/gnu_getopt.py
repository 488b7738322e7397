"""The command line of `timeout`, read as GNU getopt does, with GNU's words for what is wrong."""

import getopt

from runwrap import __version__
from runwrap.cli import options_of
from runwrap.cli.page import Page
from runwrap.cli.values import interval
from runwrap.model.request import Request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from runwrap.cli.options import Option

_SEE_HELP = "Try 'timeout --help' for more information."
_ALWAYS = ("--help", "--version")


def read(words: list[str]) -> Request | Page:
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
                return Page(what="help", text=_help())
            if name == "--version":
                return Page(what="version", text=f"timeout (runwrap) {__version__}\n")
            _set(found, name, text, options)
    if len(words) < 2:
        raise ValueError(_SEE_HELP)
    duration, *command = words
    found["timeout"] = _parsed(interval, duration)
    return Request(command="timeout", operands=tuple(command), **found)  # type: ignore[arg-type]


def _next(words: list[str], options: "list[Option]") -> tuple[list[tuple[str, str]], list[str]]:
    """Read the first word's options, one at least; return them and the words after them.

    One word at a time, since of several errors the first is told, whatever its kind.
    """
    letters = "".join(
        name[1] + (":" if one.parse else "") for one in options for name in one.names[:-1]
    )
    long = [one.names[-1][2:] + ("=" if one.parse else "") for one in options]
    long += [name[2:] for name in _ALWAYS]
    # A word of its own for the value of the last option, if there is one: no more is looked at.
    for taken in (1, 2):
        try:
            given, rest = getopt.getopt(words[:taken], letters, long)
        except getopt.GetoptError as error:
            if taken < len(words) and taken == 1 and "requires argument" in error.msg:
                continue
            raise ValueError(f"{_gnu(words[0], error, long)}\n{_SEE_HELP}") from error
        return given, rest + words[taken:]
    raise AssertionError("getopt takes at most two words here")


def _gnu(word: str, error: getopt.GetoptError, long: list[str]) -> str:
    """Return what GNU getopt says of an error."""
    if not word.startswith("--"):
        what = "option requires an argument" if "requires" in error.msg else "invalid option"
        return f"{what} -- '{error.opt}'"
    name = word[2:].partition("=")[0]
    near = [one.rstrip("=") for one in long if one.startswith(name)]
    if not near:
        return f"unrecognized option '{word}'"
    if len(near) > 1:
        return f"option '{word}' is ambiguous; possibilities: " + " ".join(
            f"'--{one}'" for one in sorted(near)
        )
    if "must not have" in error.msg:
        return f"option '--{near[0]}' doesn't allow an argument"
    return f"option '--{near[0]}' requires an argument"


def _set(found: dict[str, object], name: str, text: str, options: "list[Option]") -> None:
    option = next(one for one in options if name in one.names)
    found[option.field] = True if option.parse is None else _parsed(option.parse, text)


def _parsed(parse: "Callable[[str], object]", text: str) -> object:
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


def _help() -> str:
    """Return the help, laid out by click from the option table."""
    from runwrap.cli.commands import build

    command = build("timeout")
    return command.get_help(command.make_context("timeout", ["1", "true"])) + "\n"
