"""What a run leaves behind besides its exit status: each is opened before, and finished after."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from runwrap.model.outcome import Outcome
    from runwrap.model.plan import Plan
    from runwrap.model.verdict import Verdict

    class Output(Protocol):
        """One of them. `name` says in a message what it is: `the report to FILE`."""

        name: str

        def open(self) -> None:
            """Prepare for it before anything is started; OSError where it can't be had."""

        def finish(self, plan: Plan, outcome: Outcome, verdict: Verdict) -> None:
            """Leave it behind when nothing of the job is left; OSError where that fails."""
