"""The examples of GNU's manual (coreutils, "timeout invocation"), ten times as fast."""

from tests.timeout_rows.row import Ending, Row

DEAF = ("env", "--ignore-signal=INT", "sleep", "2")

MANUAL = (
    Row("a short command is not timed out", ("2", "sleep", "0.1"), Ending(0)),
    Row("INT ends a long command", ("-s", "INT", ".5", "sleep", "2"), Ending(124)),
    Row("a command that ignores INT ends regularly", ("-s", "INT", ".5s", *DEAF), Ending(124)),
    Row("KILL comes after INT", ("-s", "INT", "-k", ".3s", ".5s", *DEAF), Ending(-9)),
)
