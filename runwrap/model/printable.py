"""Text that is safe to show on a terminal, on one line."""


def printable(text: str) -> str:
    """Escape what would move the cursor or end the line, and leave all else, raw bytes as well."""
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character.isprintable() or "\udca0" <= character <= "\udcff":
        return character
    if "\udc80" <= character <= "\udc9f":  # a byte that 8-bit terminals take for a control code
        return f"\\x{ord(character) & 0xFF:02x}"
    return ascii(character)[1:-1]
