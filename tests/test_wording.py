"""What people are told: durations, summaries, plans, messages; and how runwrap ends."""

import errno
import os
import select
import signal
from collections.abc import Mapping

import pytest

from runwrap.cli import values
from runwrap.cli.console import say
from runwrap.model import durations
from runwrap.model.decide import decide
from runwrap.model.durations import INFINITE
from runwrap.model.escalation import Policy, Step
from runwrap.model.outcome import Failure, Outcome, Process, Sent
from runwrap.model.request import Request
from runwrap.model.signals import INT, KILL, QUIT, TERM
from runwrap.model.verdict import Exit, judge
from runwrap.report.dry_run import describe
from runwrap.report.summary import ended, sending
from runwrap.report.summary import warnings as told_of
from runwrap.report.wording import duration, steps
from tests.support import PATIENCE

SEGV = int(signal.SIGSEGV)
CORE = 0x80  # of a wait status: a core was dumped
DONE = Outcome(command="job", pid=7, status=0, elapsed=2.0)
TIMED_OUT = DONE.replace(status=TERM, reason="timeout", limit=5.0)


def exited(code: int) -> int:
    """Return the wait status of a process that exited."""
    return code << 8


def ending(outcome: Outcome, leak: str) -> Exit:
    """Return how runwrap exits after a job that ran under a policy for leaks."""
    return judge(outcome, decide(Request(operands=("job",), leak=leak))).ending


def warnings(outcome: Outcome) -> list[str]:
    """Return what is said without --verbose."""
    return told_of(outcome, judge(outcome, decide(Request(operands=("job",)))).told)


def process(pid: int, command: str) -> Process:
    return Process(pid=pid, parent=1, state="S", command=command)


def failed(step: str, subject: str, number: int = 0, detail: str = "") -> Outcome:
    failure = Failure(step=step, subject=subject, errno=number, detail=detail)
    return Outcome(command=subject, failure=failure)


# Durations and steps


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0 ms"),
        (0.0004, "0.4 ms"),
        (0.25, "250 ms"),
        (0.999, "999 ms"),
        (1.0, "1 s"),
        (1.5, "1.5 s"),
        (2.346, "2.35 s"),
        (30.0, "30 s"),
        (119.0, "119 s"),
        (200.5, "200.5 s"),
    ],
)
def test_a_short_duration_is_a_number_with_its_unit(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (120.0, "2m"),
        (121.0, "2m1s"),
        (3600.0, "1h"),
        (5400.0, "1h30m"),
        (3601.0, "1h1s"),
        (86400.0, "1d"),
        (93784.0, "1d2h3m4s"),
    ],
)
def test_a_long_duration_is_written_as_it_may_be_typed(seconds: float, text: str) -> None:
    assert duration(seconds) == text
    assert durations.parse(text) == seconds


def test_an_infinite_duration_is_no_limit() -> None:
    assert duration(INFINITE) == "no limit"


@pytest.mark.parametrize("text", ["KILL", "TERM:10s,KILL", "QUIT:2s,TERM:0.5s,KILL", "INT:0s,KILL"])
def test_steps_are_written_as_they_may_be_typed(text: str) -> None:
    assert steps(Policy(steps=values.steps(text))) == text


# Summaries: what must be said


def test_nothing_must_be_said_of_a_command_that_ended_by_itself() -> None:
    assert warnings(DONE) == []
    assert warnings(DONE.replace(status=exited(3))) == []
    assert warnings(DONE.replace(status=SEGV)) == []


def test_a_timeout_is_told_with_what_was_sent() -> None:
    sent = (Sent(signal=TERM, at=5.0),)
    assert warnings(TIMED_OUT.replace(sent=sent)) == ["job: timed out after 5 s; sent TERM"]


def test_every_signal_is_told_with_its_time_after_the_one_before() -> None:
    sent = (
        Sent(signal=QUIT, at=5.0),
        Sent(signal=TERM, at=7.04),
        Sent(signal=KILL, at=7.3),
    )
    line = "job: timed out after 5 s; sent QUIT, then TERM after 2 s, then KILL after 300 ms"
    assert warnings(TIMED_OUT.replace(sent=sent)) == [line]


def test_a_timeout_before_anything_was_started_is_told_without_a_signal() -> None:
    outcome = Outcome(command="job", reason="timeout", limit=0.25)
    assert warnings(outcome) == ["job: timed out after 250 ms"]


