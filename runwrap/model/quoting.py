"""Names in messages, quoted as coreutils quote them in the C locale."""

_SHORT = {7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 39: "'", 92: "\\"}


def quoted(name: str) -> str:
    """Return a name between apostrophes, with what isn't printable ASCII escaped as in C."""
    return "'" + "".join(map(_escaped, name.encode(errors="surrogateescape"))) + "'"


def _escaped(byte: int) -> str:
    if byte in _SHORT:
        return "\\" + _SHORT[byte]
    return chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}"
