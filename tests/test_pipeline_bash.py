"""What is accepted means what shells mean by it: they run it, and every stage tells what it got."""

import subprocess
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from runwrap.model.plain_spec import BUILTINS, RESERVED
from runwrap.model.spec.reading import KEPT, parse, parse_file_text
from runwrap.model.spec.refusals import SpecError
from tests.pipeline_reading import Pipeline
from tests.pipeline_specs import lawful, lawful_file, shape, wild, wild_file
from tests.shell_recorder import (
    BASH,
    BUILTIN_TOO,
    DASH,
    PERL,
    RELIED_ON,
    Laboratory,
    can_be_tried,
)

BATCH = 500
SEED = 20
FEW, MANY, A_MILLION = 100, 5000, 1_000_000

pytestmark = pytest.mark.skipif(not (BASH and PERL), reason="bash or perl is not installed")
some_and_many = pytest.mark.parametrize(
    "count", [FEW, pytest.param(MANY, marks=pytest.mark.slow)], ids=["few", "many"]
)
needs_dash = pytest.mark.skipif(not DASH, reason="dash is not installed")

Parse = Callable[[str], Pipeline]
Make = Callable[[Random], str]
SPECS = [
    (parse, lawful),
    (parse, wild),
    (parse_file_text, lawful_file),
    (parse_file_text, wild_file),
]
every_kind = pytest.mark.parametrize(
    ("read", "make"), SPECS, ids=["lawful", "wild", "lawful-file", "wild-file"]
)


def accepted(read: Parse, texts: Iterator[str]) -> Iterator[tuple[str, Pipeline]]:
    """Yield what is accepted of some texts, if it can be tried out."""
    for text in texts:
        try:
            pipeline = read(text)
        except SpecError:
            continue
        if can_be_tried(pipeline):
            yield text, pipeline


def made(make: Make, seed: int = SEED) -> Iterator[str]:
    random = Random(seed)
    while True:
        yield make(random)


def disagreements(laboratory: Laboratory, specs: Mapping[str, Pipeline]) -> list[str]:
    """Try specs in batches, since each needs a folder."""
    rest = iter(specs.items())
    found: list[str] = []
    while batch := dict(islice(rest, BATCH)):
        found += laboratory.disagreements(batch)
    return found


@some_and_many
@every_kind
def test_bash_runs_just_what_was_read(count: int, read: Parse, make: Make, tmp_path: Path) -> None:
    specs = dict(islice(accepted(read, made(make)), count))
    assert disagreements(Laboratory(tmp_path, str(BASH)), specs) == []


@needs_dash
@some_and_many
@every_kind
def test_dash_agrees_where_it_knows_the_words(
    count: int, read: Parse, make: Make, tmp_path: Path
) -> None:
    known = (text for text in made(make) if "|&" not in text)
    specs = dict(islice(accepted(read, known), count))
    assert disagreements(Laboratory(tmp_path, str(DASH)), specs) == []


@some_and_many
def test_bash_sees_no_pattern_that_just_matched_no_file(count: int, tmp_path: Path) -> None:
    specs = dict(islice(accepted(parse, made(wild, SEED + 1)), count))
    assert disagreements(Laboratory(tmp_path, str(BASH), "-O", "failglob"), specs) == []


@some_and_many
def test_the_locale_changes_nothing(count: int, tmp_path: Path) -> None:
    specs = dict(islice(accepted(parse, made(wild, SEED + 2)), count))
    assert disagreements(Laboratory(tmp_path, str(BASH), locale="C"), specs) == []


@pytest.mark.parametrize("make", [lawful, lawful_file])
def test_all_that_the_grammar_allows_is_accepted(make: Make) -> None:
    read = parse if make is lawful else parse_file_text
    for text in islice(made(make), 2000):
        assert read(text)


