"""Durations as people write them: `30`, `1.5s`, `1h30m`, `250ms`, `inf`."""

INFINITE = float("inf")
UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
ACCEPTED = "30, 1.5s, 5m, 2h, 1d, 1h30m, 250ms, or inf"
_DIGITS = frozenset("0123456789")
_NUMBER = _DIGITS | {"."}


def parse(text: str) -> float:
    """Return a duration in seconds; a bare number is in seconds.

    Raise ValueError, saying what is accepted, for anything else.
    """
    if text == "inf":
        return INFINITE
    total, smallest, at = 0.0, INFINITE, 0
    while at < len(text):
        start = at
        while at < len(text) and text[at] in _NUMBER:
            at += 1
        number, start = text[start:at], at
        while at < len(text) and text[at] not in _NUMBER:
            at += 1
        unit = text[start:at]
        bare = unit == "" and number == text
        factor = 1.0 if bare else UNITS.get(unit, 0.0)
        if not factor or factor >= smallest or not _is_number(number):
            raise _refusal(text)
        total += float(number) * factor
        smallest = factor
    if not text:
        raise _refusal(text)
    return total


def _is_number(text: str) -> bool:
    return text.count(".") <= 1 and text[-1:] in _DIGITS


def _refusal(text: str) -> ValueError:
    from runwrap.model.printable import quoted

    return ValueError(f"{quoted(text)} is not a duration; write {ACCEPTED}")
