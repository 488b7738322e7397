"""The short cut: plain spellings to a Request without click, whose import costs three starts.

For any argv the answer is None, or equal to click's. It prints nothing; deleting it changes only
the speed. Whatever is odd (help, errors, abbreviations, clusters, variables) is click's to read.
"""

from runwrap.cli import NOT_OPTIONS, SUBCOMMANDS, options_of, request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from runwrap.cli.options import Option
    from runwrap.model.kill_tree import TreeRequest
    from runwrap.model.request import Request


def read(argv: list[str], variables: "Iterable[bytes]") -> "Request | TreeRequest | None":
    """Return the request that argv (without the program's name) plainly spells, else None.

    `variables` are the names in the environment.
    """
    if any(name.startswith(b"RUNWRAP_") and name not in NOT_OPTIONS for name in variables):
        return None
    command, at = "run", 0
    if argv and argv[0] in SUBCOMMANDS:
        command, at = argv[0], 1
    found: dict[str, object] = {}
    while at < len(argv) and argv[at].startswith("-") and argv[at] != "-":
        word = argv[at]
        at += 1
        if word == "--":
            break
        name, equals, text = word.partition("=") if word.startswith("--") else (word, "", "")
        option = next((one for one in options_of(command) if name in one.names), None)
        if option is None or (equals and option.parse is None):
            return None
        if option.parse is not None and not equals:
            if at == len(argv):
                return None
            text = argv[at]
            at += 1
        if not _set(found, option, text):
            return None
    return _with_operands(command, found, argv[at:])


def _with_operands(
    command: str, found: dict[str, object], words: list[str]
) -> "Request | TreeRequest | None":
    """Complete a request by what comes after the options; None if that isn't acceptable."""
    if command == "timeout" and words:
        from runwrap.cli.values import interval

        try:
            found["timeout"] = interval(words[0])
        except ValueError:
            return None
        words = words[1:]
    if not (words or "file" in found):
        return None
    if command == "kill-tree" and any(word.startswith("-") for word in words):
        return None  # its options may stand anywhere
    return request(command, tuple(words), found)


def _set(found: dict[str, object], option: "Option", text: str) -> bool:
    """Put an option's value where the Request has it; False if it isn't acceptable."""
    if option.parse is None:
        found[option.field] = True
        return True
    try:
        value = option.parse(text)
    except ValueError:
        return False
    if option.repeats:
        value = (*found.get(option.field, ()), value)  # type: ignore[misc]
    found[option.field] = value
    return True
