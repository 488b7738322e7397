"""Parsers of option values: text in, a value out, ValueError with what is accepted."""

from runwrap.model import durations
from runwrap.model.escalation import Step
from runwrap.model.signals import KILL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def one_of(*choices: str) -> "Callable[[str], str]":
    """Return a parser that takes one of a few words."""

    def choose(text: str) -> str:
        if text not in choices:
            raise _refusal(text, f" is none of {', '.join(choices)}")
        return text

    return choose


def _refusal(text: str, why: str) -> ValueError:
    from runwrap.model.printable import quoted

    return ValueError(f"{quoted(text)}{why}")


def path(text: str) -> str:
    """Take a file's name, which may not be empty."""
    if not text:
        raise ValueError("a file's name is not empty")
    return text


def assignment(text: str) -> tuple[str, str]:
    """Split `NAME=VALUE`."""
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise _refusal(text, " is not NAME=VALUE")
    return name, value


def variable_name(text: str) -> str:
    """Take the name of an environment variable."""
    if not text or "=" in text:
        raise _refusal(text, " is not the name of a variable")
    return text


def umask(text: str) -> int:
    """Read an octal mode, 0 to 777."""
    if not (text and set(text) <= set("01234567") and int(text, 8) <= 0o777):
        raise _refusal(text, " is not an octal mode from 000 to 777")
    return int(text, 8)


def niceness(text: str) -> int:
    """Read an increment of the niceness, -40 to 40 (the whole range is 40 wide)."""
    digits = text[1:] if text[:1] in ("-", "+") else text
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 3 and int(digits) <= 40):
        raise _refusal(text, " is not a whole number from -40 to 40")
    return int(text)


def signal(text: str) -> int:
    """Read a signal's name or number."""
    from runwrap.model.signal_names import parse

    return parse(text)


def signal_operand(text: str) -> int:
    """Read a signal as coreutils do."""
    from runwrap.model.signal_names import parse_operand

    return parse_operand(text)


def interval(text: str) -> float:
    """Read a duration as GNU's timeout does, in the locale that the environment names."""
    if text.isascii() and text.isdigit():
        return float(text)
    from runwrap.model.gnu_durations import parse

    try:
        return parse(text)
    except ValueError:
        import locale
        from contextlib import suppress

        with suppress(locale.Error):  # where there is no such locale, C's stays, with a point
            locale.setlocale(locale.LC_NUMERIC, "")
        return parse(text, str(locale.localeconv()["decimal_point"]))


def steps(text: str) -> tuple[Step, ...]:
    """Read `QUIT:2s,TERM:10s,KILL`: signals with the time to wait after each, KILL last."""
    words = text.split(",")
    if words[-1].isascii() and words[-1].upper() in ("KILL", "SIGKILL", "9"):
        words.pop()
    found = []
    for word in words:
        name, colon, wait = word.partition(":")
        number = signal(name)
        if number == KILL:
            raise _refusal(word, ": KILL is the last, and nothing is waited for after it")
        if not colon:
            raise _refusal(word, " needs a time to wait, as in QUIT:2s,TERM:10s,KILL")
        found.append(Step(signal=number, grace=durations.parse(wait)))
    return tuple(found)
