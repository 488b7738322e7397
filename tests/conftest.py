"""Fixtures that several files share."""

import os
import shutil
import signal
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


# A runner may be started with these ignored, as by nohup, and runwrap would leave them alone.
for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
    if signal.getsignal(number) == signal.SIG_IGN:
        signal.signal(number, signal.SIG_DFL)


def pytest_xdist_auto_num_workers() -> int:
    """Return one worker more than there are cores: most tests wait most of their time."""
    return (os.cpu_count() or 1) + 1
