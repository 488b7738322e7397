"""Fixtures that several files share."""

import os
import shutil
from collections.abc import Iterator

import pytest

from tests import kill_trees
from tests.arsenal import Arsenal

trees = pytest.fixture(kill_trees.started, name="trees")


@pytest.fixture(scope="session")
def arsenal() -> Iterator[Arsenal]:
    """The adversaries, compiled."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler (cc): the adversaries are written in C")
    if os.uname().sysname != "Linux":
        pytest.skip("the adversaries, and the harness that inherits what escapes, need Linux")
    arsenal = Arsenal(compiler)
    yield arsenal
    arsenal.close()
