"""Every option of what runs a job: commands, manual and completions are made from this table.

Parsers raise ValueError, with a text that says what is accepted.
"""

from runwrap.cli import values
from runwrap.model import Record, durations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

LIMITS, SIGNALS, TREE, COMMAND, OUTPUT, CONTAINMENT, GENERAL = (
    "Limits", "Stopping", "The tree", "The command", "Files", "Containment", "General",
)  # fmt: skip
CATEGORIES = (LIMITS, SIGNALS, TREE, COMMAND, OUTPUT, CONTAINMENT, GENERAL)


class Option(Record):
    """One option.

    `field` is the Request's field it sets. `parse` turns its text into a value; a flag has none
    and means True. `metavar` names the value. `commands` are the subcommands that have it, and
    `completes` is what a shell offers for its value: choices, or duration, signal, file, folder,
    variable, number. `variable`: a RUNWRAP_ environment variable gives its default. `contradicts`
    are fields whose variables give way to it, and it to their options.
    """

    field: str
    names: tuple[str, ...]
    category: str
    help: str
    parse: "Callable[[str], object] | None" = None
    metavar: str = ""
    default: str = ""
    choices: tuple[str, ...] = ()
    completes: str = ""
    repeats: bool = False
    variable: bool = True
    contradicts: tuple[str, ...] = ()
    commands: tuple[str, ...] = ("run", "pipe")

    @property
    def environment_variable(self) -> str | None:
        """Return the name of the variable that gives the default, None if there is none."""
        return "RUNWRAP_" + self.field.upper() if self.variable else None


_DROP_IN = ("timeout",)  # its variables are GNU's: none
_PIPE = ("pipe",)
_RULES = ("sigpipe-ok", "strict", "last")
_SESSIONS = ("auto", "new", "foreground")
_LEAKS = ("kill", "wait", "allow", "fail")
_TIERS = ("auto", "strict", "reaper", "reaper+cgroup", "group")

