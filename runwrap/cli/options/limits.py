"""Limits: when a job is stopped."""

from runwrap.cli.options import LIMITS, Option
from runwrap.model import durations

OPTIONS: tuple[Option, ...] = (
    Option(names=("-t", "--timeout"), category=LIMITS, metavar="DURATION", parse=durations.parse,
           default="no limit", common=True,
           help="Stop the command after DURATION. 0 or inf means no limit."),
)  # fmt: skip
