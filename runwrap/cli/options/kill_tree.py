"""The options of `kill-tree`. No variables: one set for runs would change whom it ends."""

from runwrap.cli import values
from runwrap.cli.options import GENERAL, STOPPING, TREE, Option
from runwrap.model import durations
from runwrap.model.kill_tree import SCOPES, scopes

OPTIONS = tuple(one.replace(commands=("kill-tree",), variable=False) for one in (
    Option(names=("-s", "--signal"), category=STOPPING, metavar="SIGNAL", parse=values.signal,
           default="TERM", common=True,
           help="Send SIGNAL first: a name, with or without SIG, or a number."),
    Option(names=("-k", "--kill-after"), category=STOPPING, metavar="DURATION",
           parse=durations.parse, default="10s", common=True,
           help="Kill what is left DURATION after that; 0 kills at once."),
    Option(names=("--wait",), category=STOPPING, metavar="DURATION", parse=durations.parse,
           default="5s",
           help="How long the killed may take to be gone before they are told to be left."),
    Option(names=("--keep-root",), category=TREE, common=True,
           help="Spare the processes that are named, and end only what is below them."),
    Option(names=("--also",), category=TREE, metavar="SCOPES", parse=scopes, choices=SCOPES,
           repeats=True,
           help="End also who left the tree but shares SCOPES with its root, as session,group. "
                "session: its session. group: its process group. cgroup: its control group "
                "(version 2), without those below it."),
    Option(names=("--dry-run",), category=GENERAL, common=True,
           help="Draw the trees, and signal nobody."),
    Option(names=("--json",), category=GENERAL,
           help="Print the result for programs: a line of JSON."),
))  # fmt: skip
