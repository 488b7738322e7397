"""General: what is told, and to whom."""

from runwrap.cli import values
from runwrap.cli.options import GENERAL, Option

OPTIONS: tuple[Option, ...] = (
    Option(names=("-v", "--verbose"), category=GENERAL, common=True,
           help="Say what is done: each signal sent, the tree of what was running before the "
                "first, and how the command ended."),
    Option(names=("--report",), category=GENERAL, metavar="FILE", parse=values.path,
           variable=False, common=True,
           help="Write to FILE what happened, as JSON; runwrap-report(5) describes it."),
    Option(names=("--dry-run",), category=GENERAL, variable=False,
           help="Print what would be done, and do nothing."),
    Option(names=("--json",), category=GENERAL, variable=False, commands=("pipe",),
           help="Print the plan as JSON, with --dry-run."),
)  # fmt: skip
