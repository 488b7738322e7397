"""Signals by name and number, as --verbose tells them when the deadline has come."""

from tests.timeout_rows.row import DEADLINE, Ending, Row, complaint, probe, told


def sent(name: str, word: str, signal: str, shown: str = "") -> Row:
    """A signal that the command gets; `shown` is how --verbose calls it."""
    wanted = told(f"{shown or signal} to command 'env'")
    return Row(
        name,
        ("-v", "-s", word, "60", "env", *probe(signal)),
        Ending(124, f"{signal}\n", wanted.err),
        DEADLINE,
    )


def taken(name: str, word: str) -> Row:
    """A signal that is valid; no deadline comes."""
    return Row(name, ("-s", word, "60", "true"))


def bad(name: str, word: str, shown: str | None = None) -> Row:
    shown = word if shown is None else shown
    return Row(name, ("-s", word, "60", "true"), complaint(f"'{shown}': invalid signal"))


SIGNAL_NAMES = (
    sent("a name", "HUP", "HUP"),
    sent("a name in small letters", "int", "INT"),
    sent("a name with SIG", "SIGQUIT", "QUIT"),
    sent("a name with SIG in mixed letters", "SigUsr1", "USR1"),
    sent("a number", "12", "USR2"),
    sent("a number with zeros is not octal", "0010", "USR1"),
    sent("a number with SIG", "SIG1", "HUP"),
    sent("a shell's code for death by a signal", "130", "INT"),
    sent("a Korn shell's code for it", "258", "INT"),
    sent("RTMIN+1", "RTMIN+1", "RTMIN+1"),
    sent("RTMIN+1 in small letters with SIG", "sigrtmin+1", "RTMIN+1"),
    sent("RTMIN+1 by its number", "35", "RTMIN+1"),
    sent("RTMAX-1 is counted from the end", "RTMAX-1", "RTMIN+29", "RTMAX-1"),
    sent("IOT is ABRT", "IOT", "ABRT"),
    sent("POLL is POLL", "POLL", "IO", "POLL"),
    sent("IO is POLL", "IO", "IO", "POLL"),
    sent("WINCH, which is ignored by default", "WINCH", "WINCH"),
    sent("PWR", "PWR", "PWR"),
    taken("CHLD is valid", "CHLD"),
    taken("CLD is valid", "CLD"),
    taken("EXIT is valid", "EXIT"),
    taken("exit with SIG is valid", "sigexit"),
    taken("0 is valid", "0"),
    taken("128 is 0", "128"),
    taken("256 is 0", "256"),
    taken("RTMIN is valid", "RTMIN"),
    taken("RTMAX is valid", "RTMAX"),
    taken("RTMIN+30 is RTMAX", "RTMIN+30"),
    taken("STOP is valid", "STOP"),
    bad("a name that there is not", "FOO"),
    bad("an empty signal", ""),
    bad("SIG alone", "SIG"),
    bad("SIG twice", "SIGSIGTERM"),
    bad("a negative number", "-1"),
    bad("a number with a sign", "+9"),
    bad("a number with a blank", "9 "),
    bad("a hexadecimal number", "0x9"),
    bad("a fraction", "9.0"),
    bad("the C library's own signals", "32"),
    bad("a number above the last signal", "65"),
    bad("127", "127"),
    bad("a shell's code above the last signal", "193"),
    bad("255", "255"),
    bad("a number too large for an int", "4294967305"),
    bad("RTMIN without its number", "RTMIN+"),
    bad("RTMIN+31", "RTMIN+31"),
    bad("RTMAX+1", "RTMAX+1"),
    bad("two signals", "INT,TERM"),
    bad("Arabic digits", "\u0669", "\\331\\251"),
)
