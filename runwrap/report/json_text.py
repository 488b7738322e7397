"""JSON, written without the standard package: that imports `re`, a third of a plain start.

What is written is what `json.dumps` would write, but for bytes that are no text, lone surrogates in
Python: strict readers refuse these, so such a byte becomes a backslash, `x` and two digits.
"""

_SHORT = {
    '"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t",
}  # fmt: skip
_NAMES = {None: "null", True: "true", False: "false"}


def json_text(value: object, indent: int = 0, _depth: int = 1) -> str:
    """Return a value as JSON: of dicts with text as keys, lists, tuples, text, numbers, bool, None.

    `indent` is how many blanks each level has in front; 0 is all in one line. Raise ValueError for
    a number that JSON hasn't, TypeError for any other value.
    """
    if isinstance(value, str):
        return _quoted(value)
    if value is None or isinstance(value, bool):
        return _NAMES[value]
    if isinstance(value, int | float):
        if value - value != 0:  # infinite, or not a number
            raise ValueError(f"{value} is no number that JSON has")
        return repr(value)
    if isinstance(value, dict):
        each = [f"{_quoted(key)}: {json_text(value[key], indent, _depth + 1)}" for key in value]
        return _bracketed("{}", each, indent, _depth)
    if isinstance(value, list | tuple):
        each = [json_text(one, indent, _depth + 1) for one in value]
        return _bracketed("[]", each, indent, _depth)
    raise TypeError(f"{type(value).__name__} is nothing that JSON has")


def _bracketed(brackets: str, rows: list[str], indent: int, depth: int) -> str:
    start, between, end = "", ", ", ""
    if indent:
        start, end = "\n" + " " * indent * depth, "\n" + " " * indent * (depth - 1)
        between = "," + start
    text = between.join(rows)
    return brackets[0] + start + text + end + brackets[1] if text else brackets


def _quoted(text: str) -> str:
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    if " " <= character <= "~":
        return character
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:  # a lone surrogate, for a byte or not
        return f"\\\\x{code & 0xFF:02x}" if 0xDC80 <= code <= 0xDCFF else f"\\\\u{code:04x}"
    units = character.encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
