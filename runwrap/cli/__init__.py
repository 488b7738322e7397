"""The command line: subcommands and their options, the parsers of both, the messages.

A plain start without options loads this, and none of the tables in `options`.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from runwrap.cli.options import Option
    from runwrap.model.kill_tree import TreeRequest
    from runwrap.model.request import Request

    Asked = Request | TreeRequest
    Page = tuple[str, str]  # what it is, help or version; and its text, printed instead of a run

SUBCOMMANDS: dict[str, str] = {
    "run": "Run a command under a deadline and leave nothing running behind it.",
    "timeout": "Run a command with a time limit, as GNU timeout does.",
    "kill-tree": "End processes that others started, with everything below them.",
    "pipe": "Run a pipeline, as bash would and without a shell, as one job.",
}

# What comes after a subcommand's options, word by word: its name, and what completes it.
OPERANDS: dict[str, tuple[tuple[str, str], ...]] = {
    "run": (("COMMAND [ARG]...", "command"),),
    "timeout": (("DURATION", "duration"), ("COMMAND [ARG]...", "command")),
    "kill-tree": (("PID|@FILE...", "process"),),
    "pipe": (("SPEC | COMMAND [ARG]... ['|' COMMAND [ARG]...]...", "command"),),
}

# The files in options/: a category of what runs a job each, in the order in which names are looked
# up; and those of subcommands whose options are their own.
_TABLES = ("limits", "stopping", "general", "containment", "command", "files")
_OWN_TABLES = {"timeout": ("gnu_timeout",), "kill-tree": ("kill_tree",)}

# Variables whose names begin as those of options do: a person's wish to see a traceback, and what
# a job or its hooks are told. They reach a runwrap inside of a runwrap, to which they mean nothing.
NOT_OPTIONS = frozenset(
    b"RUNWRAP_" + name
    for name in (b"ATTEMPT", b"DEADLINE", b"DEBUG", b"PID", b"PIDS", b"PING_URL", b"REASON")
)


def request(command: str, operands: tuple[str, ...], found: dict[str, object]) -> "Asked":
    """Return a subcommand's request from the values of its fields."""
    if command == "kill-tree":
        from runwrap.model.kill_tree import TreeRequest

        return TreeRequest(operands=operands, **found)  # type: ignore[arg-type]
    from runwrap.model.request import Request

    return Request(command=command, operands=operands, **found)  # type: ignore[arg-type]


def options_of(command: str) -> "Iterator[Option]":
    """Yield a subcommand's options; what is used most comes first.

    Each table is a file that is loaded only when whoever looks for a name has come to it.
    """
    for file in _OWN_TABLES.get(command, _TABLES):
        table = __import__(f"runwrap.cli.options.{file}", fromlist=("OPTIONS",))
        yield from (option for option in table.OPTIONS if command in option.commands)
