"""A terminal's screen as SVG: text in a window frame, coloured by its escape codes."""

import re
from collections.abc import Iterator
from html import escape
from typing import NamedTuple
from unicodedata import east_asian_width

WIDTH, HEIGHT, SIZE = 8.4, 19, 14  # of a character cell and of the font, in pixels
MARGIN, BAR = 16, 34  # around the text, and the window's bar above it, in pixels
CODE = re.compile(r"\x1b\[([\d;]*)m|[\x0e\x0f]|\x1b[()].")

# Readable on the window's own dark ground, whatever the theme of the page around it.
GROUND, FRAME, TEXT, DIM = "#1b1f24", "#6e7681", "#e6edf3", "#9aa4af"
COLOURS = (
    ("#6e7681", "#ff7b72", "#7ee787", "#e3b341", "#79c0ff", "#d2a8ff", "#76e3ea", "#e6edf3"),
    ("#9aa4af", "#ffa198", "#aff5b4", "#f2cc60", "#a5d6ff", "#e2c5ff", "#b3f0ff", "#ffffff"),
)


class Style(NamedTuple):
    """How characters look: a colour, or the usual one."""

    colour: str = ""
    bold: bool = False


class Run(NamedTuple):
    """Neighbouring characters that look the same."""

    text: str
    style: Style


def plain(screen: str) -> str:
    """Return a screen's text without its escape codes."""
    return CODE.sub("", screen)


def runs(line: str, style: Style) -> Iterator[Run]:
    """Cut a line where its look changes; the last run, empty, has the look that goes on."""
    place = 0
    for code in CODE.finditer(line):
        if code.start() > place:
            yield Run(line[place : code.start()], style)
        if code[0].endswith("m"):
            style = _changed(style, code[1] or "")
        place = code.end()
    yield Run(line[place:], style)
    yield Run("", style)


def _changed(style: Style, codes: str) -> Style:
    for code in (int(part or 0) for part in codes.split(";")):
        if code == 0:
            style = Style()
        elif code in (1, 22):
            style = style._replace(bold=code == 1)
        elif code == 2:
            style = style._replace(colour=DIM)
        elif code == 39:
            style = style._replace(colour="")
        elif code in range(30, 38):
            style = style._replace(colour=COLOURS[0][code - 30])
        elif code in range(90, 98):
            style = style._replace(colour=COLOURS[1][code - 90])
    return style


def cells(text: str) -> int:
    """Return how many character cells a text takes."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def draw(screen: str, title: str) -> str:
    """Return the picture of a screen, as lines with escape codes."""
    lines = screen.split("\n")
    columns = max(cells(plain(line)) for line in lines)
    width, height = round(columns * WIDTH + 2 * MARGIN), BAR + len(lines) * HEIGHT + MARGIN
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" role="img">\n<title>{escape(title)}</title>\n',
            f'<rect x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="8" '
            f'fill="{GROUND}" stroke="{FRAME}"/>\n',
            *(
                f'<circle cx="{MARGIN + 16 * n + 4}" cy="17" r="5" fill="{FRAME}"/>\n'
                for n in range(3)
            ),
            f'<g font-family="ui-monospace,Menlo,Consolas,DejaVu Sans Mono,monospace" '
            f'font-size="{SIZE}" fill="{TEXT}" xml:space="preserve">\n',
            *_texts(lines),
            "</g>\n</svg>\n",
        ]
    )


def _texts(lines: list[str]) -> Iterator[str]:
    style = Style()
    for number, line in enumerate(lines):
        column = 0
        for run in runs(line, style):
            style = run.style
            if run.text.strip():
                yield _text(run, column, BAR + number * HEIGHT + SIZE)
            column += cells(run.text)


def _text(run: Run, column: int, y: int) -> str:
    """Place a run where its cells are, and as wide, whatever the font."""
    text = run.text.strip()
    column += cells(run.text) - cells(run.text.lstrip())
    width = cells(text) * WIDTH
    look = f' fill="{run.style.colour}"' if run.style.colour else ""
    look += ' font-weight="bold"' if run.style.bold else ""
    place = f'x="{MARGIN + column * WIDTH:g}" y="{y}" textLength="{width:g}"'
    return f"<text {place}{look}>{escape(text, quote=False)}</text>\n"
