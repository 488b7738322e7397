"""Durations as people write them: `30`, `1.5s`, `1h30m`, `250ms`, `inf`."""

INFINITE = float("inf")
UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
ACCEPTED = "30, 1.5s, 5m, 2h, 1d, 1h30m, 250ms, or inf"
DIGITS = "0123456789"


def parse(text: str) -> float:
    """Return a duration in seconds; a bare number is in seconds.

    Raise ValueError, saying what is accepted, for anything else.
    """
    if text == "inf":
        return INFINITE
    bare = not text.strip(DIGITS + ".")
    total, smallest, rest = 0.0, INFINITE, text + "s" if bare else text
    while rest:
        number, rest = leading(rest, DIGITS + ".")
        unit, rest = leading(rest, "dhms")
        factor = UNITS.get(unit, 0.0)
        if not 0.0 < factor < smallest or number.count(".") > 1 or not number[-1:].isdigit():
            from runwrap.model.printable import quoted

            raise ValueError(f"{quoted(text)} is not a duration; write {ACCEPTED}")
        total += float(number) * factor
        smallest = factor
    return total


def leading(text: str, characters: str) -> tuple[str, str]:
    """Divide a text after the characters that it begins with."""
    rest = text.lstrip(characters)
    return text[: len(text) - len(rest)], rest
