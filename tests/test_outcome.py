"""How an outcome goes from the guardian to the front: whole, but for what is as by default."""

import marshal

from runwrap.model.outcome import Failure, Outcome, Process, Sent, pack, unpack

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


def test_it_arrives_as_it_was() -> None:
    assert unpack(pack(FULL)) == FULL


def test_what_is_as_by_default_is_not_sent() -> None:
    assert marshal.loads(pack(BARE)) == ["Outcome", {"command": "true"}]


def test_what_is_not_sent_arrives_as_by_default() -> None:
    assert unpack(pack(BARE)) == BARE
