"""runwrap ends as the command ended."""

import os
import resource
import signal
import sys
from pathlib import Path

import pytest

from tests.support import RUNWRAP, in_tiers, python, runwrap, sh

TERMINATING = sorted(
    set(signal.valid_signals())
    - {
        signal.SIGCHLD,
        signal.SIGCONT,
        signal.SIGSTOP,
        signal.SIGTSTP,
        signal.SIGTTIN,
        signal.SIGTTOU,
        signal.SIGURG,
        signal.SIGWINCH,
    }
)
# Python ignores two of them for itself.
DIE_OF = """
import os, resource, signal, sys
number = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
if number != signal.SIGKILL:
    signal.signal(number, signal.SIG_DFL)
os.kill(os.getpid(), number)
"""


@pytest.mark.parametrize("code", [0, 1, 2, 75, 123, 124, 125, 126, 127, 128, 137, 254, 255])
@in_tiers("strict")
def test_the_commands_exit_code_is_propagated(code: int) -> None:
    result = runwrap(*sh(f"exit {code}"))
    assert (result.status, result.err) == (code, "")


def test_every_exit_code_is_propagated() -> None:
    script = (
        f'for code in $(seq 0 255); do {RUNWRAP} -- sh -c "exit $code"; '
        '[ $? = "$code" ] || echo "$code became $?"; done'
    )
    result = runwrap(script, program=("sh", "-c"))
    assert result.out == ""


@pytest.mark.parametrize("number", TERMINATING)
@in_tiers("group", "strict")
def test_death_by_a_signal_is_death_by_the_same_signal(number: int) -> None:
    assert runwrap(*python(DIE_OF), str(int(number))).status == -number


@in_tiers("strict")
def test_dying_of_a_signal_that_dumps_core_leaves_no_core_of_runwraps_own(tmp_path: Path) -> None:
    def allow_core_files() -> None:
        _, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))

    result = runwrap(*python(DIE_OF), "11", cwd=tmp_path, before=allow_core_files)
    assert result.status == -signal.SIGSEGV
    assert os.listdir(tmp_path) == []


def test_a_code_of_the_commands_own_is_told_apart_from_a_limit_by_the_message() -> None:
    assert runwrap("-v", "-t", "60", *sh("exit 124")).err.startswith(
        "runwrap: sh: exited 124 after"
    )


@in_tiers("group", "strict")
def test_success_is_silent() -> None:
    result = runwrap("-t", "60", "echo", "hello")
    assert (result.status, result.out, result.err) == (0, "hello\n", "")


def test_a_failing_command_is_left_to_speak_for_itself() -> None:
    assert runwrap(*sh("echo why >&2; exit 3")).err == "why\n"


def test_the_bare_form_needs_no_double_dash() -> None:
    assert runwrap("-t", "60", "sh", "-c", "exit 3").status == 3


def test_options_end_at_the_first_operand() -> None:
    assert runwrap("echo", "-t", "5", "--", "x").out == "-t 5 -- x\n"


def test_run_is_the_bare_form() -> None:
    assert runwrap("run", "-t", "60", "--", "sh", "-c", "exit 3").status == 3


def test_a_program_named_like_a_subcommand_is_reached_behind_the_double_dash(
    tmp_path: Path,
) -> None:
    program = tmp_path / "run"
    program.write_text("#!/bin/sh\nexit 9\n")
    program.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    assert runwrap("--", "run", env={"PATH": path}).status == 9


def test_python_dash_m_is_the_same_command() -> None:
    assert (
        runwrap("-m", "runwrap", "--", "sh", "-c", "exit 4", program=(sys.executable,)).status == 4
    )
