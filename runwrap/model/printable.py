"""Text that is safe to show on a terminal, on one line."""

_SHORT = {7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 39: "'", 92: "\\"}


def printable(text: str) -> str:
    """Escape what would move the cursor or end the line, and leave all else, raw bytes as well."""
    return "".join(map(_visible, text))


def decoded(text: str) -> str:
    """Return a text whose every byte that is no UTF-8 has become `\\xNN`, as for JSON.

    Python has these as lone surrogates, which strict readers refuse.
    """
    return text.encode(errors="surrogateescape").decode(errors="backslashreplace")


def quoted(text: str) -> str:
    """Return what somebody typed between quotes, safe to show, with `\\xNN` for such bytes."""
    quote = '"' if "'" in text else "'"
    return quote + decoded(printable(text)) + quote


def quoted_in_c(name: str) -> str:
    """Return a name as coreutils quote it in the C locale: what isn't ASCII is escaped as in C."""
    return "'" + "".join(map(_escaped, name.encode(errors="surrogateescape"))) + "'"


def _visible(character: str) -> str:
    if character.isprintable() or "\udca0" <= character <= "\udcff":
        return character
    if "\udc80" <= character <= "\udc9f":  # a byte that 8-bit terminals take for a control code
        return f"\\x{ord(character) & 0xFF:02x}"
    return ascii(character)[1:-1]


def _escaped(byte: int) -> str:
    if byte in _SHORT:
        return "\\" + _SHORT[byte]
    return chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}"
