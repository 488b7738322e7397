"""A command that can't be started: the exit code, and one line that says why and what to do."""

import os
import resource
from functools import partial
from pathlib import Path

import pytest

from runwrap.launch import SHARED, ChildSetup, StartError
from runwrap.launch.forked import start
from runwrap.launch.inherited import inspect
from runwrap.native import SignalQueue
from tests.support import NOWHERE, fifo, runwrap


def script(folder: Path, text: str | bytes, mode: int = 0o755, name: str = "script") -> str:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    path.chmod(mode)
    return str(path)


def test_a_command_that_is_not_found_is_127_and_the_nearest_name_is_suggested(
    tmp_path: Path,
) -> None:
    script(tmp_path, "#!/bin/sh\n", name="frobnicate")
    result = runwrap("frobnicat", env={"PATH": str(tmp_path)})
    assert result.status == 127
    assert result.err == "runwrap: frobnicat: command not found; did you mean 'frobnicate'?\n"


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (
            ("-t", "5", "pipe", "true | true"),
            "as a subcommand it is the first word: runwrap pipe ...",
        ),
        (("true | true",), "a pipeline is for runwrap pipe"),
        (("sleep 60",), "a command and its arguments are words of their own"),
        (
            ("-C", "/usr/bin", "./env"),
            "it is looked for from here, not from the folder of --chdir",
        ),
    ],
)
def test_what_was_meant_instead_is_told(words: tuple[str, ...], advice: str) -> None:
    result = runwrap(*words)
    assert (result.status, result.err.count("\n")) == (127, 1)
    assert result.err.endswith(f"; {advice}\n")


def test_nothing_is_suggested_where_nothing_is_near(tmp_path: Path) -> None:
    result = runwrap("xyzzy", env={"PATH": str(tmp_path)})
    assert (result.status, result.err) == (127, "runwrap: xyzzy: command not found\n")


def test_a_path_that_does_not_exist_is_127(tmp_path: Path) -> None:
    result = runwrap("./missing", cwd=tmp_path)
    assert (result.status, result.err) == (127, "runwrap: ./missing: no such file\n")


def test_a_file_that_is_not_executable_is_126(tmp_path: Path) -> None:
    path = script(tmp_path, "#!/bin/sh\n", mode=0o644)
    result = runwrap(path)
    assert result.status == 126
    assert result.err == (
        f"runwrap: {path}: Permission denied; run it as '/bin/sh {path}', or make it executable "
        "with chmod +x\n"
    )


def test_a_file_in_path_that_is_not_executable_is_126_and_not_127(tmp_path: Path) -> None:
    script(tmp_path, "#!/bin/sh\n", mode=0o644, name="tool")
    assert runwrap("tool", env={"PATH": str(tmp_path)}).status == 126


def test_a_later_folder_of_path_is_tried_after_one_that_is_not_executable(tmp_path: Path) -> None:
    for folder, mode in (("first", 0o644), ("second", 0o755)):
        (tmp_path / folder).mkdir()
        script(tmp_path / folder, "#!/bin/sh\nexit 6\n", mode=mode, name="tool")
    path = f"{tmp_path}/first:{tmp_path}/second"
    assert runwrap("tool", env={"PATH": path}).status == 6


def test_a_directory_is_126(tmp_path: Path) -> None:
    result = runwrap(str(tmp_path))
    assert result.status == 126
    assert result.err == f"runwrap: {tmp_path}: is a directory, not a command\n"


@pytest.mark.parametrize("program", ["./tool", "tool"], ids=["by its path", "in PATH"])
def test_a_fifo_is_126_and_nobody_waits_for_its_writer(tmp_path: Path, program: str) -> None:
    os.chmod(fifo(tmp_path, "tool"), 0o755)
    result = runwrap(program, cwd=tmp_path, env={"PATH": str(tmp_path)})
    assert result.status == 126
    assert "cannot execute" in result.err and "Permission denied" in result.err


def test_a_missing_interpreter_is_126_and_named(tmp_path: Path) -> None:
    path = script(tmp_path, f"#!{NOWHERE}/python3\n")
    result = runwrap(path)
    assert result.status == 126
    assert result.err == f"runwrap: {path}: its interpreter {NOWHERE}/python3 does not exist\n"


