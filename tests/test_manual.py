"""The manual as a whole: every page is installed, and what one lists is what the code has."""

import importlib.util
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from runwrap.model.spec.refusals import REFUSALS
from tests.pipeline_reading import refused

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tools"))  # scripts beside each other, not a package

import mdoc  # noqa: E402
import refusals  # noqa: E402

PAGES = sorted(path.name for path in (ROOT / "man").iterdir())
SPEC = (ROOT / "man" / "runwrap-spec.7").read_text()

every_page = pytest.mark.parametrize("page", PAGES)
every_reason = pytest.mark.parametrize("reason", REFUSALS)


def test_a_wheel_has_every_page_where_man_looks_for_its_section(tmp_path: Path) -> None:
    if not importlib.util.find_spec("hatchling"):
        pytest.skip("hatchling is not installed")
    words = ("-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path))
    subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    found = {name.rpartition("/share/man/")[2] for name in names if "/share/man/" in name}
    assert found == {f"man{page[-1]}/{page}" for page in PAGES}


@every_page
def test_a_page_is_titled_as_its_file_is_named(page: str) -> None:
    name, _, section = page.rpartition(".")
    text = (ROOT / "man" / page).read_text()
    assert f"\n.Dt {name.upper()} {section}\n" in text
    assert re.search(rf"^\.Nm {name}$", text, re.MULTILINE)


@every_page
def test_a_page_refers_to_pages_of_ours_that_exist(page: str) -> None:
    named = re.findall(r"^\.Xr (runwrap\S*) (\d)", (ROOT / "man" / page).read_text(), re.MULTILINE)
    assert {f"{name}.{section}" for name, section in named} <= set(PAGES)


@every_reason
def test_a_refusal_is_in_the_page_with_its_way_out(reason: str) -> None:
    entry = SPEC.partition(f"\n.It Sy {mdoc.escape(reason)}")[2].partition("\n.It ")[0]
    shown = " ".join(entry.splitlines()[1:]).casefold()
    for text in REFUSALS[reason]:
        assert " ".join(mdoc.typed(text)).casefold() in shown


@pytest.mark.parametrize("reason", [one for one, spec in refusals.EXAMPLES.items() if spec])
def test_the_example_of_a_refusal_is_refused_for_that_reason(reason: str) -> None:
    assert refused(refusals.EXAMPLES[reason])[0] == reason


def test_each_refusal_that_can_be_shown_has_an_example() -> None:
    assert {one for one in REFUSALS if not refusals.EXAMPLES[one]} == {"empty", "newline", "nul"}
