"""Reading a spec, and what tests ask of it."""

import pytest

from runwrap.model.plan import Duplicate, Stage
from runwrap.model.spec.reading import parse
from runwrap.model.spec.refusals import SpecError

Pipeline = tuple[Stage, ...]

STDERR_TO_STDOUT = Duplicate(target=2, source=1)
STDOUT_TO_STDERR = Duplicate(target=1, source=2)


def argvs(spec: str) -> list[tuple[str, ...]]:
    return [stage.argv for stage in parse(spec)]


def words(spec: str) -> tuple[str, ...]:
    """Return the words of a spec of one stage, which has nothing else."""
    (stage,) = parse(spec)
    assert stage == Stage(argv=stage.argv)
    return stage.argv


def only(spec: str) -> Stage:
    (stage,) = parse(spec)
    return stage


def refused(spec: str) -> tuple[str, int]:
    """Return why a spec is refused, and the column."""
    with pytest.raises(SpecError) as caught:
        parse(spec)
    return caught.value.reason, caught.value.position
