"""Durations as GNU's timeout reads them: a number as C's strtold takes it, then at most one unit.

ISO C 7.24.1.5 has the grammar of the number. Leading white space, a sign, `inf`, hexadecimal and
exponents count; trailing white space, digit separators and other scripts' digits don't.
"""

from runwrap.model.durations import DIGITS, INFINITE, leading

_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_SMALLEST = 5e-324  # what a number that is too small to hold counts as: it is not 0


def parse(text: str, point: str = ".") -> float:
    """Return a duration in seconds; 0 (also -0) means none. Too large a number is inf.

    `point` is the locale's decimal point, read beside the C locale's. Raise ValueError for
    anything else, negative numbers and nan included.
    """
    value, rest = min(_number(text, "."), _number(text, point), key=lambda found: len(found[1]))
    factor = _UNITS.get(rest)
    if rest == text or factor is None or value < 0:
        raise ValueError("invalid time interval")
    return value * factor


def _number(text: str, point: str) -> tuple[float, str]:
    """Return the number that text starts with, and what follows it: all of it if it is none."""
    unsigned = text.lstrip(" \t\n\v\f\r")
    sign = -1.0 if unsigned[:1] == "-" else 1.0
    unsigned = unsigned[unsigned[:1] in ("-", "+") :]
    for word in ("infinity", "inf"):
        if unsigned[: len(word)].lower() == word:
            return sign * INFINITE, unsigned[len(word) :]
    for prefix, digits, letter in (("0x", DIGITS + "abcdefABCDEF", "p"), ("", DIGITS, "e")):
        if unsigned[: len(prefix)].lower() == prefix:
            mantissa, rest = _mantissa(unsigned[len(prefix) :], digits, point)
            if mantissa.strip("."):
                exponent, rest = _exponent(rest, letter)
                return sign * _value(prefix + mantissa, letter, exponent), rest
    return 0.0, text


def _mantissa(text: str, digits: str, point: str) -> tuple[str, str]:
    """Return digits with at most one point among them, which becomes a `.`, and what follows."""
    found, rest = leading(text, digits)
    if not rest.startswith(point):
        return found, rest
    fraction, rest = leading(rest[len(point) :], digits)
    return f"{found}.{fraction}", rest


def _exponent(text: str, letter: str) -> tuple[int, str]:
    """Return the exponent that text starts with, and what follows; 0 and the text if none does."""
    sign = text[1:2] if text[1:2] in ("-", "+") else ""
    digits, rest = leading(text[1 + len(sign) :], DIGITS)
    if text[:1].lower() != letter or not digits:
        return 0, text
    return int(sign + digits[:9]), rest  # nine are beyond any float, and no endless work for int


def _value(digits: str, letter: str, exponent: int) -> float:
    """Return the value of a number; not 0 unless all of its digits are."""
    read = float.fromhex if letter == "p" else float
    try:
        value = read(f"{digits}{letter}{exponent}")
    except OverflowError:
        value = INFINITE
    return value if value or not digits.strip("0x.") else _SMALLEST
