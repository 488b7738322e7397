"""The command: where and with what it runs."""

from runwrap.cli import values
from runwrap.cli.options import COMMAND, Option

_RULES = ("sigpipe-ok", "strict", "last")
_SESSIONS = ("auto", "new", "foreground")

OPTIONS: tuple[Option, ...] = (
    Option(names=("--file",), category=COMMAND, metavar="FILE", parse=values.path, variable=False,
           commands=("pipe",), common=True,
           help="Read the pipeline from FILE. There a line may end after a bar, and one that "
                "begins with # is a comment."),
    Option(names=("--pipefail",), category=COMMAND, metavar="RULE", parse=values.one_of(*_RULES),
           choices=_RULES, default="sigpipe-ok", commands=("pipe",),
           help="Whose status the pipeline has. sigpipe-ok: the last failed stage's, where death "
                "by SIGPIPE before the last stage is no failure. strict: the last failed stage's. "
                "last: the last stage's."),
    Option(names=("-f", "--foreground"), category=COMMAND, contradicts=("session",),
           help="Keep the command in runwrap's own session and process group; the same as "
                "--session foreground."),
    Option(names=("--session",), category=COMMAND, metavar="WHERE", choices=_SESSIONS,
           parse=values.one_of(*_SESSIONS), default="auto",
           help="Where the command runs. auto: from an interactive shell a group of its own, in a "
                "script or pipeline runwrap's own group, without a terminal a new session. new: "
                "always a new session. foreground: runwrap's own process group."),
    Option(names=("-C", "--chdir"), category=COMMAND, metavar="DIR", parse=values.path, common=True,
           help="Run the command in DIR. A relative command is still seen from here, and so are "
                "files that options name."),
    Option(names=("-e", "--env"), category=COMMAND, metavar="NAME=VALUE", parse=values.assignment,
           repeats=True, variable=False, common=True,
           help="Set a variable in the command's environment."),
    Option(names=("-u", "--unset"), category=COMMAND, metavar="NAME", parse=values.variable_name,
           repeats=True, variable=False, help="Remove a variable from the command's environment."),
    Option(names=("--clean-env",), category=COMMAND,
           help="Start the command with an empty environment, but for what --env sets."),
    Option(names=("--umask",), category=COMMAND, metavar="MODE", parse=values.umask,
           help="Set the command's file mode creation mask, in octal."),
    Option(names=("--nice",), category=COMMAND, metavar="N", parse=values.niceness,
           help="Add N to the command's niceness (-40 to 40)."),
)  # fmt: skip
