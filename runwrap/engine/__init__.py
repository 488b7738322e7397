"""Starting a job, watching over it and ending it; and how a start fails."""

from runwrap.model.outcome import Failure


class StartError(Exception):
    """A job could not be started; `failure` says why. Nothing of it is left running."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure


def blame(step: str, subject: str, error: OSError, detail: str = "") -> StartError:
    """Return the StartError for a system call that failed while doing `step` to `subject`."""
    return StartError(Failure(step=step, subject=subject, errno=error.errno or 0, detail=detail))
