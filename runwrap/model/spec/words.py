"""Words: plain characters and quotes, as bash takes them apart; what it would expand is refused.

A bracket is a pattern only if it is closed in the same word, and a tilde after `=` or `:` counts
where the word looks like an assignment, even as an argument.
"""

from runwrap.model.spec.refusals import SpecError

_MARKS = frozenset("$`*?[]{}~")  # of expansions
_QUOTES = frozenset("'\"\\")
ENDS = frozenset(" \t\n|&;<>()")  # no locale that we know adds to these two blanks
_SPECIAL = _QUOTES | ENDS | _MARKS
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
        elif character in _QUOTES:
            head = head or text[start : at + 1]
            part, after = _read_quoted(text, at, end)
            parts += (text[plain:at], part)
            at = plain = after
        else:
            watch = watch or _Watch(text, start)
            at = watch.pass_over(at, plain, head)
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
    while at < end and text[at] != '"':
        if text[at] == "\n":
            raise forbidden(text, at)
        if text[at] in "$`":
            raise _substitution(text, at)
        if text[at] == "\\":
            after = text[at + 1 : at + 2]
            if after == _MISREAD:
                raise SpecError("nul", text, at + 1, "bash misreads this character here")
            if after in _ESCAPED_IN_DOUBLE:  # before any other character the backslash stays
                parts.append(text[plain:at])
                plain = at + 1
            at += after != "\n"
        at += 1
    if at >= end:
        raise _unfinished("unterminated-quote", text, start, end)
    return "".join((*parts, text[plain:at])), at + 1


def _unfinished(reason: str, text: str, at: int, end: int) -> SpecError:
    """Return the refusal of a quote that lacks its end, or of the character that cut it off."""
    return forbidden(text, end) if end < len(text) else SpecError(reason, text, at)


def assigned_name(head: str) -> str:
    """Return the variable that a word with this head assigns, "" if it is no assignment."""
    name, equals, _value = head.partition("=")
    return name if equals and name.isascii() and _looks_like_name(name) else ""


def looks_like_assignment(head: str) -> bool:
    """Tell whether some shell may take a word for an assignment: `a+=b`, `a[0]=b`, `é=b` too.

    A bracket makes bash look for its end across blanks, so `a[` is enough.
    """
    bracket, equals = head.find("["), head.find("=")
    if bracket >= 0 and (equals < 0 or bracket < equals):
        return _looks_like_name(head[:bracket])
    return equals >= 0 and _looks_like_name(head[:equals].removesuffix("+"))


def _looks_like_name(text: str) -> bool:
    """Tell whether a text is a variable's name, or is one where its other letters are letters."""
    if not text or text[0] in "0123456789":
        return False
    return all(one == "_" or one.isalnum() or one > "\x7f" for one in text)


class _Watch:
    """What has been seen of one word, up to a mark of a shell's expansions."""

    def __init__(self, spec: str, start: int) -> None:
        self._spec, self._start, self._bracket, self._brace = spec, start, -1, False
        self._assigns: bool | None = None

    def pass_over(self, at: int, plain: int, head: str) -> int:
        """Return where to read on after the mark at `at`; SpecError if a shell would expand it.

        `plain` is where the last quote ended, `head` what stands before the first, if there is one.
        """
        mark = self._spec[at]
        if mark in "$`":
            raise _substitution(self._spec, at)
        if mark in "*?" or (mark == "]" and self._bracket >= 0):
            raise SpecError("glob", self._spec, at if mark != "]" else self._bracket)
        if mark == "~" and self._is_home(at, plain, head):
            raise SpecError("tilde", self._spec, at)
        if mark in "{}":
            return self._pass_brace(at)
        if mark == "[" and self._bracket < 0:
            self._bracket = at
        return at + 1

    def _pass_brace(self, at: int) -> int:
        """Pass over a literal `{}`. No other `}` may follow: to bash `a{},b}` is `a}` and `ab`."""
        if self._spec.startswith("{}", at):
            self._brace = True
            return at + 2
        if self._spec[at] == "{" or self._brace:
            raise SpecError("brace", self._spec, at)
        return at + 1

    def _is_home(self, at: int, plain: int, head: str) -> bool:
        if at == self._start:
            return True
        if at == plain or self._spec[at - 1] not in "=:":
            return False
        if self._assigns is None:
            self._assigns = looks_like_assignment(head or self._spec[self._start : at])
        return self._assigns


def _substitution(spec: str, at: int) -> SpecError:
    """Return the refusal of the `$` or backtick at `at`."""
    command = spec[at] == "`" or spec.startswith("$(", at)
    return SpecError("command-substitution" if command else "expansion", spec, at)
