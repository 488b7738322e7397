"""Signal names and numbers, as people write them."""

from runwrap.model.signals import signal

NUMBERS: dict[str, int] = {
    name[3:]: int(value)
    for name, value in vars(signal).items()
    if name.startswith("SIG") and name[3:].isalnum() and name not in ("SIGRTMIN", "SIGRTMAX")
}
_LONGEST = len("SIGRTMIN+10")
_OLD = {"CLD", "POLL", "IOT"}  # further names of CHLD, IO and ABRT
_NAMES = {number: name for name, number in NUMBERS.items() if name not in _OLD}
_RTMIN = int(getattr(signal, "SIGRTMIN", 0))
_RTMAX = int(getattr(signal, "SIGRTMAX", -1))


def parse(text: str) -> int:
    """Return the number of a signal given as `TERM`, `sigterm`, `15` or `RTMIN+3`.

    Raise ValueError for anything else, and for what this system lacks.
    """
    # Before upper(): letters of other scripts become ours by it.
    name = text.upper() if text.isascii() and len(text) <= _LONGEST else ""
    name = name[3:] if name.startswith("SIG") else name
    if name == text and text.isdigit():
        number = int(text)
    elif name in NUMBERS:
        number = NUMBERS[name]
    elif name[:5] in ("RTMIN", "RTMAX"):
        number = _realtime(name)
    else:
        number = 0
    if number not in signal.valid_signals():
        from runwrap.model.printable import quoted

        raise ValueError(
            f"{quoted(text)} is not a signal; write a name or number, as TERM, SIGTERM, 15"
        )
    return number


def _realtime(name: str) -> int:
    """Return the number of `RTMIN+3` or `RTMAX-1`, 0 where it is none."""
    base, sign, offset = (_RTMIN if name.startswith("RTMIN") else _RTMAX), name[5:6], name[6:]
    if sign == "" and base > 0:
        return base
    if sign != ("+" if base == _RTMIN else "-") or not (offset.isascii() and offset.isdigit()):
        return 0
    number = base + int(sign + offset)
    return number if _RTMIN <= number <= _RTMAX else 0


def name(number: int) -> str:
    """Return a signal's name without SIG: `TERM`, `RTMIN+3`, or its number where it has none."""
    if number in _NAMES:
        return _NAMES[number]
    if _RTMIN <= number <= _RTMAX:
        return f"RTMIN+{number - _RTMIN}" if number > _RTMIN else "RTMIN"
    return str(number)


def parse_operand(text: str) -> int:
    """Return the number of a signal as coreutils read it; 0 (`EXIT`) is one.

    Names may be in any case, with or without SIG, as `RTMIN+1`. Of a number above 127 the low
    bits count, as of what a shell shows in `$?`. Raise ValueError for anything else.
    """
    upper = text.upper() if text.isascii() else ""
    found = -1
    if text[:1].isdigit() and text.isascii():
        found = int(text) if text.isdigit() and int(text) < 1 << 31 else -1
        found &= 0xFF if found >= 0xFF else 0x7F if found >= 0 else -1
    elif upper:
        found = _operand(upper)
        if found < 0 and upper.startswith("SIG"):
            found = _operand(upper[3:])
    if found != 0 and found not in signal.valid_signals():
        raise ValueError("invalid signal")
    return found


def _operand(name: str) -> int:
    """Return the number of a signal's name without SIG, -1 where there is none."""
    if name == "EXIT":
        return 0
    if name.isdigit():
        return int(name)
    if name[:5] not in ("RTMIN", "RTMAX"):
        return NUMBERS.get(name, -1)
    offset, base = name[5:], _RTMIN if name[:5] == "RTMIN" else _RTMAX
    digits = offset[1:] if offset[:1] in ("+", "-") else offset
    if not digits.isdigit() and offset:
        return -1
    number = base + int(offset or "0")
    return number if _RTMIN <= number <= _RTMAX else -1


def coreutils_name(number: int) -> str:
    """Return a signal's name as coreutils write it: real-time ones from the nearer end."""
    if number == NUMBERS.get("POLL"):
        return "POLL"
    if (_RTMIN + _RTMAX) // 2 < number <= _RTMAX:
        return f"RTMAX-{_RTMAX - number}" if number < _RTMAX else "RTMAX"
    return name(number)
