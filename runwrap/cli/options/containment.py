"""Containment: who belongs to the job, and what becomes of leaks."""

from runwrap.cli import values
from runwrap.cli.options import CONTAINMENT, LEAKS, Option
from runwrap.model import durations

_TIERS = ("auto", "strict", "reaper", "reaper+cgroup", "group")

OPTIONS: tuple[Option, ...] = (
    Option(names=("--leak",), category=CONTAINMENT, metavar="POLICY", parse=values.one_of(*LEAKS),
           choices=LEAKS, default="kill", common=True,
           help="What to do with processes still running when the command has ended. kill: stop "
                "them, with a warning. wait: wait for them, under the same limits. allow: let them "
                "live. fail: as kill, and exit 123."),
    Option(names=("--leak-timeout",), category=CONTAINMENT, metavar="DURATION",
           parse=durations.parse, default="200ms",
           help="How long such a process may take to end by itself."),
    Option(names=("--contain",), category=CONTAINMENT, metavar="TIER",
           parse=values.one_of(*_TIERS), choices=_TIERS, default="auto",
           help="How to keep hold of the command's descendants. reaper (Linux): all of them. "
                "reaper+cgroup: also in a cgroup of their own, which no storm of forks outruns. "
                "strict (Linux): in a PID namespace, which the kernel ends. "
                "group: its process group, and what is found. auto: reaper, or else group."),
    Option(names=("--die-with-parent",), category=CONTAINMENT,
           help="Kill the job when the process that started runwrap dies."),
)  # fmt: skip
