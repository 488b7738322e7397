"""Signal names and numbers, as people write them."""

from runwrap.model.signals import signal

NUMBERS: dict[str, int] = {
    name[3:]: int(value)
    for name, value in vars(signal).items()
    if name.startswith("SIG") and name[3:].isalnum() and name not in ("SIGRTMIN", "SIGRTMAX")
}
_LONGEST = len("SIGRTMIN+10")
_REALTIME = ("RTMIN", "RTMAX", "RTMIN+", "RTMAX-")
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
    name = name.removeprefix("SIG")
    odd = name != text if name.isdigit() else name[:3] == "RTM" and name[:6] not in _REALTIME
    number = 0 if odd else _number(name)
    if number not in signal.valid_signals():
        from runwrap.model.printable import quoted

        said = "is not a signal; write a name or number, as TERM, SIGTERM, 15"
        raise ValueError(f"{quoted(text)} {said}")
    return number


def parse_operand(text: str) -> int:
    """Return the number of a signal as coreutils read it; 0 (`EXIT`) is one.

    Names may be in any case, with or without SIG, as `RTMIN+1`. Of a number above 127 the low
    bits count, as of what a shell shows in `$?`. Raise ValueError for anything else.
    """
    upper = text.upper() if text.isascii() else ""
    if upper[:1].isdigit():
        number = int(text) if text.isdigit() else 1 << 31
        found = -1 if number >> 31 else number & (0xFF if number >= 0xFF else 0x7F)
    else:
        found = max(_number(upper), _number(upper.removeprefix("SIG")))
    if found not in {0, *signal.valid_signals()}:
        raise ValueError("invalid signal")
    return found


def _number(name: str) -> int:
    """Return the number of a signal's name without SIG, which may be digits; -1 if it is none."""
    if name.isdigit():
        return int(name)
    if name[:5] not in ("RTMIN", "RTMAX"):
        return 0 if name == "EXIT" else NUMBERS.get(name, -1)
    base, offset = _RTMIN if name[:5] == "RTMIN" else _RTMAX, name[5:]
    if offset and not offset[offset[0] in "+-" :].isdigit():
        return -1
    number = base + int(offset or "0")
    return number if _RTMIN <= number <= _RTMAX else -1


def name(number: int) -> str:
    """Return a signal's name without SIG: `TERM`, `RTMIN+3`, or its number where it has none."""
    if number in _NAMES:
        return _NAMES[number]
    if _RTMIN <= number <= _RTMAX:
        return f"RTMIN+{number - _RTMIN}" if number > _RTMIN else "RTMIN"
    return str(number)


def coreutils_name(number: int) -> str:
    """Return a signal's name as coreutils write it: real-time ones from the nearer end."""
    if number == NUMBERS.get("POLL"):
        return "POLL"
    if (_RTMIN + _RTMAX) // 2 < number <= _RTMAX:
        return f"RTMAX-{_RTMAX - number}" if number < _RTMAX else "RTMAX"
    return name(number)
