"""Text as mdoc(7) writes it: escapes, and macros for the words that have a meaning."""

import re
import textwrap
from collections.abc import Collection

_FLAG = r"--?[a-z][a-z-]*"
# Characters that a typesetter makes something prettier of, or that end an argument.
_TYPED = {
    "\\": "\\e", "-": "\\-", '"': "\\(dq", "'": "\\(aq", "`": "\\(ga", "~": "\\(ti", "^": "\\(ha",
}  # fmt: skip
_OPENING, _CLOSING = r"""(?P<before>[("]*)""", r"""(?P<after>(?:'s)?[.,;:)"]*)"""


def escape(text: str) -> str:
    """Return text that mdoc shows as it is, with hyphens that stay ASCII."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text.startswith((".", "'")) else text


def literal(text: str) -> str:
    """Return text as one argument of a macro, that shows each character as it is typed."""
    return f'"\\&{_typed(text)}"'  # \\& keeps it from being taken for a macro or a delimiter


def typed(text: str) -> list[str]:
    """Return prose as lines of mdoc that show what is to be typed in it as it is."""
    lines = textwrap.wrap(_typed(text), 78, break_long_words=False, break_on_hyphens=False)
    return ["\\&" * line.startswith(".") + line for line in lines]


def _typed(text: str) -> str:
    return "".join(_TYPED.get(character, character) for character in text)


def flag(name: str) -> str:
    """Return a call of .Fl for an option's name; the macro puts the first hyphen itself."""
    return "Fl " + escape(name[1:])


def marked(text: str, arguments: Collection[str]) -> list[str]:
    """Return a sentence as lines of mdoc: options become .Fl, and `arguments` become .Ar."""
    names = "|".join(map(re.escape, sorted(arguments, key=len, reverse=True)))
    special = re.compile(
        f"{_OPENING}(?:(?P<flag>{_FLAG})|(?P<argument>{names or '(?!)'})){_CLOSING}"
    )
    lines: list[str] = []
    plain: list[str] = []
    for word in text.split():
        match = special.fullmatch(word)
        if match is None:
            plain.append(word)
            continue
        lines += _plain(plain)
        plain = []
        lines.append(_macro(match))
    return lines + _plain(plain)


def _plain(words: list[str]) -> list[str]:
    # Hyphens inside words may be typeset; a leading one, as in a number, must stay a minus.
    shown = [re.sub(r"^(\(?)-", r"\1\\-", word.replace("\\", "\\e")) for word in words]
    lines = textwrap.wrap(" ".join(shown), 78, break_long_words=False, break_on_hyphens=False)
    return ["\\&" * line.startswith((".", "'")) + line for line in lines]


def _macro(match: re.Match[str]) -> str:
    call = flag(match["flag"]) if match["flag"] else "Ar " + escape(match["argument"])
    opening = "".join(f"{mark} " for mark in match["before"])
    after = match["after"]
    possessive = " Ns 's" if after.startswith("'s") else ""
    closing = "".join(f" {mark}" for mark in after.removeprefix("'s"))
    call = (opening and f"No {opening}Ns ") + call + possessive + closing
    return f".{call}"
