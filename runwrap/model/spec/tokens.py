"""Tokens: words, `|`, `|&` and redirections, from left to right."""

from runwrap.model.plain_spec import PIPES
from runwrap.model.plan import MERGE, Duplicate
from runwrap.model.spec.refusals import SpecError
from runwrap.model.spec.words import ENDS, forbidden, read_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    Token = tuple[str, int, str, str]  # its kind, where it is; of a word, its meaning and head

WORD, END = "word", "end"  # the kind of any other token is its spelling
FILES = {  # its stream, and whether it appends
    "<": (0, False), "0<": (0, False),
    ">": (1, False), "1>": (1, False), ">>": (1, True), "1>>": (1, True),
    "2>": (2, False), "2>>": (2, True),
}  # fmt: skip
JOINS = {"2>&1": MERGE, **dict.fromkeys((">&2", "1>&2"), Duplicate(target=1, source=2))}
_DIGITS = frozenset("0123456789")  # str.isdigit knows others
_REFUSED = {
    "&": "background", ";": "list", "(": "subshell", ")": "subshell", "&&": "and-or",
    "||": "and-or", "&>": "amp-redirect", "<<": "heredoc", "<>": "rw-redirect", ">|": "clobber",
}  # fmt: skip


class Reader:
    """One spec, read token by token; with `lines` it is a file's text, and may go on after `|`."""

    def __init__(self, text: str, lines: bool = False) -> None:
        self._text, self._lines = text, lines
        self._at = self._told = 0
        found = (text.find(character) for character in ("\0\r" if lines else "\0\r\n"))
        # What can't be in a spec at all ends it, and is refused once we come to it.
        self._end = min((at for at in found if at >= 0), default=len(text))

    def tokens(self) -> "Iterator[Token]":
        """Yield every token, and an END where the last one ends. SpecError for what is refused."""
        begins = True  # a stage: here a file may have empty lines and comments
        while self._find_next(begins):
            token = self._read()
            begins = token[0] in PIPES
            self._told = self._at
            yield token
        yield END, self._told, "", ""

    def _find_next(self, begins: bool) -> bool:
        """Go to the next token; False if there is none."""
        if self._next() == "\n" or (begins and self._lines):
            self._skip_lines()
            if self._at < self._end and not begins:
                said = "a line goes on after | or |& only"
                raise SpecError("newline", self._text, self._at, said)
        if self._at == self._end < len(self._text):
            raise forbidden(self._text, self._end)
        return self._at < self._end

    def _next(self) -> str:
        """Pass over blanks; return the character after them, "" at the end."""
        while self._at < self._end and self._text[self._at] in " \t":
            self._at += 1
        return self._text[self._at] if self._at < self._end else ""

    def _skip_lines(self) -> None:
        """Pass over the ends of lines, empty lines and lines that are comments."""
        comment = self._told == 0  # after | a comment needs a line of its own
        while (character := self._next()) == "\n" or (comment and character == "#"):
            end = self._text.find("\n", self._at, self._end)
            self._at = self._end if end < 0 else end + 1
            comment = True

    def _read(self) -> "Token":
        text, start = self._text, self._at
        if text[start] == "#":
            raise SpecError("comment", text, start)
        at = start
        while at < self._end and text[at] in _DIGITS:
            at += 1
        if at < self._end and text[at] in "<>":
            return self._read_redirection(start, at)
        if text[start] in ENDS:
            return self._read_operator(start)
        word, head, self._at = read_word(text, start, self._end)
        return WORD, start, word, head

    def _read_operator(self, at: int) -> "Token":
        pair = self._text[at : at + 2]
        if reason := _REFUSED.get(pair) or _REFUSED.get(pair[0]):
            raise SpecError(reason, self._text, at)
        kind = pair if pair in PIPES else pair[0]
        self._at = at + len(kind)
        return kind, at, "", ""

    def _read_redirection(self, start: int, at: int) -> "Token":
        """Read the redirection whose digits begin at `start`, and whose `<` or `>` is at `at`."""
        text, pair = self._text, self._text[at : at + 2]
        if pair in _REFUSED:
            raise SpecError(_REFUSED[pair], text, start)
        joins = pair in ("<&", ">&")
        self._at = at + (3 if joins else 2 if pair == ">>" else 1)
        kind = text[start : self._at]
        after = text[self._at : min(self._at + 1, self._end)]
        # Before < and > the last digit would be theirs, and any other character makes a file.
        if joins and (kind not in JOINS or (after and (after not in ENDS or after in "<>"))):
            known = text[start:at] in ("", "0", "1", "2")
            raise SpecError("fd-dup" if known else "fd-number", text, start)
        if not joins and kind not in FILES:
            raise SpecError("fd-number", text, start)
        return kind, start, "", ""
