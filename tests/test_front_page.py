"""The README: its picture is that of a run, and its table says what wrappers really do."""

import re
import shutil
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

DOCS = Path(__file__).parent.parent / "docs"
sys.path.insert(0, str(DOCS))  # scripts beside each other, not a package

import peers  # noqa: E402
import picture  # noqa: E402
import situations  # noqa: E402
import svg  # noqa: E402

RUNWRAP = peers.PEERS[0]
CAPTURED = "\x1b[32m$\x1b[39m cat 'a&b'\n└─ 1 <S>  \x1b[1m\x1b[31mred\x1b[0m and\n\n  124"


def texts(drawing: str) -> list[str]:
    """Return the texts of a drawing in their order; this fails where it isn't well-formed."""
    return [found.text or "" for found in ElementTree.fromstring(drawing).iter() if _is_text(found)]


def _is_text(element: ElementTree.Element) -> bool:
    return element.tag == "{http://www.w3.org/2000/svg}text"


def of_any_run(drawing: str) -> str:
    """Return the text with N for each number and S for each process state.

    In one line: a longer number puts elsewhere where the terminal breaks a long one.
    """
    text = re.sub(r"\d+(\.\d+)?", "N", "".join(texts(drawing)))
    return re.sub(r"\bN [A-Z]( \([^)]*\))?,", "N S,", text)


needs_namespaces = pytest.mark.skipif(bool(peers.why_not()), reason="needs PID namespaces")
needs_actors = pytest.mark.skipif(
    not all(map(shutil.which, picture.NEEDED)), reason=f"needs {', '.join(picture.NEEDED)}"
)
every_situation = pytest.mark.parametrize("situation", peers.ROWS)


def test_a_drawn_screen_is_xml_that_holds_its_text() -> None:
    drawing = svg.draw(CAPTURED, "a <title>")
    assert texts(drawing) == ["$", "cat 'a&b'", "└─ 1 <S>", "red", "and", "124"]


def test_text_has_the_colour_of_its_escape_codes() -> None:
    drawn = [line for line in svg.draw(CAPTURED, "").splitlines() if ">red<" in line]
    assert f'fill="{svg.COLOURS[0][1]}" font-weight="bold"' in drawn[0]


def test_a_colour_ends_where_it_is_reset_and_not_with_the_line() -> None:
    drawing = svg.draw("\x1b[33mone\ntwo\x1b[m\nthree", "")
    coloured = [line for line in drawing.splitlines() if svg.COLOURS[0][3] in line]
    assert [re.sub("<.*?>", "", line) for line in coloured] == ["one", "two"]


def test_text_starts_at_the_cell_that_it_had_on_the_screen() -> None:
    drawing = svg.draw("  \x1b[31mx", "")
    assert f'<text x="{svg.MARGIN + 2 * svg.WIDTH:g}"' in drawing


def test_the_picture_is_light() -> None:
    assert picture.PICTURE.stat().st_size < 20_000


@needs_actors
def test_the_picture_shows_what_a_run_shows_today() -> None:
    today = svg.draw(picture.play(), "")
    assert of_any_run(picture.PICTURE.read_text(encoding="utf-8")) == of_any_run(today)


@needs_namespaces
@every_situation
def test_the_table_says_what_runwrap_does(situation: str) -> None:
    assert peers.cell(RUNWRAP, situation) == peers.column("runwrap")[situation]


@pytest.mark.slow
@needs_namespaces
@every_situation
@pytest.mark.parametrize("peer", peers.PEERS[1:], ids=lambda peer: peer.name)
def test_the_table_says_what_others_do(peer: peers.Peer, situation: str) -> None:
    if peer not in peers.installed():
        pytest.skip(f"{peer.name} is not installed")
    version = f"{peer.name} {peer.version()}"
    if f"{version}," not in peers.README.read_text(encoding="utf-8").replace(";", ","):
        pytest.skip(f"{version} is not the one in the table")
    assert peers.cell(peer, situation) == peers.column(peer.name)[situation]


def test_the_table_has_a_row_for_every_situation() -> None:
    assert set(peers.ROWS) == {*situations.SITUATIONS, situations.ZOMBIE}
