"""Fixtures that several files share."""

import pytest

from tests import kill_trees

trees = pytest.fixture(kill_trees.started, name="trees")
