"""What the documents mention is there: tests by their names, files by their paths."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TESTS = {
    name
    for file in (ROOT / "tests").glob("*.py")
    for name in (file.stem, *re.findall(r"^def (test_\w+)", file.read_text(), re.MULTILINE))
}
MADE = {"runwrap/bundle.py"}  # by a build
FOLDERS = [ROOT, ROOT / "runwrap", *(ROOT / "runwrap").rglob("*/")]  # each may say "here"
every_document = pytest.mark.parametrize("document", ["GOTCHAS.md", "ARCHITECTURE.md"])


@every_document
def test_each_test_that_a_document_names_is_there(document: str) -> None:
    named = set(re.findall(r"\btest_\w+", (ROOT / document).read_text()))
    assert named
    assert not named - TESTS


@every_document
def test_each_file_that_a_document_names_is_there(document: str) -> None:
    named = set(re.findall(r"`([\w/.]+\.(?:py|json|md))`", (ROOT / document).read_text())) - MADE
    assert named
    assert not [one for one in named if not any((folder / one).exists() for folder in FOLDERS)]
