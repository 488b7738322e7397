"""Pipelines: the stages that a request asks for, as a spec, as a file or word by word."""

from runwrap.model.plain_spec import PIPES, read_plain
from runwrap.model.plan import MERGE, Stage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from runwrap.model.request import Request
    from runwrap.model.spec.refusals import SpecError


def stages_of(request: "Request") -> tuple[Stage, ...]:
    """Return the stages that a request asks for; ValueError, or SpecError, for what is refused."""
    words, text = request.operands, request.text
    if text is not None and words:
        raise ValueError(f"--file holds the whole pipeline: leave out {words[0]}")
    if text is None and not words:
        raise ValueError("no pipeline given; see 'runwrap pipe --help'")
    if len(words) > 1 and "|" in words[0][1:] and words[1].startswith("-"):
        raise ValueError(f"options come before the pipeline: runwrap pipe {words[1]} ... SPEC")
    if len(words) > 1:
        return parse_words(words)
    if words and (plain := read_plain(words[0])):
        return plain
    from runwrap.model.spec.reading import parse, parse_file_text

    return parse(words[0]) if text is None else parse_file_text(text, request.file or "")


def parse_words(words: "Sequence[str]") -> tuple[Stage, ...]:
    """Return the stages that words are, taken as they are: only `|` and `|&` separate them."""
    stages = []
    begin = 0
    for end in (*(at for at, word in enumerate(words) if word in PIPES), len(words)):
        argv = tuple(words[begin:end])
        if not (argv and argv[0]) or "\0" in "".join(argv):
            raise _refusal(words, begin, end)
        merges = end < len(words) and words[end] == "|&"
        stages.append(Stage(argv=argv, redirects=(MERGE,) if merges else ()))
        begin = end + 1
    return tuple(stages)


def _refusal(words: "Sequence[str]", begin: int, end: int) -> "SpecError":
    """Return what is wrong with the stage of some of the words."""
    from runwrap.model.spec.refusals import NAMELESS, SpecError

    spec, at = " ".join(words), sum(len(word) + 1 for word in words[:begin])
    nul = " ".join(words[begin:end]).find("\0")
    if begin == end:
        return SpecError("empty-stage" if words else "empty", spec, min(at, len(spec)))
    if nul >= 0:
        return SpecError("nul", spec, at + nul)
    return SpecError("empty-stage", spec, at, NAMELESS)
