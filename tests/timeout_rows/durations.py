"""Durations: numbers as strtod reads them, and one letter for the unit."""

from tests.timeout_rows.row import HANG, TIMED_OUT, Ending, Row, complaint, probe


def long(name: str, text: str) -> Row:
    """A duration that the shortest of commands doesn't reach."""
    return Row(name, ("--", text, "true"))


def short(name: str, text: str) -> Row:
    """A duration that comes to an end within this table."""
    return Row(name, ("--", text, *HANG), TIMED_OUT)


def bad(name: str, text: str, shown: str | None = None) -> Row:
    """What is no duration."""
    shown = text if shown is None else shown
    return Row(name, ("--", text, "true"), complaint(f"invalid time interval '{shown}'"))


DURATIONS = (
    Row("0 is no deadline", ("0", "sleep", ".2")),
    Row("-0 is no deadline either", ("--", "-0", "sleep", ".2")),
    Row("0 with a unit is no deadline", ("0d", "sleep", ".2")),
    Row("0 in hexadecimal is no deadline", ("0x0", "sleep", ".2")),
    long("whole seconds", "60"),
    long("seconds by their unit", "60s"),
    long("minutes", "1m"),
    long("hours", "1h"),
    long("days", "1d"),
    long("leading zeros are not octal", "00060"),
    long("a number that ends in its point", "60."),
    long("a hexadecimal number", "0x10"),
    long("a hexadecimal number of seconds", "0x10s"),
    long("days in hexadecimal need an exponent", "0x1p0d"),
    long("inf", "inf"),
    long("infinity in capitals", "INFINITY"),
    long("infinitely many days", "infd"),
    long("infinity with a unit", "infinitys"),
    long("a number too large for a double", "1e400"),
    long("more days than the clock can count", "99999999999d"),
    long("more seconds than the clock can count", "9223372036854775808"),
    long("an exponent and a unit", "1e1m"),
    long("a capital exponent", "6E1"),
    short("a fraction of a second", "0.1"),
    short("a fraction without its zero", ".1"),
    short("a fraction by its unit", ".1s"),
    short("a fraction of a minute", "0.001m"),
    short("a fraction of an hour", ".00003h"),
    short("a fraction of a day", ".000001d"),
    short("a negative exponent", "1e-1"),
    short("a plus sign", "+.1"),
    short("a blank before the number", " .1"),
    short("a tab before the number", "\t.1"),
    short("a hexadecimal fraction", "0x.2"),
    short("a hexadecimal exponent", "0x1p-3"),
    short("d is a digit of a hexadecimal number", "0x0.1d"),
    short("a microsecond", "0.000001"),
    short("a nanosecond", "1e-9"),
    short("less than a nanosecond is rounded up", "1e-300"),
    Row(
        "a number too small for a double is a deadline at once",
        ("1e-10000", "sleep", "1"),
        TIMED_OUT,
        differs="9.8",
        before=Ending(),
    ),
    Row(
        "one too small for a long double even in days",
        ("1e-10000d", "sleep", "1"),
        TIMED_OUT,
        differs="9.8",
        before=Ending(),
    ),
    Row(
        "one too small for a double as the time to kill",
        ("-k", "1e-10000", "60", *probe("HUP")),
        Ending(-9),
        sends=(("ALRM",), ("HUP",)),
        differs="9.8",
        before=Ending(124, "HUP TERM\n"),
    ),
    bad("nan is no duration", "nan"),
    bad("nan in capitals is none", "NAN"),
    bad("an empty duration", ""),
    bad("a blank duration", " "),
    bad("a blank after the number", "5 "),
    bad("a blank before the unit", "5 s"),
    bad("a newline after the number", "5\n", "5\\n"),
    bad("an underscore in the number", "1_0"),
    bad("a comma in the C locale", "1,5"),
    bad("Arabic digits", "\u0663", "\\331\\243"),
    bad("milliseconds", "5ms"),
    bad("two units", "5sm"),
    bad("digits after the unit", "1d1"),
    bad("a unit in capitals", "42D"),
    bad("seconds in capitals", "5S"),
    bad("a unit that there is not", "5w"),
    bad("a unit alone", "s"),
    bad("a point alone", "."),
    bad("a sign alone", "+"),
    bad("a minus sign alone", "-"),
    bad("an exponent without digits", "1e"),
    bad("a hexadecimal prefix without digits", "0x"),
    bad("a hexadecimal exponent without digits", "0xp1"),
    bad("a negative number", "-1"),
    bad("a negative infinity", "-inf"),
    bad("a negative number with a unit", "-1s"),
    bad("a part of infinity", "infinit"),
    bad("a word", "soon"),
    bad("a quote is shown with a backslash", "5'", "5\\'"),
)
