"""What a shell would expand within one word, and so is refused.

The rules are bash's: a bracket is a pattern only if it is closed in the same word, and a tilde
after `=` or `:` counts where the word looks like an assignment, even as an argument.
"""

from runwrap.model.spec.refusals import SpecError

MARKS = frozenset("$`*?[]{}~")
_DIGITS = "0123456789"
_NAME = frozenset(_DIGITS + "_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


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
    if not text or text[0] in _DIGITS:
        return False
    return all(character in _NAME or character > "\x7f" for character in text)


class Watch:
    """What has been seen of one word, up to a mark of a shell's expansions."""

    def __init__(self, spec: str, start: int) -> None:
        self._spec, self._start, self._bracket, self._brace = spec, start, -1, False
        self._assigns: bool | None = None

    def pass_over(self, at: int, plain: int) -> int:
        """Return where to read on after the mark at `at`; `plain` is where the last quote ended.

        Raise SpecError where a shell would expand it.
        """
        mark = self._spec[at]
        if mark in "$`":
            raise substitution(self._spec, at)
        if mark in "*?" or (mark == "]" and self._bracket >= 0):
            raise SpecError("glob", self._spec, at if mark != "]" else self._bracket)
        if mark == "~" and self._is_home(at, plain):
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

    def _is_home(self, at: int, plain: int) -> bool:
        if at == self._start:
            return True
        if at == plain or self._spec[at - 1] not in "=:":
            return False
        if self._assigns is None:
            quotes = (self._spec.find(quote, self._start, at) for quote in "\\'\"")
            head = self._spec[self._start : min((one for one in quotes if one >= 0), default=at)]
            self._assigns = looks_like_assignment(head)
        return self._assigns


def substitution(spec: str, at: int) -> SpecError:
    """Return the refusal of the `$` or backtick at `at`."""
    command = spec[at] == "`" or spec.startswith("$(", at)
    return SpecError("command-substitution" if command else "expansion", spec, at)
