"""The options of `timeout`, as GNU's has them. No variables: GNU's has none."""

from runwrap.cli import values
from runwrap.cli.options import COMMAND, CONTAINMENT, GENERAL, STOPPING, Option

_HERE = ("timeout",)
_LEAKS = ("kill", "wait", "allow", "fail")

OPTIONS: tuple[Option, ...] = (
    Option(
        field="foreground", names=("-f", "--foreground"), category=COMMAND, variable=False,
        commands=_HERE,
        help="Leave the command in the caller's process group, so that it can use the terminal; "
             "what it starts is not timed out.",
    ),
    Option(
        field="kill_after", names=("-k", "--kill-after"), category=STOPPING, metavar="DURATION",
        parse=values.interval, completes="duration", variable=False, commands=_HERE,
        help="Kill the command if it still runs DURATION after the first signal; 0 means never.",
    ),
    Option(
        field="preserve_status", names=("-p", "--preserve-status"), category=GENERAL,
        variable=False, commands=_HERE,
        help="Exit with the command's own status even when it timed out.",
    ),
    Option(
        field="signal", names=("-s", "--signal"), category=STOPPING, metavar="SIGNAL",
        parse=values.signal_operand, completes="signal", default="TERM", variable=False,
        commands=_HERE,
        help="Send SIGNAL at the time limit: a name, with or without SIG, or a number.",
    ),
    Option(
        field="verbose", names=("-v", "--verbose"), category=GENERAL, variable=False,
        commands=_HERE, help="Say on standard error which signals are sent.",
    ),
    Option(
        field="leak", names=("--leak",), category=CONTAINMENT, metavar="POLICY",
        parse=values.one_of(*_LEAKS),
        choices=_LEAKS, default="allow", variable=False,
        commands=_HERE,
        help="What to do with processes still running when the command has ended. allow: let "
             "them live, as GNU does. kill: stop them, with a warning. wait: wait for them, under "
             "the same limit. fail: as kill, and exit 123.",
    ),
)  # fmt: skip
