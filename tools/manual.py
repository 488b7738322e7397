"""The manual pages: prose from tools/pages, what can be listed from where the code has it.

A page's source is named for the page and its section: `runwrap-spec.7.mdoc`.
"""

from pathlib import Path

import mdoc
import members
import refusals
import table
from templates import fill

from runwrap.cli import SUBCOMMANDS
from runwrap.cli.options import CATEGORIES, Option

DATE = "November 21, 2026"  # of the pages' last change in substance, not of their making
_PAGES = Path(__file__).parent / "pages"
_NOTE = '.\\" Made by tools/generate.py from tools/pages and the option table: change those.'


def pages() -> dict[str, str]:
    """Return each page's text by its file name, `runwrap-run.1`."""
    return {path.stem: _page(path) for path in sorted(_PAGES.glob("*.mdoc"))}


def _page(path: Path) -> str:
    subcommand = path.stem.removesuffix(".1").partition("-")[2]
    exit_status = (_PAGES / "parts" / "exit-status.mdoc").read_text(encoding="utf-8")
    parts = {
        "HEAD": [_NOTE, f".Dd {DATE}"],
        "EXIT_STATUS": exit_status.splitlines(),
        "SUBCOMMANDS": _subcommands(),
        "VARIABLES": _variables(),
        "COMMON": _common(),
        "REFUSALS": refusals.listed(),
        "MEMBERS": members.listed(),
    }
    if subcommand in SUBCOMMANDS:
        parts["OPTIONS"] = _options(subcommand)
    return fill(path, parts)


def _subcommands() -> list[str]:
    lines = [".Bl -tag -width Ds"]
    for name, meaning in SUBCOMMANDS.items():
        lines += [f".It Cm {mdoc.escape(name)}", *mdoc.marked(meaning, ()), "See"]
        lines.append(f".Xr runwrap-{name} 1 .")  # a page's name: its hyphens are not escaped
    return [*lines, ".El"]


def _variables() -> list[str]:
    named = [(one.environment_variable, one) for one in table.whole() if one.environment_variable]
    widest = max((variable for variable, _ in named), key=len)
    lines = [f".Bl -tag -width {widest} -compact"]
    for variable, option in named:
        lines += [f".It Ev {variable}", f".{_spelling(option, option.names[-1])}"]
    return [*lines, ".El"]


def _common() -> list[str]:
    """Return the options of a run that are told of in the overview, each in a sentence."""
    lines = [".Bl -tag -width Ds"]
    for option in table.offered("run"):
        if option.common:
            lines.append(f".It {spellings(option)}")
            lines += mdoc.marked(f"{option.summary}.", _arguments(option))
            lines += _default(option) if option.default else []
    return [*lines, ".El"]


def _options(subcommand: str) -> list[str]:
    """Return a subcommand's options, a list for each category."""
    lines: list[str] = []
    for category in CATEGORIES:
        options = [one for one in table.offered(subcommand) if one.category == category]
        if options:
            lines += [f".Ss {category}", ".Bl -tag -width Ds"]
            lines += [line for option in options for line in _option(option)]
            lines.append(".El")
    return lines


def _option(option: Option) -> list[str]:
    lines = [f".It {spellings(option)}"]
    for sentence in table.prose(option):
        lines += mdoc.marked(sentence, _arguments(option))
    if option.repeats:
        lines.append("It may be given more than once.")
    if option.default:
        lines += _default(option)
    return lines + _choices(option)


def spellings(option: Option) -> str:
    """Return an option's names, each with its value, as mdoc."""
    return " , ".join(_spelling(option, name) for name in option.names)


def _spelling(option: Option, name: str) -> str:
    """Return an option with its value as mdoc: `-t DURATION`, `--timeout=DURATION`."""
    if option.parse is None:
        return mdoc.flag(name)
    joint = " Ns = Ns " if name.startswith("--") else " "
    return f"{mdoc.flag(name)}{joint}Ar {mdoc.escape(option.metavar)}"


def _capital(text: str) -> str:
    """Let a sentence begin with a capital, but for the program's name."""
    return text if text.startswith("runwrap") else text[:1].upper() + text[1:]


def _arguments(option: Option) -> set[str]:
    return {option.metavar} - {""}


def _default(option: Option) -> list[str]:
    if option.default in option.choices:
        return ["The default is", f".Cm {mdoc.escape(option.default)} ."]
    return [f"The default is {mdoc.escape(option.default)}."]


def _choices(option: Option) -> list[str]:
    """Return the list of an option's choices; empty where it has none."""
    if not option.choices:
        return []
    lines = [".Pp", f".Bl -tag -width {max(option.choices, key=len)} -compact"]
    for choice in table.choices(option):
        note = f" Pq {choice.note}" if choice.note else ""
        lines.append(f".It Cm {mdoc.escape(choice.word)}{note}")
        lines += mdoc.marked(_capital(choice.text), _arguments(option))
    return [*lines, ".El"]
