"""The short cut: plain spellings to a Request without click, whose import costs three starts.

For any argv the answer is None, or equal to click's. It prints nothing; deleting it changes only
the speed. Whatever is odd (help, errors, abbreviations, clusters, variables) is click's to read.
"""

from runwrap.cli import NOT_OPTIONS, SUBCOMMANDS, options_of, request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from runwrap.cli import Asked


def read(argv: list[str], variables: "Iterable[bytes]") -> "Asked | None":
    """Return the request that argv (without the program's name) plainly spells, else None.

    `variables` are the names in the environment.
    """
    if any(name.startswith(b"RUNWRAP_") and name not in NOT_OPTIONS for name in variables):
        return None
    try:
        return _read(argv)
    except ValueError:  # what is wrong with a value is click's to say
        return None


def _read(argv: list[str]) -> "Asked | None":
    command, at = (argv[0], 1) if argv and argv[0] in SUBCOMMANDS else ("run", 0)
    found: dict[str, object] = {}
    while at < len(argv) and argv[at].startswith("-") and argv[at] != "-":
        word, at = argv[at], at + 1
        if word == "--":
            break
        name, equals, text = word.partition("=") if word.startswith("--") else (word, "", "")
        option = next((one for one in options_of(command) if name in one.names), None)
        if option is None or (equals and option.parse is None):
            return None
        if option.parse is not None and not equals:
            if at == len(argv):
                return None
            text, at = argv[at], at + 1
        value = option.parse is None or option.parse(text)
        found[option.field] = (*found.get(option.field, ()), value) if option.repeats else value  # type: ignore[misc]
    return _with_operands(command, found, argv[at:])


def _with_operands(command: str, found: dict[str, object], words: list[str]) -> "Asked | None":
    """Complete a request by what comes after the options; None if that isn't acceptable."""
    if command == "timeout" and words:
        from runwrap.cli.values import interval

        found["timeout"] = interval(words.pop(0))
    if not (words or "file" in found):
        return None
    if command == "kill-tree" and any(word.startswith("-") for word in words):
        return None  # its options may stand anywhere
    return request(command, tuple(words), found)
