"""The options of `timeout`, as GNU's has them. No variables: GNU's has none."""

from runwrap.cli import values
from runwrap.cli.options import COMMAND, CONTAINMENT, GENERAL, LEAKS, STOPPING, Option

OPTIONS = tuple(one.replace(commands=("timeout",), variable=False) for one in (
    Option(names=("-f", "--foreground"), category=COMMAND,
           help="Leave the command in the caller's process group, so that it can use the terminal; "
                "what it starts is not timed out."),
    Option(names=("-k", "--kill-after"), category=STOPPING, metavar="DURATION",
           parse=values.interval,
           help="Kill the command if it still runs DURATION after the first signal; 0 means "
                "never."),
    Option(names=("-p", "--preserve-status"), category=GENERAL,
           help="Exit with the command's own status even when it timed out."),
    Option(names=("-s", "--signal"), category=STOPPING, metavar="SIGNAL",
           parse=values.signal_operand, default="TERM",
           help="Send SIGNAL at the time limit: a name, with or without SIG, or a number."),
    Option(names=("-v", "--verbose"), category=GENERAL,
           help="Say on standard error which signals are sent."),
    Option(names=("--leak",), category=CONTAINMENT, metavar="POLICY", parse=values.one_of(*LEAKS),
           choices=LEAKS, default="allow",
           help="What to do with processes still running when the command has ended. allow: let "
                "them live, as GNU does. kill: stop them, with a warning. wait: wait for them, "
                "under the same limit. fail: as kill, and exit 123."),
))  # fmt: skip
