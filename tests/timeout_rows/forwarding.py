"""Signals that timeout gets while its command runs."""

from tests.timeout_rows.row import FAMILY, SPEAKS, STUBBORN, Ending, Row, probe, told


def passed_on(name: str, *options: str) -> Row:
    """A signal that every version passes on; the command ends with 5."""
    how = " ".join(("", *options))
    return Row(
        f"{name} is passed on{how}",
        (*options, "60", *probe(name)),
        Ending(5, f"{name}\n"),
        ((name,),),
    )


def newly(name: str, number: int, proved: bool = True) -> Row:
    """A signal that killed timeout alone, and left the command behind, up to 9.9."""
    return Row(
        f"{name} is passed on",
        ("60", *probe(name)),
        Ending(5, f"{name}\n"),
        ((name,),),
        differs="9.10",
        before=Ending(-number, left=True),
        proved=proved,
    )


FORWARDING = (
    passed_on("HUP"),
    passed_on("INT"),
    passed_on("QUIT"),
    passed_on("TERM"),
    passed_on("HUP", "--foreground"),
    passed_on("TERM", "--foreground"),
    passed_on("USR1", "-s", "USR1"),
    passed_on("RTMIN+1", "-s", "RTMIN+1"),
    passed_on("TERM", "-s", "INT"),
    newly("USR1", 10),
    newly("USR2", 12),
    newly("PIPE", 13),
    newly("VTALRM", 26, proved=False),
    newly("RTMIN+1", 35),
    Row("the command dies of what is passed on", ("60", *SPEAKS), Ending(-15), (("TERM",),)),
    Row("it dies of SIGHUP", ("60", *SPEAKS), Ending(-1), (("HUP",),)),
    Row(
        "it dies of SIGINT in the foreground",
        ("--foreground", "60", *SPEAKS),
        Ending(-2),
        (("INT",),),
    ),
    Row(
        "--preserve-status does not matter",
        ("--preserve-status", "60", *SPEAKS),
        Ending(-15),
        (("TERM",),),
    ),
    Row("no deadline does not matter", ("0", *SPEAKS), Ending(-15), (("TERM",),)),
    Row(
        "it dies of SIGUSR1",
        ("60", *SPEAKS),
        Ending(-10),
        (("USR1",),),
        differs="9.10",
        before=Ending(-10, left=True),
    ),
    Row(
        "SIGCONT comes after what is passed on",
        ("60", *probe("CONT")),
        Ending(5, "CONT HUP\n"),
        (("HUP",),),
    ),
    Row(
        "two different signals",
        ("60", *probe("QUIT")),
        Ending(5, "HUP QUIT\n"),
        (("HUP",), ("QUIT",)),
    ),
    Row(
        "the group gets it, too",
        ("60", *FAMILY),
        Ending(-15),
        (("TERM",),),
    ),
    Row(
        "--foreground passes it to the command alone",
        ("--foreground", "60", *FAMILY),
        Ending(-15, left=True),
        (("TERM",),),
    ),
    Row(
        "a signal of no harm is not passed on",
        ("60", *probe("TERM")),
        Ending(5, "TERM\n"),
        (("WINCH", "URG", "TERM"),),
    ),
    Row(
        "SIGTTIN and SIGTTOU are not passed on",
        ("60", *probe("TERM")),
        Ending(5, "TERM\n"),
        (("TTIN", "TTOU", "TERM"),),
    ),
    Row(
        "SIGCHLD from elsewhere is no end",
        ("60", *probe("TERM")),
        Ending(5, "TERM\n"),
        (("CHLD", "TERM"),),
    ),
    Row(
        "-k kills after what is passed on", ("-k", ".1", "60", *STUBBORN), Ending(-9), (("TERM",),)
    ),
    Row(
        "-k kills after what is passed on in the foreground",
        ("--foreground", "-k", ".1", "60", *STUBBORN),
        Ending(137),
        (("TERM",),),
    ),
    Row(
        "-k kills without a deadline after it",
        ("-k", ".1", "0", *STUBBORN),
        Ending(-9),
        (("TERM",),),
    ),
    Row("-k kills after SIGHUP, too", ("-k", ".1", "60", *probe("TERM")), Ending(-9), (("HUP",),)),
    Row(
        "-v tells what is passed on",
        ("-v", "60", *SPEAKS),
        told("HUP to command 'sh'", status=-1),
        (("HUP",),),
    ),
    Row(
        "-v tells of the kill after it",
        ("-v", "-k", ".1", "60", *STUBBORN),
        told("TERM to command 'sh'", "KILL to command 'sh'", status=-9),
        (("TERM",),),
    ),
    Row(
        "a deadline after a signal passed on counts",
        ("60", *probe("TERM")),
        Ending(124, "HUP TERM\n"),
        (("HUP",), ("ALRM",)),
    ),
    Row(
        "the command dies with a timeout that is killed",
        ("60", *SPEAKS),
        Ending(-9),
        (("KILL",),),
        differs="9.10",
        before=Ending(-9, left=True),
    ),
    Row(
        "it dies with one in the foreground, too",
        ("--foreground", "60", *SPEAKS),
        Ending(-9),
        (("KILL",),),
        differs="9.10",
        before=Ending(-9, left=True),
    ),
)
