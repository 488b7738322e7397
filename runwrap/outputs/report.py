"""What `--report` adds to a run: a file that can be written, before; what happened, after."""

import os
import time

import runwrap
from runwrap.outputs.report_file import ReportFile
from runwrap.report import FAILED, Exit
from runwrap.report.outcome_json import Run, describe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from runwrap.model.outcome import Outcome
    from runwrap.model.plan import Plan


class Report:
    """The report of one run, to be made before it starts."""

    def __init__(self, path: str) -> None:
        """Raise OSError where it could not be written in the end."""
        self._path, self._file, self._start = path, ReportFile(path), time.time()

    def finish(
        self, plan: "Plan", outcome: "Outcome", how: Exit, say: "Callable[[str], None]"
    ) -> Exit:
        """Write what happened; return how to end, which is a failure where that can't be done."""
        run = Run(version=runwrap.__version__, pid=os.getpid(), start=self._start, end=time.time())
        try:
            self._file.write(describe(plan, outcome, how, run))
        except OSError as error:
            say(refusal(self._path, error))
            return Exit(code=FAILED)
        return how


def refusal(path: str, error: OSError) -> str:
    """Return what to say of a report that can't be written."""
    return f"cannot write the report to {path}: {error.strerror}"
