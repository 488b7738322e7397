"""What the option table means to the generators: kinds of values, short texts, choices."""

import re
from dataclasses import dataclass

from runwrap.cli import SUBCOMMANDS, options_of
from runwrap.cli.options import GENERAL, Option
from runwrap.model.durations import UNITS

# POSIX's signals and WINCH: every system has them, and no list depends on where it is made.
SIGNALS = (
    "ABRT", "ALRM", "BUS", "CHLD", "CONT", "FPE", "HUP", "ILL", "INT", "KILL", "PIPE", "PROF",
    "QUIT", "SEGV", "STOP", "SYS", "TERM", "TRAP", "TSTP", "TTIN", "TTOU", "URG", "USR1", "USR2",
    "VTALRM", "WINCH", "XCPU", "XFSZ",
)  # fmt: skip
DURATIONS = ("250ms", "30s", "5m", "2h", "1d", "inf")  # offered while nothing is typed
UNIT_NAMES = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days"}

# What every subcommand has, and the table leaves to the parser.
_ALWAYS = (
    Option(
        names=("-V", "--version"), category=GENERAL, variable=False,
        help="Print the version and exit.",
    ),
    Option(
        names=("-h", "--help"), category=GENERAL, variable=False,
        help="Print the help and exit; -h prints a short one.",
    ),
)  # fmt: skip
# GNU's timeout has no letters for them.
_ALWAYS_OF_TIMEOUT = tuple(option.replace(names=option.names[-1:]) for option in _ALWAYS)
_CHOICE = re.compile(r"(?P<word>[\w+-]+)(?: \((?P<note>[^)]*)\))?: (?P<text>.*)")


@dataclass(frozen=True)
class Choice:
    """One word that an option takes: `note` says where it can be had, `text` what it does."""

    word: str
    note: str = ""
    text: str = ""

    @property
    def summary(self) -> str:
        """Return the description that a shell shows beside the word."""
        return (f"{self.note}: " if self.note else "") + self.text.rstrip(".")


def offered(command: str) -> list[Option]:
    """Return every option of a subcommand, in the table's order."""
    always = _ALWAYS if command != "timeout" else _ALWAYS_OF_TIMEOUT
    return [*options_of(command), *always]


def whole() -> list[Option]:
    """Return the options that the tables have, each once."""
    return list(dict.fromkeys(one for command in SUBCOMMANDS for one in options_of(command)))


def every_option() -> dict[Option, list[str]]:
    """Return every option that any subcommand has, with those subcommands."""
    found: dict[Option, list[str]] = {}
    for command in SUBCOMMANDS:
        for option in offered(command):
            found.setdefault(option, []).append(command)
    return found


def kind(option: Option) -> str:
    """Return what an option's value is, empty for a flag.

    duration, signal, file, folder, variable, number as in the table; words for its choices,
    assignment for NAME=VALUE, and text where a shell has nothing to offer.
    """
    if option.parse is None:
        return ""
    if option.choices:
        return "words"
    if option.completes == "variable" and "=" in option.metavar:
        return "assignment"
    return option.completes or "text"


def units_after() -> dict[str, list[str]]:
    """Return the units that may end a duration, the largest first, by a pattern of what it has.

    The patterns are shells', to be tried in this order: `*ms*` has to come before `*s*`.
    """
    largest_first = sorted(UNITS, key=UNITS.__getitem__, reverse=True)
    used = {f"*{unit}*": largest_first[at + 1 :] for at, unit in enumerate(largest_first)}
    return dict(reversed(used.items())) | {"*": largest_first}


def sentences(text: str) -> list[str]:
    """Split a help text where one sentence ends and the next begins."""
    return re.split(r"(?<=\.) ", text)


def choices(option: Option) -> list[Choice]:
    """Return an option's choices with what its help says of each."""
    found = {choice: Choice(choice) for choice in option.choices}
    for sentence in sentences(option.help):
        match = _CHOICE.fullmatch(sentence)
        if match and match["word"] in found:
            found[match["word"]] = Choice(match["word"], match["note"] or "", match["text"])
    return list(found.values())


def prose(option: Option) -> list[str]:
    """Return the sentences of an option's help that describe no single choice."""
    described = [f"{choice.word}{mark}" for choice in choices(option) for mark in (": ", " (")]
    return [one for one in sentences(option.help) if not one.startswith(tuple(described))]
