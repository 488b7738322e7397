"""Fixtures that several files share."""

import os
import shutil
import signal
from collections.abc import Generator, Iterator
from functools import cache

import pytest

from tests import kill_trees, namespaces, support
from tests.arsenal import Arsenal

LIMIT, SLOW_LIMIT = 300.0, 3600.0  # seconds that a test may take

trees = pytest.fixture(kill_trees.started, name="trees")
why_no_strict = cache(namespaces.why_not)


@pytest.fixture(autouse=True)
def default_tier(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run the test in the tier that `in_tiers` asks for, `auto` where it doesn't."""
    tier = str(getattr(request, "param", "auto"))
    if tier == "strict" and (reason := why_no_strict()):
        pytest.skip(reason)
    if tier != "auto":
        monkeypatch.setitem(support.DEFAULTS, "RUNWRAP_CONTAIN", tier)
    return tier


@pytest.hookimpl(wrapper=True)
def bounded(item: pytest.Item) -> Generator[None, object, object]:
    """End a test that hangs, as its failure: the traceback shows where.

    A signal gets into any wait of the main thread, where tests run. The limit is longer than that
    of any one wait, whose failure says more.
    """
    limit = SLOW_LIMIT if item.get_closest_marker("slow") else LIMIT

    def give_up(*_: object) -> None:
        pytest.fail(f"it takes longer than {limit:g} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        return (yield)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


pytest_runtest_setup = pytest_runtest_call = pytest_runtest_teardown = bounded


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


@pytest.hookimpl(optionalhook=True)  # a run without xdist doesn't know it
def pytest_xdist_auto_num_workers() -> int:
    """Return one worker more than there are cores: most tests wait most of their time."""
    return (os.cpu_count() or 1) + 1
