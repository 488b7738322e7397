"""The options of `timeout`, as GNU's has them. No variables: GNU's has none."""

from runwrap.cli import values
from runwrap.cli.options import COMMAND, CONTAINMENT, GENERAL, LEAKS, STOPPING, Option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_HERE: "dict[str, Any]" = {"commands": ("timeout",), "variable": False}

OPTIONS: tuple[Option, ...] = (
    Option(names=("-f", "--foreground"), category=COMMAND, **_HERE,
           help="Leave the command in the caller's process group, so that it can use the terminal; "
                "what it starts is not timed out."),
    Option(names=("-k", "--kill-after"), category=STOPPING, metavar="DURATION",
           parse=values.interval, **_HERE,
           help="Kill the command if it still runs DURATION after the first signal; 0 means "
                "never."),
    Option(names=("-p", "--preserve-status"), category=GENERAL, **_HERE,
           help="Exit with the command's own status even when it timed out."),
    Option(names=("-s", "--signal"), category=STOPPING, metavar="SIGNAL",
           parse=values.signal_operand, default="TERM", **_HERE,
           help="Send SIGNAL at the time limit: a name, with or without SIG, or a number."),
    Option(names=("-v", "--verbose"), category=GENERAL, **_HERE,
           help="Say on standard error which signals are sent."),
    Option(names=("--leak",), category=CONTAINMENT, metavar="POLICY", parse=values.one_of(*LEAKS),
           choices=LEAKS, default="allow", **_HERE,
           help="What to do with processes still running when the command has ended. allow: let "
                "them live, as GNU does. kill: stop them, with a warning. wait: wait for them, "
                "under the same limit. fail: as kill, and exit 123."),
)  # fmt: skip
