"""JSON of our own: what the standard package writes, but for bytes that are no text."""

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runwrap.report.json_text import json_text

TEXT = st.text()
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
)


@given(VALUES, st.sampled_from([0, 1, 2]))
def test_it_is_what_the_standard_package_writes(value: object, indent: int) -> None:
    assert json_text(value, indent) == json.dumps(value, indent=indent or None)
    assert json.loads(json_text(value, indent)) == value


def test_a_tuple_is_a_list() -> None:
    assert json_text(((1, 2), ())) == "[[1, 2], []]"


@given(st.binary())
def test_bytes_that_are_no_text_are_read_back_as_backslash_escapes(data: bytes) -> None:
    told = json_text(os.fsdecode(data))
    read = json.loads(told)
    assert told.isascii()
    assert read == data.decode(errors="backslashreplace")


def test_a_surrogate_that_is_no_byte_is_escaped_as_well() -> None:
    assert json.loads(json_text("\ud800")) == r"\ud800"


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
def test_a_number_that_json_has_not_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="no number"):
        json_text([value])


def test_a_value_that_json_has_not_is_refused() -> None:
    with pytest.raises(TypeError, match="set"):
        json_text({"a": {1}})
