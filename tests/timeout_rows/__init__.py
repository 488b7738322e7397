"""GNU's timeout as a table: the current release, and where 9.1 was different."""

from tests.timeout_rows.caller import CALLER
from tests.timeout_rows.deadline import DEADLINES
from tests.timeout_rows.durations import DURATIONS
from tests.timeout_rows.endings import ENDINGS
from tests.timeout_rows.forwarding import FORWARDING
from tests.timeout_rows.manual import MANUAL
from tests.timeout_rows.options import OPTIONS
from tests.timeout_rows.row import Ending, Row
from tests.timeout_rows.signal_names import SIGNAL_NAMES

ROWS = {
    "caller": CALLER,
    "deadline": DEADLINES,
    "duration": DURATIONS,
    "ending": ENDINGS,
    "forwarding": FORWARDING,
    "manual": MANUAL,
    "option": OPTIONS,
    "signal": SIGNAL_NAMES,
}

__all__ = ["ROWS", "Ending", "Row"]