def survey(count: int) -> dict[str, Pipeline]:
    """Read texts at random; return one for each shape that is accepted, the shortest first."""
    shapes: dict[str, tuple[str, Pipeline]] = {}
    for text in islice(made(wild, SEED + 3), count):
        try:
            pipeline = parse(text)
        except SpecError as error:
            assert error.spec == text
            assert 0 <= error.position <= len(text)
            continue
        if can_be_tried(pipeline):
            shapes.setdefault(shape(text), (text, pipeline))
    return dict(sorted(shapes.values(), key=lambda pair: len(pair[0])))


def test_any_text_is_read_or_refused_at_a_place_in_it() -> None:
    assert survey(10_000)


@pytest.mark.slow
def test_of_a_million_accidents_all_that_is_accepted_is_read_as_bash_does(tmp_path: Path) -> None:
    tried = dict(islice(survey(A_MILLION).items(), 20_000))
    assert disagreements(Laboratory(tmp_path, str(BASH)), tried) == []


# bash's own names


def names(kind: str) -> set[str]:
    """Return the names of a kind that this bash knows, as its completion does."""
    words = (str(BASH), "-c", f"compgen {kind}")
    return set(subprocess.run(words, capture_output=True, text=True, check=True).stdout.split())


def test_every_builtin_of_this_bash_is_known() -> None:
    assert names("-b") <= BUILTINS | BUILTIN_TOO


def test_every_reserved_word_of_this_bash_is_known() -> None:
    assert names("-k") <= RESERVED


def test_every_other_variable_of_this_bash_can_be_given_to_a_command(tmp_path: Path) -> None:
    specs = [
        f"{name}={value} a{rest}"
        for name in sorted(names("-v") - KEPT - RELIED_ON)
        for value in ("", "5", "x")
        for rest in ("", " | b")
    ]
    pipelines = {spec: parse(spec) for spec in specs}
    assert disagreements(Laboratory(tmp_path, str(BASH)), pipelines) == []


@pytest.mark.parametrize("name", sorted(KEPT))
def test_a_variable_that_is_refused_would_not_reach_the_command(name: str, tmp_path: Path) -> None:
    (stage,) = parse("NAME=5 a")
    pipeline = (stage.replace(assignments=((name, "5"),)),)
    assert Laboratory(tmp_path, str(BASH)).disagreements({f"{name}=5 a": pipeline}) != []


# The laboratory itself: it would tell if we read something differently.


def told(tmp_path: Path, spec: str, meaning: str) -> list[str]:
    return Laboratory(tmp_path, str(BASH)).disagreements({spec: parse(meaning)})


def test_it_finds_nothing_where_both_agree(tmp_path: Path) -> None:
    spec = "A=1 a <f x |& b 2>>g 'y z' >h"
    assert told(tmp_path, spec, spec) == []


@pytest.mark.parametrize(
    ("spec", "meaning"),
    [
        ("a{},b}", "'a{},b}'"),
        ("a x{},b}", "a 'x{},b}'"),
        ("a b=~", "a 'b=~'"),
        ("a | b", "a |& b"),
        ("a >f 2>&1", "a 2>&1 >f"),
        ("a >f", "a >>f"),
        ("a 2>f", "a >f"),
        ("a <f", "a <g"),
        ("A=1 a", "A=2 a"),
        ("A=1 a", "a"),
        ("a A=1", "A=1 a"),
        ("a 2 >f", "a 2>f"),
        ("a | b", "a"),
        ("a; b", "a"),
        ("a && b", "a"),
        ("a x || b", "a x"),
        ("a 'b'", 'a "b "'),
        ("a 2>&1 | b", "a | b"),
        ("a $HOME", "a '$HOME'"),
        ("a #b", "a '#b'"),
        ("! a b", "'!' a b"),
        ("cd x", "cd' x' x"),
    ],
)
def test_it_tells_where_they_do_not(spec: str, meaning: str, tmp_path: Path) -> None:
    assert told(tmp_path, spec, meaning) != []
