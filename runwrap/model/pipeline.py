"""Pipelines: the stages that a spec means, word for word as bash would run them.

A spec is read once, from left to right, in time proportional to its length. What only a shell could
do is a SpecError.
"""

from runwrap.model import Record
from runwrap.model.plan import Redirect
from runwrap.model.spec.commands import NAMELESS, check_command, read_assignment
from runwrap.model.spec.refusals import SpecError
from runwrap.model.spec.tokens import END, FILES, JOINS, PIPES, WORD, Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from runwrap.model.spec.tokens import Token


class Duplicate(Record):
    """The stream `target` becomes a copy of what `source` is at that moment: `2>&1`."""

    target: int
    source: int


class Stage(Record):
    """One command of a pipeline.

    `redirects` hold from left to right, after the pipes have become streams 0 and 1; `|&` has
    become the last of them. Of assignments to one name the last holds.
    """

    argv: tuple[str, ...]
    assignments: tuple[tuple[str, str], ...] = ()
    redirects: "tuple[Redirect | Duplicate, ...]" = ()


class Pipeline(Record):
    """Stages, each of which writes into the next: at least one."""

    stages: tuple[Stage, ...]


_MERGE = Duplicate(target=2, source=1)


def parse(spec: str) -> Pipeline:
    """Return the pipeline that a spec means; SpecError for what is refused."""
    return _assemble(spec, Reader(spec).tokens())


def parse_file_text(text: str) -> Pipeline:
    """Return the pipeline that a file holds, as `parse` does.

    There a line may end after `|` and `|&`, and lines may be empty or begin with `#`.
    """
    try:
        return _assemble(text, Reader(text, lines=True).tokens())
    except SpecError as error:
        raise error.in_its_line() from None


def parse_words(words: "Sequence[str]") -> Pipeline:
    """Return the pipeline that words are, taken as they are: only `|` and `|&` separate stages."""
    spec = " ".join(words)
    stages: list[Stage] = []
    argv: list[str] = []
    at = 0
    for word in words:
        if "\0" in word:
            raise SpecError("nul", spec, at + word.index("\0"))
        if word in PIPES:
            stages.append(_plain_stage(spec, at, argv, word))
            argv = []
        elif not (word or argv):
            raise SpecError("empty-stage", spec, at, NAMELESS)
        else:
            argv.append(word)
        at += len(word) + 1
    stages.append(_plain_stage(spec, len(spec), argv, END))
    return Pipeline(stages=tuple(stages))


def _plain_stage(spec: str, at: int, argv: list[str], kind: str) -> Stage:
    if not argv:
        raise SpecError("empty-stage" if spec else "empty", spec, at)
    return Stage(argv=tuple(argv), redirects=(_MERGE,) if kind == "|&" else ())


def _assemble(spec: str, tokens: "Iterator[Token]") -> Pipeline:
    stages: list[Stage] = []
    draft = _Draft(spec, first=True)
    for kind, at, word, head in tokens:
        if kind in PIPES or kind == END:
            stages.append(draft.finish(kind, at))
            draft = _Draft(spec, first=False)
        else:
            draft.take(kind, at, word, head)
    return Pipeline(stages=tuple(stages))


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
        taken = {"|": (1,), "|&": (1, 2)}.get(kind, ())
        for stream in taken:
            if stream in self._redirected:
                raise SpecError("redirect-conflict", self._spec, self._redirected[stream])
        if kind == "|&":
            self._redirects.append(_MERGE)
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
        target, append = FILES[operator]
        self._redirects.append(Redirect(target=target, path=word, append=append))
        self._open = None
