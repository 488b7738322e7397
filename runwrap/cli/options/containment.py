"""Containment: who belongs to the job, and what becomes of leaks."""

from runwrap.cli import values
from runwrap.cli.options import CONTAINMENT, Option
from runwrap.model import durations

_LEAKS = ("kill", "wait", "allow", "fail")
_TIERS = ("auto", "strict", "reaper", "reaper+cgroup", "group")

OPTIONS: tuple[Option, ...] = (
    Option(
        field="leak", names=("--leak",), category=CONTAINMENT, metavar="POLICY",
        parse=values.one_of(*_LEAKS),
        choices=_LEAKS, default="kill",
        common=True,
        help="What to do with processes still running when the command has ended. kill: stop "
             "them, with a warning. wait: wait for them, under the same limits. allow: let them "
             "live. fail: as kill, and exit 123.",
    ),
    Option(
        field="leak_timeout", names=("--leak-timeout",), category=CONTAINMENT, metavar="DURATION",
        parse=durations.parse, completes="duration", default="200ms",
        help="How long such a process may take to end by itself.",
    ),
    Option(
        field="contain", names=("--contain",), category=CONTAINMENT, metavar="TIER",
        parse=values.one_of(*_TIERS), default="auto",
        choices=_TIERS,
        help="How to keep hold of the command's descendants. reaper (Linux): all of them. "
             "reaper+cgroup: also in a cgroup of their own, which no storm of forks outruns. "
             "strict (Linux): in a PID namespace, which the kernel ends. "
             "group: its process group, and what is found. auto: reaper, or else group.",
    ),
    Option(
        field="die_with_parent", names=("--die-with-parent",), category=CONTAINMENT,
        help="Kill the job when the process that started runwrap dies.",
    ),
)  # fmt: skip
