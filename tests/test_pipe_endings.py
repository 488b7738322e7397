"""How a pipeline ends: whose status counts, what is said of each stage, what a deadline does."""

import os
import re
from itertools import product
from pathlib import Path

import pytest

from runwrap.model.outcome import Outcome, Sent, StageEnd
from runwrap.model.signals import KILL, PIPE, TERM
from runwrap.report.summary import stages
from runwrap.watch import decisive
from tests.support import RUNWRAP, Result, ignore, ready_in_time, runwrap, sh

OK, FAILED, BROKEN, KILLED = 0, 3 << 8, PIPE, KILL  # raw wait statuses
MIB = 1 << 20


# The rule


@pytest.mark.parametrize("statuses", [*product((OK, FAILED, BROKEN, KILLED), repeat=3)])
def test_last_is_the_last_stages(statuses: tuple[int, ...]) -> None:
    assert decisive(statuses, "last") == 2


@pytest.mark.parametrize(
    ("statuses", "strict", "sigpipe_ok"),
    [
        ((OK, OK, OK), 2, 2),
        ((FAILED, OK, OK), 0, 0),
        ((FAILED, KILLED, OK), 1, 1),
        ((FAILED, KILLED, FAILED), 2, 2),
        ((BROKEN, OK, OK), 0, 2),
        ((FAILED, BROKEN, OK), 1, 0),
        ((BROKEN, BROKEN, BROKEN), 2, 2),
        ((OK, OK, BROKEN), 2, 2),
        ((BROKEN,), 0, 0),
    ],
)
def test_the_last_that_failed_counts_and_death_by_sigpipe_may_be_none(
    statuses: tuple[int, ...], strict: int, sigpipe_ok: int
) -> None:
    assert (decisive(statuses, "strict"), decisive(statuses, "sigpipe-ok")) == (strict, sigpipe_ok)


@pytest.mark.parametrize("rule", ["last", "strict"])
@pytest.mark.parametrize(
    "spec",
    ["false | true", "true | false", "sh -c 'exit 3' | sh -c 'exit 4' | true", "yes | head -1",
     "sh -c 'kill $$' | true", "true | true"],
)  # fmt: skip
def test_last_and_strict_are_bashs_own_rules(spec: str, rule: str) -> None:
    shell = ("bash", "-o", "pipefail", "-c") if rule == "strict" else ("bash", "-c")
    # A shell's own status, as it shows that of runwrap.
    wrapped = runwrap("-c", '"$@" >/dev/null; exit $?', "sh", "runwrap", "pipe", "--pipefail",
                      rule, spec, program=("bash",), env={"PATH": _path()})  # fmt: skip
    assert wrapped.status == runwrap(f"({spec}) >/dev/null; exit $?", program=shell).status


def _path() -> str:
    return f"{Path(RUNWRAP).parent}:{os.environ['PATH']}"


def test_the_default_rule_forgives_sigpipe_before_the_last_stage() -> None:
    assert runwrap("pipe", "yes | head -1").status == 0
    assert runwrap("pipe", "sh -c 'exit 3' | true").status == 3


def test_a_stage_that_a_signal_killed_makes_runwrap_die_of_it() -> None:
    assert runwrap("pipe", "sh -c 'kill $$' | cat").status == -TERM


def test_the_rule_can_come_from_a_variable() -> None:
    assert runwrap("pipe", "false | true", env={"RUNWRAP_PIPEFAIL": "last"}).status == 0


# The deadline


def test_a_pipeline_that_takes_too_long_is_stopped_as_a_whole() -> None:
    result = runwrap("pipe", "-t", "0.1", "sleep 60 | sleep 61 | sleep 62")
    assert (result.status, result.all_dead) == (124, True)
    assert re.fullmatch(
        r"runwrap: sleep \| sleep \| sleep: timed out after 100 ms, running sleep 60 \(pid \d+\), "
        r"sleep 61 \(pid \d+\), sleep 62 \(pid \d+\); sent TERM\n",
        result.err,
    )


def test_a_stage_that_ignores_the_stop_signal_is_killed_with_what_it_started() -> None:
    spec = "sh -c 'sleep 60; sleep 60' | cat | sh -c 'sleep 60; sleep 60'"
    result = runwrap("pipe", "-t", "0.1", "-k", "0.1", spec, before=ignore(TERM))
    assert (result.status, result.all_dead) == (124, True)
    assert "sent TERM, then KILL after" in result.err


def test_the_deadline_holds_when_only_the_last_stage_is_left() -> None:
    result = runwrap("pipe", "-t", "0.2", "true | true | sleep 60")
    assert (result.status, result.all_dead) == (124, True)


