"""What is sent at the deadline and after it, to whom, and the exit code that comes of it."""

from tests.support import sh
from tests.timeout_rows.row import (
    DEADLINE,
    FAMILY,
    HANG,
    SPEAKS,
    STUBBORN,
    TIMED_OUT,
    TRAPS,
    Ending,
    Row,
    probe,
    told,
)

RUNAWAY = sh("exec 3<&0; setsid sh -c 'echo >ready; exec cat' <&3 & wait")
IN_TIME = sh("exec 3<&0; cat <&3 & trap 'exit 0' TERM; echo >ready; wait")
# The background child tells that its parent is stopped.
STOPS = (
    "(until grep -q '^State:.T' /proc/$$/status; do :; done; echo >ready) & kill -STOP $$; exit 3"
)
KILLED, KILLED_ALONE = Ending(-9), Ending(137)
TERM_KILL = "TERM to command 'sh'", "KILL to command 'sh'"

DEADLINES = (
    Row("the deadline's code is 124", (".1", *HANG), TIMED_OUT),
    Row("a command that tidies up", ("60", *TRAPS), Ending(124, "tidied\n"), DEADLINE),
    Row("a command that ends with 0 has timed out", ("60", *IN_TIME), TIMED_OUT, DEADLINE),
    Row("SIGALRM is the deadline", ("0", *SPEAKS), TIMED_OUT, DEADLINE),
    Row("status of SIGTERM", ("--preserve-status", ".1", *HANG), Ending(143)),
    Row("status of SIGINT", ("--preserve-status", "-s", "INT", ".1", *HANG), Ending(130)),
    Row("status of 0", ("--preserve-status", "60", *IN_TIME), Ending(), DEADLINE),
    Row(
        "status in the foreground", ("--preserve-status", "--foreground", ".1", *HANG), Ending(143)
    ),
    Row(
        "SIGCONT comes after the signal",
        ("60", *probe("CONT")),
        Ending(124, "CONT TERM\n"),
        DEADLINE,
    ),
    Row(
        "--foreground sends no SIGCONT",
        ("--foreground", "60", *probe("HUP")),
        Ending(124, "HUP TERM\n"),
        (("ALRM",), ("HUP",)),
    ),
    Row("the process group is ended", ("60", *FAMILY), TIMED_OUT, DEADLINE),
    Row(
        "--foreground ends the command alone",
        ("--foreground", "60", *FAMILY),
        Ending(124, left=True),
        DEADLINE,
    ),
    # A descendant that has left the process group: what runwrap takes care of, and GNU doesn't.
    Row(
        "another session is not ended",
        ("60", *RUNAWAY),
        Ending(124, left=True),
        DEADLINE,
        ours=TIMED_OUT,
    ),
    Row("-k kills what stays", ("-k", ".1", "60", *STUBBORN), KILLED, DEADLINE),
    Row(
        "-k in the foreground",
        ("--foreground", "-k", ".1", "60", *STUBBORN),
        KILLED_ALONE,
        DEADLINE,
    ),
    Row(
        "-k with --preserve-status",
        ("--preserve-status", "-k.1", "--foreground", "60", *STUBBORN),
        KILLED_ALONE,
        DEADLINE,
    ),
    Row("-k is not waited for", ("-k", "60", ".1", *HANG), TIMED_OUT),
    Row(
        "-k 0 does not kill",
        ("-k", "0", "60", *probe("HUP")),
        Ending(124, "HUP TERM\n"),
        (("ALRM",), ("HUP",)),
    ),
    Row("-k without a deadline", ("-k", ".1", "0", "sleep", ".3")),
    Row("-k inf does not kill", ("-k", "inf", ".1", *HANG), TIMED_OUT),
    Row("-s KILL kills timeout, too", ("-s", "KILL", ".1", *HANG), KILLED),
    Row("-s 9", ("-s9", ".1", *HANG), KILLED),
    Row("-s KILL with --preserve-status", ("--preserve-status", "-s9", ".1", *HANG), KILLED),
    Row("-s KILL in the foreground", ("--foreground", "-s", "KILL", ".1", *HANG), KILLED_ALONE),
    Row("-s KILL with -k", ("-s", "KILL", "-k", "60", ".1", *HANG), KILLED),
    Row(
        "-s CONT ends nothing",
        ("-s", "CONT", "60", *probe("CONT")),
        Ending(124, "CONT\n"),
        DEADLINE,
    ),
    Row(
        "-s CONT with --preserve-status",
        ("-s", "CONT", "--preserve-status", "60", *probe("CONT", 3)),
        Ending(3, "CONT\n"),
        DEADLINE,
    ),
    Row("-s CONT with -k", ("-s", "CONT", "-k", ".1", ".1", *HANG), KILLED),
    Row(
        "-s 0 still sends SIGCONT",
        ("-s", "0", "60", *probe("CONT")),
        Ending(124, "CONT\n"),
        DEADLINE,
    ),
    Row("-s 0 with -k", ("-s", "0", "-k", ".1", ".1", *HANG), KILLED),
    Row(
        "-s 0 with -k in the foreground", ("--foreground", "-s0", "-k.1", ".1", *HANG), KILLED_ALONE
    ),
    Row("-s EXIT with -k", ("-s", "EXIT", "-k", ".1", ".1", *HANG), KILLED),
    Row("-s STOP stops timeout, too", ("-s", "STOP", ".1", *HANG), Ending(stopped=True)),
    Row(
        "-s STOP keeps -k from killing",
        ("-s", "STOP", "-k", ".1", ".1", *HANG),
        Ending(stopped=True),
    ),
    Row(
        "-s STOP with -k in the foreground",
        ("--foreground", "-s", "STOP", "-k", ".1", ".1", *HANG),
        KILLED_ALONE,
    ),
    Row("-s WINCH with -k", ("-s", "WINCH", "-k", ".1", ".1", *HANG), KILLED),
    Row("a stopped command is ended", ("60", *sh(STOPS)), TIMED_OUT, DEADLINE),
    Row(
        "a stopped command can tidy up",
        ("--preserve-status", "60", *sh(f"trap 'exit 7' TERM; {STOPS}")),
        Ending(7),
        DEADLINE,
    ),
    Row(
        "a stopped command in the foreground needs -k",
        ("--foreground", "-k", ".1", "60", *sh(STOPS)),
        KILLED_ALONE,
        DEADLINE,
    ),
    Row("-v", ("-v", ".1", *HANG), told("TERM to command 'cat'")),
    Row("-v with -k", ("-v", "-k", ".1", "60", *STUBBORN), told(*TERM_KILL, status=-9), DEADLINE),
    Row(
        "-v with -k in the foreground",
        ("-v", "--foreground", "-k", ".1", "60", *STUBBORN),
        told(*TERM_KILL, status=137),
        DEADLINE,
    ),
    Row(
        "-v with -s KILL", ("-v", "-s", "9", ".1", *HANG), told("KILL to command 'cat'", status=-9)
    ),
    Row("-v of a command in time", ("-v", "60", "true")),
    Row(
        "-v quotes a name",
        ("-v", ".1", "./it's", "60"),
        told("TERM to command './it\\'s'"),
        files=(("it's", "#!/bin/sh\nexec cat\n", 0o755),),
    ),
    Row(
        "-v with -s 0",
        ("-v", "-s", "0", "-k", ".1", ".1", *HANG),
        told("0 to command 'cat'", "KILL to command 'cat'", status=-9),
        differs="9.10",
        before=told("EXIT to command 'cat'", "KILL to command 'cat'", status=-9),
    ),
    Row(
        "-v with -s EXIT",
        ("-v", "-s", "EXIT", "-k", ".1", ".1", *HANG),
        told("0 to command 'cat'", "KILL to command 'cat'", status=-9),
        differs="9.10",
        before=told("EXIT to command 'cat'", "KILL to command 'cat'", status=-9),
    ),
)
