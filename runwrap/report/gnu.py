"""What `timeout` says: GNU timeout's words."""

import os

from runwrap.model.gnu_verdict import CORE
from runwrap.model.outcome import Outcome
from runwrap.model.printable import quoted_in_c as quoted
from runwrap.model.signal_names import coreutils_name
from runwrap.report import summary


def warnings(outcome: Outcome, told: tuple[str, ...]) -> list[str]:
    """Return what is said in the end, each a line, with --verbose and without."""
    failure = outcome.failure
    if failure and failure.step == "fork":
        return [f"fork system call failed: {os.strerror(failure.errno)}"]
    if failure and failure.errno:
        return [f"failed to run command {quoted(outcome.command)}: {os.strerror(failure.errno)}"]
    if told == (CORE,):
        return ["the monitored command dumped core"]
    return summary.warnings(outcome, told)


def sending(number: int, command: str) -> str:
    """Say that a signal is sent, for --verbose."""
    return f"sending signal {coreutils_name(number)} to command {quoted(command)}"