OPTIONS: tuple[Option, ...] = (
    Option(
        field="timeout", names=("-t", "--timeout"), category=LIMITS, metavar="DURATION",
        parse=durations.parse, completes="duration", default="no limit",
        help="Stop the command after DURATION. 0 or inf means no limit.",
    ),
    Option(
        field="kill_after", names=("-k", "--kill-after"), category=SIGNALS, metavar="DURATION",
        parse=durations.parse, completes="duration", default="10s",
        help="Kill what still runs DURATION after the stop signal; 0 kills at once. If given, a "
             "TERM, INT or QUIT sent to runwrap starts this countdown too.",
    ),
    Option(
        field="signal", names=("-s", "--signal"), category=SIGNALS, metavar="SIGNAL",
        parse=values.signal, completes="signal", default="TERM",
        help="Send SIGNAL to stop the command: a name, with or without SIG, or a number.",
    ),
    Option(
        field="escalate", names=("--escalate",), category=SIGNALS, metavar="STEPS",
        parse=values.steps, contradicts=("signal", "kill_after"),
        help="Stop the command in steps, as QUIT:2s,TERM:10s,KILL: each signal, and how long to "
             "wait after it. KILL is always the last.",
    ),
    Option(
        field="file", names=("--file",), category=COMMAND, metavar="FILE", parse=values.path,
        completes="file", variable=False, commands=_PIPE,
        help="Read the pipeline from FILE. There a line may end after a bar, and one that begins "
             "with # is a comment.",
    ),
    Option(
        field="pipefail", names=("--pipefail",), category=COMMAND, metavar="RULE",
        parse=values.one_of(*_RULES),
        choices=_RULES, default="sigpipe-ok", commands=_PIPE,
        help="Whose status the pipeline has. sigpipe-ok: the last failed stage's, where death by "
             "SIGPIPE before the last stage is no failure. strict: the last failed stage's. last: "
             "the last stage's.",
    ),
    Option(
        field="foreground", names=("-f", "--foreground"), category=COMMAND,
        contradicts=("session",),
        help="Keep the command in runwrap's own session and process group; the same as --session "
             "foreground.",
    ),
    Option(
        field="session", names=("--session",), category=COMMAND, metavar="WHERE",
        parse=values.one_of(*_SESSIONS), choices=_SESSIONS,
        default="auto",
        help="Where the command runs. auto: from an interactive shell a group of its own, in "
             "a script or pipeline runwrap's own group, without a terminal a new session. new: "
             "always a new session. foreground: runwrap's own process group.",
    ),
    Option(
        field="chdir", names=("-C", "--chdir"), category=COMMAND, metavar="DIR", parse=values.path,
        completes="folder",
        help="Run the command in DIR. A relative command is still seen from here, and so are files "
             "that options name.",
    ),
    Option(
        field="env", names=("-e", "--env"), category=COMMAND, metavar="NAME=VALUE",
        parse=values.assignment, completes="variable", repeats=True, variable=False,
        help="Set a variable in the command's environment.",
    ),
    Option(
        field="unset", names=("-u", "--unset"), category=COMMAND, metavar="NAME",
        parse=values.variable_name, completes="variable", repeats=True, variable=False,
        help="Remove a variable from the command's environment.",
    ),
    Option(
        field="clean_env", names=("--clean-env",), category=COMMAND,
        help="Start the command with an empty environment, but for what --env sets.",
    ),
    Option(
        field="umask", names=("--umask",), category=COMMAND, metavar="MODE", parse=values.umask,
        completes="number", help="Set the command's file mode creation mask, in octal.",
    ),
    Option(
        field="nice", names=("--nice",), category=COMMAND, metavar="N", parse=values.niceness,
        completes="number", help="Add N to the command's niceness (-40 to 40).",
    ),
    Option(
        field="stdin", names=("--stdin",), category=OUTPUT, metavar="FILE", parse=values.path,
        completes="file", help="Read the command's standard input from FILE.",
    ),
    Option(
        field="stdout", names=("--stdout",), category=OUTPUT, metavar="FILE", parse=values.path,
        completes="file", help="Write the command's standard output to FILE.",
    ),
    Option(
        field="stderr", names=("--stderr",), category=OUTPUT, metavar="FILE", parse=values.path,
        completes="file",
        help="Write the command's standard error to FILE, which may be the same as --stdout's.",
    ),
    Option(
        field="append", names=("--append",), category=OUTPUT, variable=False,
        help="Append to the files of --stdout and --stderr instead of emptying them.",
    ),
    Option(
        field="leak", names=("--leak",), category=CONTAINMENT, metavar="POLICY",
        parse=values.one_of(*_LEAKS),
        choices=_LEAKS, default="kill",
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
    Option(
        field="verbose", names=("-v", "--verbose"), category=GENERAL,
        help="Say what is done: each signal sent, the tree of what was running before the first, "
             "and how the command ended.",
    ),
    Option(
        field="report", names=("--report",), category=GENERAL, metavar="FILE", parse=values.path,
        completes="file", variable=False,
        help="Write to FILE what happened, as JSON; runwrap-report(5) describes it.",
    ),
    Option(
        field="dry_run", names=("--dry-run",), category=GENERAL, variable=False,
        help="Print what would be done, and do nothing.",
    ),
    Option(
        field="json", names=("--json",), category=GENERAL, variable=False, commands=_PIPE,
        help="Print the plan as JSON, with --dry-run.",
    ),
    Option(
        field="foreground", names=("-f", "--foreground"), category=COMMAND, variable=False,
        commands=_DROP_IN,
        help="Leave the command in the caller's process group, so that it can use the terminal; "
             "what it starts is not timed out.",
    ),
    Option(
        field="kill_after", names=("-k", "--kill-after"), category=SIGNALS, metavar="DURATION",
        parse=values.interval, completes="duration", variable=False, commands=_DROP_IN,
        help="Kill the command if it still runs DURATION after the first signal; 0 means never.",
    ),
    Option(
        field="preserve_status", names=("-p", "--preserve-status"), category=GENERAL,
        variable=False, commands=_DROP_IN,
        help="Exit with the command's own status even when it timed out.",
    ),
    Option(
        field="signal", names=("-s", "--signal"), category=SIGNALS, metavar="SIGNAL",
        parse=values.signal_operand, completes="signal", default="TERM", variable=False,
        commands=_DROP_IN,
        help="Send SIGNAL at the time limit: a name, with or without SIG, or a number.",
    ),
    Option(
        field="verbose", names=("-v", "--verbose"), category=GENERAL, variable=False,
        commands=_DROP_IN, help="Say on standard error which signals are sent.",
    ),
    Option(
        field="leak", names=("--leak",), category=CONTAINMENT, metavar="POLICY",
        parse=values.one_of(*_LEAKS),
        choices=_LEAKS, default="allow", variable=False,
        commands=_DROP_IN,
        help="What to do with processes still running when the command has ended. allow: let "
             "them live, as GNU does. kill: stop them, with a warning. wait: wait for them, under "
             "the same limit. fail: as kill, and exit 123.",
    ),
)  # fmt: skip


def options_of(command: str) -> list[Option]:
    """Return the options that a subcommand has, in the table's order."""
    if command == "kill-tree":
        from runwrap.cli.tree_options import OPTIONS as of_trees

        return list(of_trees)
    return [option for option in OPTIONS if command in option.commands]
