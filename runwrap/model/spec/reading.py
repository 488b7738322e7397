"""A spec, read: the stages that its text means, word for word as bash would run them.

It is read once, from left to right, in time proportional to its length. What only a shell could do
is a SpecError.
"""

from runwrap.model.plain_spec import PIPES
from runwrap.model.plan import MERGE, Duplicate, Redirect, Stage
from runwrap.model.spec.commands import check_command, read_assignment
from runwrap.model.spec.refusals import SpecError
from runwrap.model.spec.tokens import END, FILES, JOINS, WORD, Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from runwrap.model.spec.tokens import Token

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


def _plain_path(path: str) -> str:
    """Return an absolute path without what has no meaning in it: `//dev/./stdout`."""
    return "/".join(["", *(part for part in path.split("/") if part not in ("", "."))])


def _assemble(spec: str, tokens: "Iterator[Token]") -> tuple[Stage, ...]:
    stages: list[Stage] = []
    draft = _Draft(spec, first=True)
    for kind, at, word, head in tokens:
        if kind in PIPES or kind == END:
            stages.append(draft.finish(kind, at))
            draft = _Draft(spec, first=False)
        else:
            draft.take(kind, at, word, head)
    return tuple(stages)


class _Draft:
    """A stage of which some tokens have been read."""

    def __init__(self, spec: str, first: bool) -> None:
        self._spec, self._first = spec, first
        self._argv: list[str] = []
        self._assignments: list[tuple[str, str]] = []
        self._redirects: list[Redirect | Duplicate] = []
        self._redirected: dict[int, int] = {}  # streams, and where that is said
        self._open: tuple[str, int] | None = None  # a redirection that has no file yet

    def take(self, kind: str, at: int, word: str, head: str) -> None:
        """Add a token that doesn't end the stage."""
        if self._open:
            self._name_file(kind, word, *self._open)
        elif kind == WORD:
            self._add_word(at, word, head)
        elif kind in JOINS:
            target, source = JOINS[kind]
            self._redirect(target, at)
            self._redirects.append(Duplicate(target=target, source=source))
        else:
            self._redirect(FILES[kind][0], at)
            self._open = kind, at

    def finish(self, kind: str, at: int) -> Stage:
        """Return the stage that the pipe, or the end of the spec, at `at` ends."""
        if self._open:
            raise SpecError("redirect-target", self._spec, self._open[1])
        if not self._argv:
            blank = kind == END and self._first and not (self._assignments or self._redirects)
            raise SpecError("empty" if blank else "empty-stage", self._spec, at)
        for stream in _TAKEN.get(kind, ()):
            if stream in self._redirected:
                raise SpecError("redirect-conflict", self._spec, self._redirected[stream])
        if kind == "|&":
            self._redirects.append(MERGE)
        return Stage(
            argv=tuple(self._argv),
            assignments=tuple(self._assignments),
            redirects=tuple(self._redirects),
        )

    def _add_word(self, at: int, word: str, head: str) -> None:
        if not self._argv:
            assignment = read_assignment(self._spec, at, word, head)
            if assignment:
                self._assignments.append(assignment)
                return
            check_command(self._spec, at, word, head)
        self._argv.append(word)

    def _redirect(self, stream: int, at: int) -> None:
        if stream in self._redirected:
            raise SpecError("duplicate-redirect", self._spec, at)
        if stream == 0 and not self._first:
            raise SpecError("redirect-conflict", self._spec, at)
        self._redirected[stream] = at

    def _name_file(self, kind: str, word: str, operator: str, at: int) -> None:
        if kind != WORD:
            raise SpecError("redirect-target", self._spec, at)
        if not word:
            raise SpecError("redirect-target", self._spec, at, "a file's name is empty")
        if word[:1] == "/" and _plain_path(word).startswith(_NO_FILES):
            raise SpecError("special-file", self._spec, at)
        target, append = FILES[operator]
        self._redirects.append(Redirect(target=target, path=word, append=append))
        self._open = None