def test_a_timeout_names_who_was_running_and_waited_for_nobody() -> None:
    running = (
        process(7, "job"),
        process(8, "sh -c sleep").replace(parent=7),
        process(9, "sleep 60").replace(parent=8),
        process(10, "x" * 41).replace(parent=7),
        process(11, "dead").replace(parent=7, state="Z"),
    )
    line = f"job: timed out after 5 s, running sleep 60 (pid 9), {'x' * 37}... (pid 10); sent TERM"
    sent = (Sent(signal=TERM, at=5.0),)
    assert warnings(TIMED_OUT.replace(sent=sent, running=running)) == [line]


def test_a_command_that_was_running_alone_is_not_named_twice() -> None:
    alone = TIMED_OUT.replace(running=(process(7, "job -x"),))
    assert warnings(alone) == ["job: timed out after 5 s"]


def test_the_first_stage_of_a_pipeline_is_named_like_any() -> None:
    alone = TIMED_OUT.replace(command="job | cat", running=(process(7, "job -x"),))
    assert warnings(alone) == ["job | cat: timed out after 5 s, running job -x (pid 7)"]


@pytest.mark.parametrize(
    ("following", "told"),
    [
        (None, "sending TERM"),
        (Step(signal=KILL, grace=10.0), "sending TERM; KILL follows in 10 s"),
        (Step(signal=INT, grace=0.25), "sending TERM; INT follows in 200 ms"),
        (Step(signal=KILL, grace=INFINITE), "sending TERM"),
    ],
)
def test_a_signal_is_told_with_what_follows(following: Step | None, told: str) -> None:
    assert sending(TERM, following) == told


def test_an_interruption_is_told_with_the_signal_that_came() -> None:
    outcome = DONE.replace(reason="interrupted", by=INT)
    assert warnings(outcome) == ["job: interrupted by INT"]
    killed = outcome.replace(sent=(Sent(signal=KILL, at=9.0),))
    assert warnings(killed) == ["job: interrupted by INT; sent KILL"]


def test_leaks_are_named() -> None:
    outcome = DONE.replace(
        reason="leak",
        leaks=(process(11, "sleep 99"), process(12, "cat")),
        sent=(Sent(signal=TERM, at=1.0),),
    )
    line = "job: left running: sleep 99 (pid 11), cat (pid 12); sent TERM"
    assert warnings(outcome) == [line]


def test_only_the_first_three_processes_are_named() -> None:
    many = tuple(process(pid, "sleep 99") for pid in range(1, 6))
    outcome = DONE.replace(reason="leak", leaks=many, sent=(Sent(signal=KILL, at=1.0),))
    assert warnings(outcome) == [
        "job: left running: sleep 99 (pid 1), sleep 99 (pid 2), sleep 99 (pid 3) and 2 more; "
        "sent KILL"
    ]


def test_survivors_are_named_after_the_reason() -> None:
    sent = (Sent(signal=KILL, at=5.0),)
    outcome = TIMED_OUT.replace(sent=sent, survivors=(process(11, "dd"),))
    assert warnings(outcome) == [
        "job: timed out after 5 s; sent KILL",
        "job: still running after SIGKILL: dd (pid 11, state S)",
    ]


def test_why_a_survivor_was_not_killed_is_said_where_it_is_known() -> None:
    outcome = TIMED_OUT.replace(survivors=(process(11, "passwd").replace(errno=1),))
    assert warnings(outcome)[-1].endswith("passwd (pid 11, state S, Operation not permitted)")


# Summaries: why a command could not be started


@pytest.mark.parametrize(
    ("outcome", "line"),
    [
        (failed("not-found", "gti", errno.ENOENT), "gti: command not found"),
        (
            failed("not-found", "gti", errno.ENOENT, "git"),
            "gti: command not found; did you mean 'git'?",
        ),
        (failed("not-found", "./run", errno.ENOENT), "./run: no such file"),
        (failed("directory", "/tmp", errno.EACCES), "/tmp: is a directory, not a command"),
        (
            failed("interpreter", "./run", errno.ENOENT, "/bin/nosuch"),
            "./run: its interpreter /bin/nosuch does not exist",
        ),
        (
            failed("interpreter", "./run", errno.ENOENT),
            "./run: its program loader does not exist",
        ),
        (
            failed("not-executable", "./run", errno.EACCES),
            "./run: Permission denied; if it is meant to be run, make it executable with chmod +x",
        ),
        (
            failed("not-executable", "./run", errno.EACCES, "/bin/sh"),
            "./run: Permission denied; run it as '/bin/sh ./run', or make it executable with "
            "chmod +x",
        ),
        (failed("exec", "./run", errno.ENOEXEC), "cannot execute ./run: Exec format error"),
        (failed("open", "out", errno.EISDIR), "cannot open out: Is a directory"),
        (
            failed("chdir", "there", errno.ENOENT),
            "cannot change to folder there: No such file or directory",
        ),
        (
            failed("nice", "-5", errno.EPERM),
            "cannot set the niceness to -5: Operation not permitted",
        ),
        (
            failed("containment", "reaper", detail="this system has none"),
            "cannot contain by reaper: this system has none",
        ),
        (
            failed("fork", "job", errno.EAGAIN),
            "cannot start job: Resource temporarily unavailable",
        ),
        (
            failed("signals", "job", errno.EINVAL),
            "cannot set up (signals) job: Invalid argument",
        ),
    ],
)
def test_a_failed_start_is_told_with_its_cause(outcome: Outcome, line: str) -> None:
    assert warnings(outcome) == [line]


