"""The way a command line takes: argv -> Request -> Plan -> job -> Outcome -> exit."""

import os
import posix
import sys

from runwrap.cli import argv
from runwrap.model.plan import Request, decide
from runwrap.model.signals import signal
from runwrap.report import FAILED, Exit, ending

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from runwrap.model.kill_tree import TreeRequest
    from runwrap.model.outcome import Process
    from runwrap.model.plan import Plan

_NO_DESCRIPTOR = 24  # EMFILE, on every system that we know
_MANY = 1 << 16  # descriptors, more than most limits allow


def main() -> "NoReturn":
    """Run the command line of this process, and end as it says."""
    words = sys.argv[1:]
    if sys.getfilesystemencoding() != "utf-8":
        # Python takes argv by the C library's tables, which in Shift JIS have a yen sign for the
        # byte of a backslash; its own have the backslash.
        words = [os.fsdecode(os.fsencode(word)) for word in words]
    if os.path.basename(sys.argv[0]) == "timeout":
        words = ["timeout", *words]  # a link of that name acts as that command
    try:
        how = _run(words)
    except Exception as error:  # the last resort: one line, never a traceback
        if os.environ.get("RUNWRAP_DEBUG"):
            raise
        os.closerange(3, _MANY)  # or there may be none left to load what says so
        try:
            _say(_last_words(error))
        finally:
            _end(Exit(code=FAILED))
    _end(how)


def _last_words(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == _NO_DESCRIPTOR:
        return f"{error.strerror}: more are needed than the limit allows (ulimit -n)"
    return f"internal error: {type(error).__name__}: {error}; set RUNWRAP_DEBUG=1 for more"


def _run(words: list[str]) -> Exit:
    drop_in = words[:1] == ["timeout"]
    try:
        request = argv.read(words, posix.environ) or _read_all(words)
        if request is None:
            return Exit(code=0)
        if not isinstance(request, Request):
            from runwrap.cli.console import show
            from runwrap.commands.kill_tree import run

            return run(request, _say, show)
        if request.file is not None:
            request = _with_text(request)
        plan = decide(request)
    except ValueError as error:
        if drop_in:
            _say_as_coreutils(str(error))
        else:
            _refuse(error)
        return Exit(code=FAILED)
    except OSError as error:
        _say(f"cannot print the help: {error.strerror}")
        return Exit(code=FAILED)
    if request.dry_run:
        return _print_plan(plan, request.json)
    return _execute_like_coreutils(request, plan) if drop_in else _execute(request, plan)


def _read_all(words: list[str]) -> "Request | TreeRequest | None":
    """Read what the short cut leaves: any option, any error, and the help."""
    if words[:1] == ["timeout"]:
        from runwrap.cli import gnu_getopt as coreutils

        return coreutils.read(words[1:])
    from runwrap.cli import commands

    return commands.read(words)


def _with_text(request: "Request") -> "Request":
    from runwrap.cli.spec_file import load

    return load(request)


def _refuse(error: ValueError) -> None:
    """Say what is wrong with a command line; of a pipeline, where."""
    from runwrap.model.spec.refusals import SpecError

    told = str(error)
    if isinstance(error, SpecError):
        from runwrap.cli.console import say_plainly
        from runwrap.model.spec.caret import render

        spec, caret, told = render(error).split("\n", 2)
        say_plainly(spec)
        say_plainly(caret)
    _say(told)


def _print_plan(plan: "Plan", json: bool) -> Exit:
    from runwrap.cli.console import show

    if json:
        from runwrap.report.dry_run_json import describe
    else:
        from runwrap.report.dry_run import describe

    try:
        show(describe(plan))
    except OSError as error:
        _say(f"cannot print the plan: {error.strerror}")
        return Exit(code=FAILED)
    return Exit(code=0)


def _execute(request: "Request", plan: "Plan") -> Exit:
    from runwrap.job import run

    report = None
    if request.report is not None:
        from runwrap.outputs import report as reporting

        try:
            report = reporting.Report(request.report)
        except OSError as error:
            _say(reporting.refusal(request.report, error))
            return Exit(code=FAILED)
    outcome = run(plan, _tell_signal if request.verbose else _tell_nothing)
    if outcome.failure and outcome.failure.step == "not-found":
        from runwrap.cli.hints import advised

        outcome = outcome.replace(failure=advised(outcome.failure, plan.chdir))
    told = outcome.failure or outcome.reason or not outcome.proved or outcome.culprit
    if told or request.verbose:
        from runwrap.report import summary

        for line in summary.warnings(outcome):
            _say(line)
        if (culprit := summary.culprit(outcome)) and not request.verbose:
            _say(culprit)
        if request.verbose and not outcome.failure:
            stages = summary.stages(outcome) if plan.pipefail is not None else []
            for line in (*stages, summary.ended(outcome)):
                _say(line)
    how = ending(outcome, plan.policy.leak)
    return report.finish(plan, outcome, how, _say) if report else how


def _execute_like_coreutils(request: "Request", plan: "Plan") -> Exit:
    from runwrap.job import run

    def tell(number: int, _running: "tuple[Process, ...]") -> None:
        from runwrap.report.gnu import sending

        _say(sending(number, plan.name), "timeout")

    outcome = run(plan, tell if request.verbose else _tell_nothing)
    if not (outcome.failure or outcome.reason or outcome.status != 0):
        return Exit(code=0)
    from runwrap.report import gnu as coreutils

    for line in coreutils.warnings(outcome):
        _say(line, "timeout")
    return coreutils.ending(outcome, request)


def _say_as_coreutils(text: str) -> None:
    """Say what is wrong with a command line; where to look for help has no name before it."""
    from runwrap.cli.console import say_plainly

    *told, advice = text.split("\n")
    for line in told:
        _say(line, "timeout")
    say_plainly(advice)


def _tell_signal(number: int, running: "tuple[Process, ...]") -> None:
    from runwrap.model.signal_names import name

    if running:
        from runwrap.cli.console import say_plainly
        from runwrap.cli.drawing import drawn

        for line in drawn(running, 2).splitlines():
            say_plainly(line)
    _say(f"sending {name(number)}")


def _tell_nothing(_number: int, _running: "tuple[Process, ...]") -> None:
    """Say nothing: the summary will."""


def _say(text: str, program: str = "runwrap") -> None:
    try:
        from runwrap.cli.console import say
    except ImportError:  # our own files are gone
        os.write(2, os.fsencode(f"{program}: {text}\n"))
        return
    say(text, os.environ, program)


def _end(how: Exit) -> "NoReturn":
    """Die of the signal, or exit: without the interpreter's teardown, a sixth of its start."""
    if (
        how.signal and how.signal in signal.valid_signals()
    ):  # the C library keeps two of them to itself
        from runwrap.native import prevent_core_dump

        prevent_core_dump()
        if how.signal != signal.SIGKILL:
            signal.signal(how.signal, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (how.signal,))
        os.kill(0 if how.group else os.getpid(), how.signal)
        # PID 1 of a namespace can't die of a signal that it doesn't catch.
    os._exit(how.code)
