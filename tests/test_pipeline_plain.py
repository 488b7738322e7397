"""A spec of plain words is read the short way, which differs from the long one in nothing."""

from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from runwrap.model.plain_spec import BUILTINS, RESERVED, read_plain
from runwrap.model.plan import Stage
from runwrap.model.spec.reading import parse
from runwrap.model.spec.refusals import SpecError
from tests.pipeline_specs import lawful, wild

PLAIN = [
    "a",
    "b1",
    "|",
    " ",
    "|",
    " ",
    "=",
    "%",
    "a=",
    "-",
    "--p=x",
    ".",
    ":",
    "if",
    "wait",
    "@",
    "2",
]


def fully(spec: str) -> tuple[Stage, ...] | None:
    try:
        return parse(spec)
    except SpecError:
        return None


@given(st.lists(st.sampled_from(PLAIN), max_size=12).map("".join))
@example("")
@example("|")
@example("a||b")
def test_what_is_plain_means_what_it_means_when_it_is_read(spec: str) -> None:
    assert read_plain(spec) in (None, fully(spec))


@given(st.integers())
def test_what_it_takes_of_any_spec_is_what_reading_it_gives(seed: int) -> None:
    random = Random(seed)
    for spec in (lawful(random), wild(random), wild(random)):
        assert read_plain(spec) in (None, fully(spec))


@pytest.mark.parametrize("character", [chr(code) for code in range(256)])
def test_a_character_is_plain_only_where_it_stands_for_itself(character: str) -> None:
    for spec in (f"a{character}b", f"a {character}", f"{character}a b", f"a b{character}|c"):
        assert read_plain(spec) in (None, fully(spec))


@pytest.mark.parametrize("name", sorted(RESERVED | BUILTINS))
def test_a_name_that_bash_keeps_is_left_to_the_long_way(name: str) -> None:
    assert read_plain(f"a | {name} b") is None


@pytest.mark.parametrize("spec", ["true | true", "tar -cf - . |gzip -9|ssh a@b.c dd of=/x,y +1"])
def test_most_specs_are_plain(spec: str) -> None:
    assert read_plain(spec) == parse(spec)