def test_text_without_an_interpreter_is_run_by_sh(tmp_path: Path) -> None:
    path = script(tmp_path, 'echo "$0" "$1"\n')
    assert runwrap(path, "argument").out == f"{path} argument\n"


def test_a_binary_of_no_known_format_is_126(tmp_path: Path) -> None:
    result = runwrap(script(tmp_path, b"\x7fgarbage\0\0\0"))
    assert result.status == 126
    assert "Exec format error" in result.err


def test_a_folder_of_a_path_that_is_a_file_is_126(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = runwrap(f"{tmp_path}/file/tool")
    assert (result.status, "Not a directory" in result.err) == (126, True)


def test_a_new_process_that_fails_in_no_known_way_is_told_of() -> None:
    argv = ("true",)
    environment: dict[bytes, bytes] = {b"NUMBER": 5}  # type: ignore[dict-item]
    setup = ChildSetup(
        inherited=inspect(),
        queue=SignalQueue(()),
        place=SHARED,
        group=0,
        environment=environment,
        files={},
    )
    with pytest.raises(StartError) as caught:
        start("/bin/true", argv, setup)
    assert (caught.value.failure.step, caught.value.failure.errno) == ("exec", 0)


@pytest.mark.parametrize("words", [("--contain", "strict"), ("--contain", "reaper"), ("timeout",)])
@pytest.mark.parametrize("limit", range(5, 9))
def test_a_limit_on_descriptors_is_no_internal_error(words: tuple[str, ...], limit: int) -> None:
    few = partial(resource.setrlimit, resource.RLIMIT_NOFILE, (limit, limit))
    operands = ("60", "true") if words == ("timeout",) else ("--", "true")
    result = runwrap(*words, *operands, before=few)
    assert result.status in (0, 125)
    assert "Too many open files" in result.err or result.status == 0
    assert "internal error" not in result.err


def test_a_process_limit_is_125() -> None:
    import resource

    if os.getuid() == 0:
        pytest.skip("root is not bound by RLIMIT_NPROC")

    def no_more_processes() -> None:
        resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))

    result = runwrap("true", before=no_more_processes)
    assert (result.status, "cannot start true" in result.err) == (125, True)


def test_a_folder_to_change_to_that_does_not_exist_is_125() -> None:
    result = runwrap("-C", NOWHERE, "true")
    assert result.status == 125
    assert result.err == (
        f"runwrap: cannot change to folder {NOWHERE}: No such file or directory\n"
    )


def test_a_file_that_cannot_be_opened_is_125_and_nothing_is_started(tmp_path: Path) -> None:
    result = runwrap("--stdout", f"{NOWHERE}/out", "touch", str(tmp_path / "started"))
    assert (result.status, os.listdir(tmp_path)) == (125, [])


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ((), "no command given"),
        (("-t", "5x", "true"), "'5x' is not a duration"),
        (("-s", "NOPE", "true"), "'NOPE' is not a signal"),
        (("--tiemout", "5", "true"), "--timeout"),
        (("-t",), "requires an argument"),
        (("--escalate", "TERM", "-k", "5", "true"), "needs a time to wait"),
        (("--escalate", "TERM:1s", "-k", "5", "true"), "leave out --kill-after"),
        (("-f", "--session", "new", "true"), "contradicts"),
        (("--append", "true"), "--append needs"),
        (("--", ""), "the command's name is empty"),
    ],
)
def test_a_line_that_cannot_be_understood_is_125_in_one_line(
    words: tuple[str, ...], what: str
) -> None:
    result = runwrap(*words)
    assert (result.status, result.out, result.err.count("\n")) == (125, "", 1)
    assert result.err.startswith("runwrap: ")
    assert what in result.err


def test_control_characters_in_a_name_do_not_reach_the_terminal() -> None:
    assert runwrap("./a\n\33[31mb").err == "runwrap: ./a\\n\\x1b[31mb: no such file\n"


def test_help_is_125_where_it_cannot_be_written() -> None:
    with open("/dev/full", "w") as full:
        import subprocess

        from tests.support import RUNWRAP

        done = subprocess.run(
            [RUNWRAP, "--help"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 125
    assert done.stderr == "runwrap: cannot print the help: No space left on device\n"
