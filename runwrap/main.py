"""The way a command line takes: argv -> Request -> Plan -> job -> Outcome -> exit."""

import os
import sys

from runwrap.face import argv
from runwrap.model.plan import decide
from runwrap.model.signals import signal
from runwrap.report import FAILED, Ending, ending

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from runwrap.model.plan import Plan, Request


def main() -> "NoReturn":
    """Run the command line of this process, and end as it says."""
    if signal.getsignal(signal.SIGINT) == signal.default_int_handler:
        # An early Ctrl-C is to end us as any program, without a traceback.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        how = _run(sys.argv[1:])
    except Exception as error:  # the last resort: one line, never a traceback
        if os.environ.get("RUNWRAP_DEBUG"):
            raise
        _say(f"internal error: {type(error).__name__}: {error}; set RUNWRAP_DEBUG=1 for more")
        how = Ending(code=FAILED)
    _end(how)


def _run(words: list[str]) -> Ending:
    try:
        request = argv.read(words, os.environ) or _read_by_click(words)
        if request is None:
            return Ending(code=0)
        plan = decide(request)
    except ValueError as error:
        _say(str(error))
        return Ending(code=FAILED)
    except OSError as error:
        _say(f"cannot print the help: {error.strerror}")
        return Ending(code=FAILED)
    if request.dry_run:
        return _print_plan(plan)
    return _execute(request, plan)


def _read_by_click(words: list[str]) -> "Request | None":
    from runwrap.face import commands

    return commands.read(words)


def _print_plan(plan: "Plan") -> Ending:
    from runwrap.report.dry_run import describe

    try:
        os.write(1, os.fsencode(describe(plan)))
    except OSError as error:
        _say(f"cannot print the plan: {error.strerror}")
        return Ending(code=FAILED)
    return Ending(code=0)


def _execute(request: "Request", plan: "Plan") -> Ending:
    from runwrap.engine.job import run

    outcome = run(plan, _tell_signal if request.verbose else _tell_nothing)
    told = outcome.failure or outcome.reason or not outcome.proved
    if told or request.verbose:
        from runwrap.report import summary

        for line in summary.warnings(outcome):
            _say(line)
        if request.verbose and not outcome.failure:
            _say(summary.ended(outcome))
    return ending(outcome, plan.policy.leak)


def _tell_signal(number: int) -> None:
    from runwrap.model.signal_names import name

    _say(f"sending {name(number)}")


def _tell_nothing(_number: int) -> None:
    """Say nothing: the summary will."""


def _say(text: str) -> None:
    from runwrap.face.messages import say

    say(text, os.environ)


def _end(how: Ending) -> "NoReturn":
    """Die of the signal, or exit: without the interpreter's teardown, a sixth of its start."""
    if how.signal in signal.valid_signals():  # the C library keeps two of them to itself
        from runwrap.native import prevent_core_dump

        prevent_core_dump()
        if how.signal != signal.SIGKILL:
            signal.signal(how.signal, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (how.signal,))
        os.kill(os.getpid(), how.signal)
        # PID 1 of a namespace can't die of a signal that it doesn't catch.
    os._exit(how.code)
