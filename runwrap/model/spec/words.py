"""Words: plain characters and quotes, as bash takes them apart."""

from runwrap.model.spec.expansions import MARKS, Watch, substitution
from runwrap.model.spec.refusals import SpecError

QUOTES = frozenset("'\"\\")
ENDS = frozenset(" \t\n|&;<>()")  # no locale that we know adds to these two blanks
_SPECIAL = QUOTES | ENDS | MARKS
_IN_DOUBLE = frozenset('"\\$`\n')
_ESCAPED_IN_DOUBLE = frozenset('"\\$`')
# bash marks quoted characters with it, and after a backslash of the text it loses count.
_MISREAD = "\x01"


def forbidden(text: str, at: int) -> SpecError:
    """Return the refusal of the NUL, line feed or carriage return at `at`."""
    said = "a spec has no carriage returns" if text[at] == "\r" else ""
    return SpecError("nul" if text[at] == "\0" else "newline", text, at, said)


def read_word(text: str, start: int, end: int) -> tuple[str, str, int]:
    """Return what the word at `start` means, its head, and where it ends.

    The head is its text up to its first quote and with it: the word itself if that has no quote.
    """
    parts: list[str] = []
    head, watch = "", None
    at = plain = start
    while at < end:
        character = text[at]
        if character not in _SPECIAL:
            at += 1
        elif character in ENDS:
            break
        elif character in QUOTES:
            head = head or text[start : at + 1]
            part, after = _read_quoted(text, at, end)
            parts += (text[plain:at], part)
            at = plain = after
        else:
            watch = watch or Watch(text, start)
            at = watch.pass_over(at, plain)
    parts.append(text[plain:at])
    word = "".join(parts)
    return word, head or word, at


def _read_quoted(text: str, at: int, end: int) -> tuple[str, int]:
    """Return what the quote at `at` quotes, and where it ends."""
    if text[at] == '"':
        return _read_double(text, at, end)
    if text[at] == "'":
        close = text.find("'", at + 1, end)
        if close < 0:
            raise _unfinished("unterminated-quote", text, at, end)
        quoted, after = text[at + 1 : close], close + 1
    elif at + 1 >= end:
        raise _unfinished("trailing-backslash", text, at, end)
    else:
        quoted, after = text[at + 1], at + 2
    if "\n" in quoted:
        raise forbidden(text, text.index("\n", at))
    return quoted, after


def _read_double(text: str, start: int, end: int) -> tuple[str, int]:
    parts: list[str] = []
    at = plain = start + 1
    while at < end:
        character = text[at]
        if character not in _IN_DOUBLE:
            at += 1
        elif character == '"':
            parts.append(text[plain:at])
            return "".join(parts), at + 1
        elif character == "\\":
            if text[at + 1 : at + 2] == _MISREAD:
                raise SpecError("nul", text, at + 1, "bash misreads this character here")
            # Before any other character the backslash stays.
            if text[at + 1 : at + 2] in _ESCAPED_IN_DOUBLE:
                parts.append(text[plain:at])
                plain = at + 1
            at += 1 if text[at + 1 : at + 2] == "\n" else 2
        elif character == "\n":
            raise forbidden(text, at)
        else:
            raise substitution(text, at)
    raise _unfinished("unterminated-quote", text, start, end)


def _unfinished(reason: str, text: str, at: int, end: int) -> SpecError:
    """Return the refusal of a quote that lacks its end, or of the character that cut it off."""
    return forbidden(text, end) if end < len(text) else SpecError(reason, text, at)
