"""First mistakes: what was meant is said with the refusal, and nothing that is far off."""

from pathlib import Path

import pytest

from tests.support import runwrap

WITHIN = "it is within a shell, and no program; use"


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (
            ("5s", "make"),
            "a limit is an option: runwrap -t 5s ...; GNU's way is runwrap timeout 5s",
        ),
        (
            ("-k", "5", "30", "make"),
            "a limit is an option: runwrap -t 30 ...; GNU's way is runwrap timeout 30",
        ),
        (("kil-tree", "4711"), "did you mean runwrap kill-tree?"),
        (("kill_tree", "4711"), "did you mean runwrap kill-tree?"),
        (("tiemout", "5", "make"), "did you mean runwrap timeout?"),
        (("pipeline", "a | b"), "did you mean runwrap pipe?"),
        (("help",), "did you mean runwrap --help?"),
        (("A=1 2", "make"), "a variable is set by an option: runwrap -e 'A=1 2' ..."),
        (("cd", "/"), f"{WITHIN} the option -C DIR"),
        (("export", "A=1"), f"{WITHIN} the option -e NAME=VALUE"),
        (("ulimit", "-n", "5"), f"{WITHIN} runwrap -- sh -c 'ulimit ...'"),
        (("true | true",), "a pipeline is for runwrap pipe"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else "",
)
def test_what_was_meant_by_a_command_that_is_not_found_is_said(
    words: tuple[str, ...], advice: str, tmp_path: Path
) -> None:
    result = runwrap(*words, env={"PATH": str(tmp_path)})
    assert (result.status, result.err.partition("; ")[2]) == (127, f"{advice}\n")


def test_a_file_that_lies_here_is_pointed_out(tmp_path: Path) -> None:
    (tmp_path / "build.sh").touch()
    told = runwrap("build.sh", cwd=tmp_path).err
    assert told.endswith("command not found; a file of that name lies here: ./build.sh\n")


@pytest.mark.parametrize("name", ["5s", "help", "cd", "A=1"])
def test_a_program_of_such_a_name_is_run(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("#!/bin/sh\nexit 6\n")
    (tmp_path / name).chmod(0o755)
    assert runwrap(name, env={"PATH": str(tmp_path)}).status == 6


def test_a_script_with_line_ends_of_windows_is_told_apart(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_bytes(b"#!/bin/sh\r\necho hi\r\n")
    script.chmod(0o755)
    result = runwrap(str(script))
    assert (result.status, result.err) == (
        126,
        f"runwrap: {script}: its interpreter /bin/sh\\r does not exist; the file has Windows' "
        "line ends: delete each \\r\n",
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--tiemout", "5", "true"), "--tiemout; did you mean --timeout?"),
        (("--time", "5", "true"), "--time; did you mean --timeout?"),
        (("--preserve-status", "true"), "--preserve-status; 'runwrap timeout' has it"),
        (("--pipefail", "last", "true"), "--pipefail; 'runwrap pipe' has it"),
        (("kill-tree", "--keeproot", "5"), "--keeproot; did you mean --keep-root?"),
        (("--frobnicate", "true"), "--frobnicate"),
        (("--umsak", "7", "true"), "--umsak; did you mean --umask?"),
        (("--quiet", "true"), "--quiet"),
        (("-Q", "true"), "-Q"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else "",
)
def test_only_a_near_option_or_another_subcommands_is_suggested(
    words: tuple[str, ...], told: str
) -> None:
    result = runwrap(*words)
    assert (result.status, result.err) == (125, f"runwrap: no such option: {told}\n")


def test_an_option_behind_the_spec_of_a_pipeline_is_refused(tmp_path: Path) -> None:
    result = runwrap("pipe", f"touch {tmp_path}/file | cat", "-t", "5")
    told = "runwrap: options come before the pipeline: runwrap pipe -t ... SPEC\n"
    assert (result.status, result.err, list(tmp_path.iterdir())) == (125, told, [])


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("RUNWRAP_TIMOUT", "RUNWRAP_TIMOUT has no effect: did you mean RUNWRAP_TIMEOUT?"),
        ("RUNWRAP_REPORT", "RUNWRAP_REPORT has no effect: --report can only be given as an option"),
        ("RUNWRAP_SERVICE_HOST", "no option has the variable RUNWRAP_SERVICE_HOST"),
    ],
)
def test_a_variable_that_no_option_has_is_told_of_and_the_command_run(name: str, told: str) -> None:
    result = runwrap("sh", "-c", "exit 6", env={name: "5"})
    assert (result.status, result.err) == (6, f"runwrap: {told}\n")


@pytest.mark.parametrize("name", ["RUNWRAP_ATTEMPT", "RUNWRAP_PING_URL", "RUNWRAP_PIDS"])
def test_variables_for_the_commands_of_an_outer_runwrap_are_passed_over(name: str) -> None:
    result = runwrap("sh", "-c", "exit 6", env={name: "5"})
    assert (result.status, result.err) == (6, "")


@pytest.mark.parametrize(
    "words", [("timeout", "5", "true"), ("kill-tree", "--dry-run", "99999999")]
)
def test_who_has_no_variables_tells_of_none(words: tuple[str, ...]) -> None:
    assert "RUNWRAP_TIMOUT" not in runwrap(*words, env={"RUNWRAP_TIMOUT": "5"}).err