# Summaries: how it ended


@pytest.mark.parametrize(
    ("status", "how"),
    [
        (exited(0), "exited 0"),
        (exited(255), "exited 255"),
        (TERM, "killed by TERM"),
        (SEGV | CORE, "killed by SEGV (core dumped)"),
        (None, "did not end"),
    ],
)
def test_the_end_of_a_command_is_told_with_the_time_it_took(status: int | None, how: str) -> None:
    assert ended(DONE.replace(status=status)) == f"job: {how} after 2 s"


# How runwrap ends


@pytest.mark.parametrize("code", [0, 1, 3, 123, 124, 125, 255])
def test_the_code_of_a_command_that_exited_is_ours(code: int) -> None:
    assert ending(DONE.replace(status=exited(code)), "kill") == Exit(code=code)


@pytest.mark.parametrize("status", [TERM, SEGV | CORE])
def test_death_by_signal_is_died_again(status: int) -> None:
    number = status & ~CORE
    expected = Exit(code=128 + number, signal=number)
    assert ending(DONE.replace(status=status), "kill") == expected


@pytest.mark.parametrize("status", [exited(0), exited(3), TERM, KILL, None])
def test_a_timeout_is_124_however_the_command_ended(status: int | None) -> None:
    assert ending(TIMED_OUT.replace(status=status), "kill") == Exit(code=124)


def test_after_an_interruption_we_end_as_the_command_did() -> None:
    interrupted = DONE.replace(reason="interrupted", by=INT)
    assert ending(interrupted.replace(status=exited(130)), "kill") == Exit(code=130)
    assert ending(interrupted.replace(status=KILL), "kill") == Exit(code=137, signal=KILL)


def test_a_leak_is_123_only_where_it_is_to_fail() -> None:
    leaked = DONE.replace(reason="leak", leaks=(process(11, "sleep"),))
    assert ending(leaked, "fail") == Exit(code=123)
    assert ending(leaked, "kill") == Exit(code=0)


def test_under_leak_fail_a_command_without_leaks_ends_as_it_did() -> None:
    assert ending(DONE, "fail") == Exit(code=0)


@pytest.mark.parametrize("reason", [None, "timeout", "interrupted", "leak"])
def test_survivors_are_our_own_failure_whatever_the_reason(reason: str | None) -> None:
    outcome = DONE.replace(reason=reason, survivors=(process(11, "dd"),))
    assert ending(outcome, "fail") == Exit(code=125)


def test_a_command_whose_end_was_not_seen_is_our_own_failure() -> None:
    assert ending(DONE.replace(status=None), "kill") == Exit(code=125)


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ("not-found", 127),
        ("not-executable", 126),
        ("directory", 126),
        ("interpreter", 126),
        ("exec", 126),
        ("open", 125),
        ("chdir", 125),
        ("nice", 125),
        ("containment", 125),
        ("fork", 125),
    ],
)
def test_a_failed_start_has_the_code_that_shells_give_it(step: str, code: int) -> None:
    assert ending(failed(step, "job"), "kill") == Exit(code=code)


# A plan


def test_a_bare_plan_is_told_by_its_defaults() -> None:
    assert describe(decide(Request(operands=("sh", "-c", "exit 3")))) == (
        "command:     sh -c 'exit 3'\n"
        "timeout:     no limit\n"
        "stopping:    TERM:10s,KILL\n"
        "session:     auto\n"
        "containment: auto\n"
        "leaks:       kill, after 200 ms\n"
    )


