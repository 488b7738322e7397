"""The subcommands: what each is for, and what it takes besides options.

A plain start without options loads this, and not the table of them.
"""

from runwrap.cli import values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from runwrap.model.kill_tree import TreeRequest
    from runwrap.model.request import Request

SUBCOMMANDS: dict[str, str] = {
    "run": "Run a command under a deadline and leave nothing running behind it.",
    "timeout": "Run a command with a time limit, as GNU timeout does.",
    "kill-tree": "End processes that others started, with everything below them.",
    "pipe": "Run a pipeline, as bash would and without a shell, as one job.",
}

# What a subcommand takes before the command: the operand's name, the Request's field, its parser.
LEADING: dict[str, tuple[str, str, "Callable[[str], object]"]] = {
    "timeout": ("DURATION", "timeout", values.interval),
}

# What comes after a subcommand's options, word by word: its name, and what completes it.
OPERANDS: dict[str, tuple[tuple[str, str], ...]] = {
    "run": (("COMMAND [ARG]...", "command"),),
    "timeout": (("DURATION", "duration"), ("COMMAND [ARG]...", "command")),
    "kill-tree": (("PID|@FILE...", "process"),),
    "pipe": (("SPEC | COMMAND [ARG]... ['|' COMMAND [ARG]...]...", "command"),),
}


def request(
    command: str, operands: tuple[str, ...], found: dict[str, object]
) -> "Request | TreeRequest":
    """Return a subcommand's request from the values of its fields."""
    if command == "kill-tree":
        from runwrap.model.kill_tree import TreeRequest

        return TreeRequest(operands=operands, **found)  # type: ignore[arg-type]
    from runwrap.model.request import Request

    return Request(command=command, operands=operands, **found)  # type: ignore[arg-type]
