"""Commands that end before the deadline, and commands that can't be started."""

from tests.support import sh
from tests.timeout_rows.row import NO_FILE, Ending, Row, not_run

DENIED = "Permission denied"
SAYS = "echo said $1\n"
LONG = "x" * 300


def code(number: int) -> Row:
    return Row(f"the command's code {number}", ("60", *sh(f"exit {number}")), Ending(number))


def dies_of(name: str, number: int) -> Row:
    return Row(f"death by {name} is passed on", ("60", *sh(f"kill -{name} $$")), Ending(-number))


def script(text: str, mode: int = 0o755, name: str = "script") -> tuple[tuple[str, str, int], ...]:
    return ((name, text, mode),)


ENDINGS = (
    *(code(number) for number in (0, 1, 2, 42, 123, 124, 125, 126, 127, 128, 137, 143, 255)),
    Row(
        "--preserve-status without a deadline",
        ("--preserve-status", "60", *sh("exit 9")),
        Ending(9),
    ),
    Row("--foreground without a deadline", ("--foreground", "60", *sh("exit 9")), Ending(9)),
    dies_of("HUP", 1),
    dies_of("INT", 2),
    dies_of("QUIT", 3),
    dies_of("ABRT", 6),
    dies_of("KILL", 9),
    dies_of("USR1", 10),
    dies_of("SEGV", 11),
    dies_of("PIPE", 13),
    dies_of("ALRM", 14),
    dies_of("TERM", 15),
    dies_of("35", 35),
    Row(
        "death by a signal with --preserve-status",
        ("--preserve-status", "60", *sh("kill -TERM $$")),
        Ending(-15),
    ),
    Row("death by a signal in the foreground", ("--foreground", "60", *sh("kill $$")), Ending(-15)),
    Row("death by -s's own signal in time", ("-s", "INT", "60", *sh("kill -INT $$")), Ending(-2)),
    Row(
        "a core dump is told",
        ("60", *sh("kill -QUIT $$")),
        Ending(-3, err="{me}the monitored command dumped core\n"),
        core=True,
    ),
    Row(
        "the output is the command's",
        ("60", *sh("echo out; echo err >&2")),
        Ending(0, "out\n", "err\n"),
    ),
    Row("the input is the command's", ("60", "cat"), Ending(0, "line\n"), stdin="line\n"),
    Row(
        "the environment is the command's",
        ("60", *sh("echo $NAME")),
        Ending(0, "value\n"),
        env=(("NAME", "value"),),
    ),
    Row(
        "empty words are passed on",
        ("60", *sh('echo $# "[$1]"'), "sh", "", ""),
        Ending(0, "2 []\n"),
    ),
    Row(
        "a child left behind lives on",
        ("60", *sh("exec 3<&0; cat <&3 & exit 3")),
        Ending(3, left=True),
    ),
    Row(
        "one in the foreground, too",
        ("--foreground", "60", *sh("exec 3<&0; cat <&3 & exit 3")),
        Ending(3, left=True),
    ),
    Row(
        "a command not in PATH", ("60", "no-such-command"), not_run("no-such-command", NO_FILE, 127)
    ),
    Row("a path that is not there", ("60", "./missing"), not_run("./missing", NO_FILE, 127)),
    Row("an empty name", ("60", ""), not_run("", NO_FILE, 127)),
    Row("a name with a blank", ("60", "a b"), not_run("a b", NO_FILE, 127)),
    Row("a name with a quote", ("60", "it's"), not_run("it\\'s", NO_FILE, 127)),
    Row("a name with a backslash", ("60", "a\\b"), not_run("a\\\\b", NO_FILE, 127)),
    Row("a name with a newline", ("60", "a\nb"), not_run("a\\nb", NO_FILE, 127)),
    Row("a name with an escape character", ("60", "a\033b"), not_run("a\\033b", NO_FILE, 127)),
    Row("a name not in ASCII", ("60", "\u00e9"), not_run("\\303\\251", NO_FILE, 127)),
    Row("a folder", ("60", "/"), not_run("/", DENIED, 126)),
    Row("a point", ("60", "."), not_run(".", DENIED, 126)),
    Row(
        "a file without permission",
        ("60", "./script"),
        not_run("./script", DENIED, 126),
        files=script(SAYS, 0o644),
    ),
    Row(
        "a path through a file",
        ("60", "./script/x"),
        not_run("./script/x", "Not a directory", 126),
        files=script(SAYS),
    ),
    Row("a path too long", ("60", f"./{LONG}"), not_run(f"./{LONG}", "File name too long", 126)),
    Row(
        "a missing interpreter",
        ("60", "./script"),
        not_run("./script", NO_FILE, 127),
        files=script("#!/no/such\n"),
    ),
    Row(
        "text without an interpreter",
        ("60", "./script", "it"),
        Ending(0, "said it\n"),
        files=script(SAYS),
    ),
    Row(
        "text without an interpreter, found in PATH",
        ("60", "script", "it"),
        Ending(0, "said it\n"),
        env=(("PATH", "{folder}:{PATH}"),),
        files=script(SAYS),
    ),
    Row(
        "a file in PATH without permission",
        ("60", "tool"),
        not_run("tool", DENIED, 126),
        env=(("PATH", "{folder}:{PATH}"),),
        files=script(SAYS, 0o644, "tool"),
    ),
    Row(
        "a failed start in the foreground",
        ("--foreground", "60", "./missing"),
        not_run("./missing", NO_FILE, 127),
    ),
    Row(
        "a failed start with --preserve-status",
        ("--preserve-status", "60", "/"),
        not_run("/", DENIED, 126),
    ),
    Row(
        "a failed start without a deadline", ("0", "./missing"), not_run("./missing", NO_FILE, 127)
    ),
)
