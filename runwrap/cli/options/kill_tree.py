"""The options of `kill-tree`.

No variables: one that was set for runs would change whom a later kill-tree ends.
"""

from runwrap.cli import values
from runwrap.cli.options import GENERAL, STOPPING, TREE, Option
from runwrap.model import durations
from runwrap.model.kill_tree import SCOPES, scopes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_HERE: "dict[str, Any]" = {"commands": ("kill-tree",), "variable": False}

OPTIONS: tuple[Option, ...] = (
    Option(names=("-s", "--signal"), category=STOPPING, metavar="SIGNAL", parse=values.signal,
           default="TERM", common=True, **_HERE,
           help="Send SIGNAL first: a name, with or without SIG, or a number."),
    Option(names=("-k", "--kill-after"), category=STOPPING, metavar="DURATION",
           parse=durations.parse, default="10s", common=True, **_HERE,
           help="Kill what is left DURATION after that; 0 kills at once."),
    Option(names=("--wait",), category=STOPPING, metavar="DURATION", parse=durations.parse,
           default="5s", **_HERE,
           help="How long the killed may take to be gone before they are told to be left."),
    Option(names=("--keep-root",), category=TREE, common=True, **_HERE,
           help="Spare the processes that are named, and end only what is below them."),
    Option(names=("--also",), category=TREE, metavar="SCOPES", parse=scopes, choices=SCOPES,
           repeats=True, **_HERE,
           help="End also who left the tree but shares SCOPES with its root, as session,group. "
                "session: its session. group: its process group. cgroup: its control group "
                "(version 2), without those below it."),
    Option(names=("--dry-run",), category=GENERAL, common=True, **_HERE,
           help="Draw the trees, and signal nobody."),
    Option(names=("--json",), category=GENERAL, **_HERE,
           help="Print the result for programs: a line of JSON."),
)  # fmt: skip
