"""A test that is run in a tier of its own choice runs there, and on the terminal as well."""

from collections.abc import Iterator

import pytest

from tests.screen import Screen
from tests.support import Running, in_tiers, sh


@pytest.fixture
def screen() -> Iterator[Screen]:
    screen = Screen()
    yield screen
    screen.close()


@in_tiers("group", "strict")
def test_it_is_the_tier_asked_for_that_runs_here(default_tier: str) -> None:
    running = Running(*sh("echo $PPID"))
    # In `group` there is no guardian, so that the command is runwrap's own child.
    tiers = {f"{running.pid}\n": "group", "1\n": "strict"}
    assert tiers.get(running.wait().out, "auto") == default_tier


@in_tiers("group", "strict")
def test_it_is_the_tier_asked_for_that_runs_on_the_terminal(
    screen: Screen, default_tier: str
) -> None:
    shell = screen.run("echo $$").strip()
    of_parent = "$PPID $(cut -d' ' -f4 /proc/$PPID/stat)"
    parent, its_parent = screen.run(
        f'runwrap -- sh -c "echo {of_parent}"'.replace("$", "\\$")
    ).split()
    tiers = {(parent, shell): "group", ("1", its_parent): "strict"}
    assert tiers.get((parent, its_parent), "auto") == default_tier
