"""The options of `kill-tree`.

No variables: one that was set for runs would change whom a later kill-tree ends.
"""

from runwrap.cli import values
from runwrap.cli.options import GENERAL, STOPPING, TREE, Option
from runwrap.model import durations
from runwrap.model.kill_tree import SCOPES, scopes

_HERE = ("kill-tree",)

OPTIONS: tuple[Option, ...] = (
    Option(
        field="signal", names=("-s", "--signal"), category=STOPPING, metavar="SIGNAL",
        parse=values.signal, completes="signal", default="TERM", variable=False, commands=_HERE,
        common=True,
        help="Send SIGNAL first: a name, with or without SIG, or a number.",
    ),
    Option(
        field="kill_after", names=("-k", "--kill-after"), category=STOPPING, metavar="DURATION",
        parse=durations.parse, completes="duration", default="10s", variable=False,
        commands=_HERE,
        common=True,
        help="Kill what is left DURATION after that; 0 kills at once.",
    ),
    Option(
        field="wait", names=("--wait",), category=STOPPING, metavar="DURATION",
        parse=durations.parse, completes="duration", default="5s", variable=False, commands=_HERE,
        help="How long the killed may take to be gone before they are told to be left.",
    ),
    Option(
        field="keep_root", names=("--keep-root",), category=TREE, variable=False, commands=_HERE,
        common=True,
        help="Spare the processes that are named, and end only what is below them.",
    ),
    Option(
        field="also", names=("--also",), category=TREE, metavar="SCOPES", parse=scopes,
        choices=SCOPES, repeats=True, variable=False, commands=_HERE,
        help="End also who left the tree but shares SCOPES with its root, as session,group. "
             "session: its session. group: its process group. cgroup: its control group "
             "(version 2), without those below it.",
    ),
    Option(
        field="dry_run", names=("--dry-run",), category=GENERAL, variable=False, commands=_HERE,
        common=True,
        help="Draw the trees, and signal nobody.",
    ),
    Option(
        field="json", names=("--json",), category=GENERAL, variable=False, commands=_HERE,
        help="Print the result for programs: a line of JSON.",
    ),
)  # fmt: skip