def test_a_full_plan_is_told_a_line_for_each_decision() -> None:
    request = Request(
        operands=("true",),
        timeout=5400.0,
        escalate=(Step(signal=QUIT, grace=2.0),),
        foreground=True,
        chdir="my folder",
        env=(("A", "1"), ("B", "two words")),
        unset=("C", "D"),
        clean_env=True,
        stdin="in",
        stdout="out file",
        stderr="err",
        append=True,
        umask=0o22,
        nice=-5,
        leak="fail",
        leak_timeout=1.0,
        contain="group",
        die_with_parent=True,
    )
    assert describe(decide(request)) == (
        "command:     true\n"
        "timeout:     1h30m\n"
        "stopping:    QUIT:2s,KILL\n"
        "session:     foreground\n"
        "containment: group, dies with the parent\n"
        "leaks:       fail, after 1 s\n"
        "folder:      'my folder'\n"
        "environment: cleared\n"
        "unset:       C\n"
        "unset:       D\n"
        "set:         A=1\n"
        "set:         B='two words'\n"
        "stdin:       in\n"
        "stdout:      'out file' (append)\n"
        "stderr:      err (append)\n"
        "umask:       022\n"
        "nice:        -5\n"
    )


@pytest.mark.parametrize(
    ("leak", "timeout", "text"),
    [
        ("kill", INFINITE, "kill, after 200 ms"),
        ("fail", 5.0, "fail, after 200 ms"),
        ("allow", 5.0, "allow"),
        ("wait", 5.0, "wait, within the timeout"),
        ("wait", INFINITE, "wait for ever"),
    ],
)
def test_what_becomes_of_leaks_is_told_with_its_time(leak: str, timeout: float, text: str) -> None:
    plan = decide(Request(operands=("true",), leak=leak, timeout=timeout))
    assert f"\nleaks:       {text}\n" in describe(plan)


# Messages


def said(text: str, environment: Mapping[str, str], *, terminal: bool = False) -> bytes:
    """Return what is written where standard error is a pipe, or a terminal."""
    reading, writing = os.openpty() if terminal else os.pipe()
    ours = os.dup(2)
    os.dup2(writing, 2)
    try:
        say(text, environment)
        # Read before anyone closes: what a terminal still holds would be lost.
        assert select.select([reading], [], [], PATIENCE)[0], "nothing was said"
        return os.read(reading, 4096)
    finally:
        os.dup2(ours, 2)
        for descriptor in (ours, reading, writing):
            os.close(descriptor)


def test_a_message_is_one_line_with_our_name() -> None:
    assert said("all is lost", {}) == b"runwrap: all is lost\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb", rb"a\nb"),
        ("a\rb", rb"a\rb"),
        ("a\tb", rb"a\tb"),
        ("\33[31mred", rb"\x1b[31mred"),
        ("\x7f\x00", rb"\x7f\x00"),
        ("\u202ereversed", rb"\u202ereversed"),
        ("\u2028", rb"\u2028"),
        ("\ud800", rb"\ud800"),
    ],
)
def test_what_would_act_on_the_terminal_is_escaped(text: str, shown: bytes) -> None:
    assert said(text, {}) == b"runwrap: " + shown + b"\n"


@pytest.mark.parametrize("text", ["a b", "caf\u00e9", "\u65e5\u672c", "'\"\\$"])
def test_what_can_be_printed_is_left_as_it_is(text: str) -> None:
    assert said(text, {}) == b"runwrap: " + text.encode() + b"\n"


def test_a_name_that_is_no_text_keeps_its_bytes() -> None:
    assert said(os.fsdecode(b"caf\xe9"), {}) == b"runwrap: caf\xe9\n"


def test_our_name_is_in_colour_on_a_terminal() -> None:
    shown = said("all is lost", {"TERM": "xterm"}, terminal=True)
    assert shown == b"\33[1;31mrunwrap:\33[0m all is lost\r\n"


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"NO_COLOR": "0"}, {"TERM": "dumb"}])
def test_colour_may_be_refused(environment: dict[str, str]) -> None:
    assert said("all is lost", environment, terminal=True) == b"runwrap: all is lost\r\n"


def test_an_empty_no_color_refuses_nothing() -> None:
    assert said("x", {"NO_COLOR": ""}, terminal=True).startswith(b"\33[1;31m")


def test_there_is_no_colour_in_a_pipe() -> None:
    assert said("all is lost", {"TERM": "xterm"}) == b"runwrap: all is lost\n"


def test_a_message_that_cannot_be_written_is_dropped() -> None:
    ours = os.dup(2)
    os.close(2)
    try:
        say("nobody is there", {})
    finally:
        os.dup2(ours, 2)
        os.close(ours)


@pytest.mark.parametrize("text", ["TERM:inf,KILL", "TERM:1234567s,KILL", "TERM:0.01ms,KILL"])
def test_steps_of_any_length_are_written_as_they_may_be_typed(text: str) -> None:
    found = values.steps(text)
    assert values.steps(steps(Policy(steps=found))) == found


@pytest.mark.parametrize("seconds", [0.9996, 0.9999])
def test_a_duration_just_below_a_second_has_no_exponent(seconds: float) -> None:
    assert "e" not in duration(seconds)
