"""What `--report` adds to a run: a file that can be written, before; what happened, after."""

import os
import time

import runwrap
from runwrap.outputs.report_file import ReportFile
from runwrap.report.outcome_json import Run, describe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runwrap.model.outcome import Outcome
    from runwrap.model.plan import Plan
    from runwrap.model.verdict import Verdict


class Report:
    """The report of one run."""

    def __init__(self, path: str) -> None:
        self.name, self._file, self._start = f"the report to {path}", ReportFile(path), 0.0

    def open(self) -> None:
        """See that the file can be written; OSError where it can't."""
        self._file.open()
        self._start = time.time()

    def finish(self, plan: "Plan", outcome: "Outcome", verdict: "Verdict") -> None:
        """Write what happened; OSError where that can't be done."""
        run = Run(version=runwrap.__version__, pid=os.getpid(), start=self._start, end=time.time())
        self._file.write(describe(plan, outcome, verdict, run))
