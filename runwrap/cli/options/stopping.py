"""Stopping: how a job is ended that has to be."""

from runwrap.cli import values
from runwrap.cli.options import STOPPING, Option
from runwrap.model import durations

OPTIONS: tuple[Option, ...] = (
    Option(names=("-k", "--kill-after"), category=STOPPING, metavar="DURATION",
           parse=durations.parse, default="10s", common=True,
           help="Kill what still runs DURATION after the stop signal; 0 kills at once. If given, a "
                "TERM, INT or QUIT sent to runwrap starts this countdown too."),
    Option(names=("-s", "--signal"), category=STOPPING, metavar="SIGNAL", parse=values.signal,
           default="TERM", common=True,
           help="Send SIGNAL to stop the command: a name, with or without SIG, or a number."),
    Option(names=("--escalate",), category=STOPPING, metavar="STEPS", parse=values.steps,
           contradicts=("signal", "kill_after"),
           help="Stop the command in steps, as QUIT:2s,TERM:10s,KILL: each signal, and how long to "
                "wait after it. KILL is always the last."),
)  # fmt: skip
