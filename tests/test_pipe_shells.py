"""Pipelines that runwrap runs, observed as the shells are: every stage tells what it got."""

from itertools import islice
from pathlib import Path
from random import Random

import pytest

from runwrap.model.spec.reading import parse
from tests.pipeline_specs import lawful
from tests.shell_recorder import BASH, PERL, Laboratory, can_be_tried
from tests.support import RUNWRAP

SEED = 41
FEW, MANY = 60, 5000

pytestmark = pytest.mark.skipif(not (BASH and PERL), reason="bash or perl is not installed")


def laboratory(folder: Path) -> Laboratory:
    """Return a laboratory whose shell is runwrap."""
    shell = folder / "shell"
    shell.write_text(f'#!/bin/sh\nexec {RUNWRAP} pipe -- "$3"\n')
    shell.chmod(0o755)
    return Laboratory(folder, str(shell))


@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
def test_every_stage_gets_just_what_the_spec_says(count: int, tmp_path: Path) -> None:
    random = Random(SEED)
    every = ((spec, parse(spec)) for spec in iter(lambda: lawful(random), None))
    specs = dict(islice(((spec, one) for spec, one in every if can_be_tried(one)), count))
    assert laboratory(tmp_path).disagreements(specs) == []


def test_a_difference_would_be_seen(tmp_path: Path) -> None:
    assert laboratory(tmp_path).disagreements({"a b |& c": parse("a b | c")}) != []
