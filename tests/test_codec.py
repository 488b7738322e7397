"""A record that goes to another process arrives as it was: outcomes, requests, plans, any kind."""

import marshal

import pytest

from runwrap.model import Record, decode, encode
from runwrap.model.decide import decide
from runwrap.model.escalation import Step
from runwrap.model.outcome import Failure, Outcome, Process, Sent
from runwrap.model.plan import Plan
from runwrap.model.request import Request

BARE = Outcome(command="true")
FULL = Outcome(
    command="a | b",
    pid=7,
    status=0,
    reason="timeout",
    elapsed=1.5,
    sent=(Sent(signal=15, at=1.0), Sent(signal=9, at=1.25)),
    survivors=(Process(pid=8, parent=7, state="D", command="b", errno=1),),
    proved=False,
    failure=Failure(step="exec", subject="b", errno=2),
)
REQUEST = Request(
    command="pipe",
    operands=("A=1 a <in 2>&1 | b",),
    escalate=(Step(signal=3, grace=1.0),),
    env=(("NAME", "value \udcff"),),
)


@pytest.mark.parametrize("record", [BARE, FULL, REQUEST, decide(REQUEST)], ids=repr)
def test_it_arrives_as_it_was(record: Record) -> None:
    assert decode(encode(record), type(record)) == record


def test_what_is_as_by_default_is_not_sent() -> None:
    assert marshal.loads(encode(BARE)) == ["Outcome", {"command": "true"}]


def test_another_kind_than_was_asked_for_is_refused() -> None:
    with pytest.raises(ValueError, match="not a record of the kind Plan"):
        decode(encode(BARE), Plan)


def test_what_was_cut_off_is_an_end_of_file() -> None:
    with pytest.raises(EOFError):
        decode(encode(FULL)[:-1], Outcome)


def test_a_function_is_refused() -> None:
    class Odd(Record):
        field: object

    with pytest.raises(ValueError, match="unmarshallable"):
        encode(Odd(field=print))


def test_no_two_kinds_have_the_same_name() -> None:
    known = [kind.__name__ for kind in Record.__subclasses__() if kind.__module__[:7] == "runwrap"]
    assert len(known) == len(set(known))