def test_the_deadline_holds_when_only_the_first_stage_is_left() -> None:
    result = runwrap("pipe", "-t", "0.2", "sleep 60 | true | true")
    assert (result.status, result.all_dead) == (124, True)


def test_a_name_of_many_stages_is_shortened() -> None:
    result = runwrap("pipe", "-t", "0.1", "sleep 60 | cat | cat | cat | cat | wc")
    assert result.err.startswith("runwrap: sleep | cat | ... | wc: timed out")


def test_a_stage_that_failed_by_itself_is_told_from_one_that_was_stopped() -> None:
    third = "sh -c 'trap \"exit 7\" TERM; echo on; while :; do sleep 0.05; done'"

    def attempt(limit: float) -> Result | None:
        result = runwrap("pipe", "-t", str(limit), "-v", f"sh -c 'exit 4' | sleep 60 | {third}")
        return result if result.out and "exited 4" in result.err else None

    result = ready_in_time(attempt)
    assert result.status == 124
    assert "stage 1, sh: exited 4; took" in result.err
    assert "stage 2, sleep: killed by TERM that runwrap sent; took" in result.err
    assert "stage 3, sh: exited 7 after runwrap sent TERM; took" in result.err


# What is said of each stage


def test_every_stage_has_a_line_in_the_verbose_report() -> None:
    result = runwrap("pipe", "-v", "true | sh -c 'exit 3' | sh -c 'kill -KILL $$'")
    *lines, last = result.err.splitlines()
    rest = r"; took [\d.]+ m?s, CPU [\d.]+ m?s, memory (at most )?[\d.]+ MiB"
    for line, start in zip(
        lines,
        ("stage 1, true: exited 0", "stage 2, sh: exited 3", "stage 3, sh: killed by KILL"),
        strict=True,
    ):
        assert re.fullmatch(f"runwrap: true \\| sh \\| sh: {start}{rest}", line)
    assert last.startswith("runwrap: true | sh | sh: killed by KILL after")


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("true | sh -c 'exit 3' | cat", "sh | cat: stage 2, sh: exited 3"),
        ("sh -c 'kill -9 $$' | cat", "sh | cat: stage 1, sh: killed by KILL"),
    ],
)
def test_without_verbose_a_line_tells_which_stage_has_failed_before_the_last(
    spec: str, said: str
) -> None:
    result = runwrap("pipe", spec)
    assert (result.err.count("\n"), result.err.endswith(f"{said}\n")) == (1, True)


@pytest.mark.parametrize("spec", ["true | true", "true | sh -c 'exit 3'", "yes | head -n 1"])
def test_else_nothing_is_said(spec: str) -> None:
    assert runwrap("pipe", spec).err == ""


def test_of_a_pipeline_that_was_stopped_only_that_is_said() -> None:
    result = runwrap("pipe", "-t", "0.1", "sleep 60 | cat")
    assert result.err.startswith("runwrap: sleep | cat: timed out after 100 ms, running sleep 60 ")
    assert result.err.count("\n") == 1


def test_the_memory_of_a_stage_is_its_own() -> None:
    script = sh("exec head -c 64M /dev/zero | tail -c 64M | tail -c 1 >/dev/null")
    result = runwrap("pipe", "-v", "--", "true", "|", *script)
    first, second = (float(found) for found in re.findall(r"([\d.]+) MiB", result.err))
    assert first < 40 < second


def line(end: StageEnd, *sent: Sent) -> str:
    (told,) = stages(Outcome(command="x | y", stages=(end,), sent=sent))
    return told


END = StageEnd(
    command="x", pid=9, status=0, began=1.0, ended=3.5, cpu=0.5, memory=20 * MIB, floor=9 * MIB
)


def test_a_line_tells_time_and_memory() -> None:
    assert line(END) == "x | y: stage 1, x: exited 0; took 2.5 s, CPU 500 ms, memory 20.0 MiB"


def test_a_peak_that_may_be_runwraps_own_is_told_as_a_limit() -> None:
    assert line(END.replace(memory=9 * MIB)).endswith("memory at most 9.0 MiB")


def test_what_is_not_known_is_not_told() -> None:
    assert line(END.replace(cpu=None, memory=None)).endswith("; took 2.5 s")


def test_a_stage_that_outlived_the_kill_is_named() -> None:
    assert line(END.replace(status=None, ended=None)) == "x | y: stage 1, x: did not end"


def test_a_stage_that_ended_before_a_signal_was_sent_was_not_stopped() -> None:
    late = Sent(signal=TERM, at=3.6)
    assert "exited 0; took" in line(END, late)


def test_a_stage_that_another_signal_killed_after_ours_is_told_so() -> None:
    told = line(END.replace(status=KILL), Sent(signal=TERM, at=2.0))
    assert "killed by KILL after runwrap sent TERM; took" in told
