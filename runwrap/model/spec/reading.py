"""A spec, read: the stages that its text means, word for word as bash would run them.

It is read once, from left to right, in time proportional to its length. What only a shell could do
is a SpecError.
"""

from runwrap.model.plain_spec import BUILTINS, RESERVED
from runwrap.model.plan import MERGE, Redirect, Stage
from runwrap.model.spec.refusals import NAMELESS, SpecError
from runwrap.model.spec.tokens import END, FILES, JOINS, WORD, Reader
from runwrap.model.spec.words import assigned_name, looks_like_assignment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from runwrap.model.plan import Duplicate
    from runwrap.model.spec.tokens import Token

# bash refuses to set these variables for a command, or gives it a value of its own.
KEPT = frozenset({
    "_", "BASHOPTS", "BASH_ARGC", "BASH_ARGV", "BASH_LINENO", "BASH_SOURCE", "BASH_VERSINFO",
    "EUID", "FUNCNAME", "GROUPS", "PPID", "SHELLOPTS", "SHLVL", "UID",
})  # fmt: skip
# Which file these are depends on the process that opens them, which in bash is the stage's own; or
# bash doesn't open a file for them at all.
_NO_FILES = (
    "/dev/stdin", "/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/self/", "/proc/thread-self/",
    "/dev/tcp/", "/dev/udp/",
)  # fmt: skip
_TAKEN = {"|": (1,), "|&": (1, 2)}  # the streams that a pipe takes


def parse(spec: str) -> tuple[Stage, ...]:
    """Return the stages that a spec means, at least one; SpecError for what is refused."""
    return _assemble(spec, Reader(spec).tokens())


def parse_file_text(text: str, file: str = "") -> tuple[Stage, ...]:
    """Return the stages that a file's text means, as `parse` does.

    There a line may end after `|` and `|&`, and lines may be empty or begin with `#`. A refusal
    names the `file`.
    """
    try:
        return _assemble(text, Reader(text, lines=True).tokens())
    except SpecError as error:
        raise error.in_its_line(file) from None


def _assemble(spec: str, tokens: "Iterator[Token]") -> tuple[Stage, ...]:
    stages: list[Stage] = []
    draft = _Draft(spec, first=True)
    for kind, at, word, head in tokens:
        if kind == WORD:
            draft.add_word(at, word, head)
        elif kind in JOINS:
            draft.join(kind, at)
        elif kind in FILES:
            draft.redirect(kind, at, tokens)
        else:
            stages.append(draft.finish(kind, at))
            draft = _Draft(spec, first=False)
    return tuple(stages)


class _Draft:
    """A stage of which some tokens have been read."""

    def __init__(self, spec: str, first: bool) -> None:
        self._spec, self._first = spec, first
        self._argv: list[str] = []
        self._assignments: list[tuple[str, str]] = []
        self._redirects: list[Redirect | Duplicate] = []
        self._redirected: dict[int, int] = {}  # streams, and where that is said

    def add_word(self, at: int, word: str, head: str) -> None:
        name = "" if self._argv else assigned_name(head)
        if name in KEPT:
            raise self._refusal("assignment", at, f"bash keeps {name} for itself")
        if name:
            self._assignments.append((name, word[len(name) + 1 :]))
            return
        if not self._argv:
            self._check_command(at, word, head)
        self._argv.append(word)

    def join(self, kind: str, at: int) -> None:
        self._claim(JOINS[kind].target, at)
        self._redirects.append(JOINS[kind])

    def redirect(self, operator: str, at: int, tokens: "Iterator[Token]") -> None:
        """Redirect a stream to the file that the next token has to name."""
        target, append = FILES[operator]
        self._claim(target, at)
        kind, _, word, _ = next(tokens)
        if kind != WORD:
            raise self._refusal("redirect-target", at)
        if not word:
            raise self._refusal("redirect-target", at, "a file's name is empty")
        parts = (part for part in word.split("/") if part not in ("", "."))
        if word[0] == "/" and f"/{'/'.join(parts)}".startswith(_NO_FILES):
            raise self._refusal("special-file", at)
        self._redirects.append(Redirect(target=target, path=word, append=append))

    def finish(self, kind: str, at: int) -> Stage:
        """Return the stage that the pipe, or the end of the spec, at `at` ends."""
        if not self._argv:
            blank = kind == END and self._first and not (self._assignments or self._redirects)
            raise self._refusal("empty" if blank else "empty-stage", at)
        for stream in _TAKEN.get(kind, ()):
            if stream in self._redirected:
                raise self._refusal("redirect-conflict", self._redirected[stream])
        redirects = (*self._redirects, MERGE) if kind == "|&" else tuple(self._redirects)
        assignments = tuple(self._assignments)
        return Stage(argv=tuple(self._argv), assignments=assignments, redirects=redirects)

    def _check_command(self, at: int, name: str, head: str) -> None:
        """Raise SpecError if bash would not run a program of this name."""
        if not name:
            raise self._refusal("empty-stage", at, NAMELESS)
        if name == head and name in RESERVED:
            raise self._refusal("reserved-word", at)
        # `%` begins a job's name, and means `fg`, quoted or not.
        if name in BUILTINS or name.startswith("%"):
            raise self._refusal("builtin", at)
        if looks_like_assignment(head):
            raise self._refusal("assignment", at)

    def _claim(self, stream: int, at: int) -> None:
        if stream in self._redirected:
            raise self._refusal("duplicate-redirect", at)
        if stream == 0 and not self._first:
            raise self._refusal("redirect-conflict", at)
        self._redirected[stream] = at

    def _refusal(self, reason: str, at: int, said: str = "") -> SpecError:
        return SpecError(reason, self._spec, at, said)
