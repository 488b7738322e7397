"""Durations as GNU's timeout reads them: a number as C's strtold takes it, then at most one unit.

ISO C 7.24.1.5 has the grammar of the number. Leading white space, a sign, `inf`, hexadecimal and
exponents count; trailing white space, digit separators and other scripts' digits don't.
"""

from runwrap.model.durations import INFINITE

_SPACE = " \t\n\v\f\r"
_DECIMAL, _HEXADECIMAL = frozenset("0123456789"), frozenset("0123456789abcdefABCDEF")
_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_SMALLEST = 5e-324  # what a number that is too small to hold counts as: it is not 0


def parse(text: str, point: str = ".") -> float:
    """Return a duration in seconds; 0 (also -0) means none. Too large a number is inf.

    `point` is the locale's decimal point, read beside the C locale's. Raise ValueError for
    anything else, negative numbers and nan included.
    """
    length, value = max(_number(text, "."), _number(text, point))
    factor = _UNITS.get(text[length:])
    if length == 0 or factor is None or value < 0:
        raise ValueError("invalid time interval")
    return value * factor


def _number(text: str, point: str) -> tuple[int, float]:
    """Return the length of the number that text starts with, 0 if it is none, and its value."""
    at = len(text) - len(text.lstrip(_SPACE))
    sign = -1.0 if text[at : at + 1] == "-" else 1.0
    at += text[at : at + 1] in ("+", "-")
    word = text[at : at + 8].lower()
    if word.startswith("inf"):
        return at + (8 if word == "infinity" else 3), sign * INFINITE
    if word.startswith("0x"):
        end, digits = _mantissa(text, at + 2, _HEXADECIMAL, point)
        if digits.strip("."):
            end, exponent = _exponent(text, end, "p")
            return end, sign * _value("0x" + digits, "p", exponent)
    end, digits = _mantissa(text, at, _DECIMAL, point)
    if not digits.strip("."):
        return 0, 0.0
    end, exponent = _exponent(text, end, "e")
    return end, sign * _value(digits, "e", exponent)


def _mantissa(text: str, at: int, digits: frozenset[str], point: str) -> tuple[int, str]:
    """Return the end of digits with at most one point among them, and them with a `.`."""
    start = at
    while text[at : at + 1] in digits:
        at += 1
    found = text[start:at]
    if text.startswith(point, at):
        start = at = at + len(point)
        while text[at : at + 1] in digits:
            at += 1
        found += "." + text[start:at]
    return at, found


def _exponent(text: str, at: int, letter: str) -> tuple[int, int]:
    """Return the end and the value of an exponent; where there is none, `at` and 0."""
    start = at + 1
    if text[at : at + 1].lower() != letter:
        return at, 0
    end = start + (text[start : start + 1] in ("+", "-"))
    first = end
    while text[end : end + 1] in _DECIMAL:
        end += 1
    # Nine digits are beyond any float, and no endless work for int.
    return (end, int(text[start : min(end, first + 9)])) if end > first else (at, 0)


def _value(digits: str, letter: str, exponent: int) -> float:
    """Return the value of a number; not 0 unless all of its digits are."""
    try:
        if letter == "p":
            value = float.fromhex(f"{digits}p{exponent}")
        else:
            value = float(f"{digits}e{exponent}")
    except OverflowError:
        value = INFINITE
    zero = not digits.lower().removeprefix("0x").strip("0.")
    return value if value or zero else _SMALLEST
