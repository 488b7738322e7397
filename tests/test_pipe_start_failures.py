"""A pipeline that can't be started: nothing of it runs, and one line says why."""

import os
import resource
from pathlib import Path

import pytest

from tests.support import NOWHERE, fifo, runwrap

INTERPRETED = f"#!{NOWHERE}\n"


def script(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)
    return str(path)


def allow_few_descriptors() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))


@pytest.mark.parametrize(
    "spec", ["xyzzy | sleep 60", "sleep 60 | xyzzy | sleep 61", "sleep 60 | xyzzy"]
)
def test_a_program_that_is_not_found_is_127_and_named(spec: str) -> None:
    result = runwrap("pipe", spec)
    assert (result.status, result.all_dead) == (127, True)
    assert result.err.startswith("runwrap: xyzzy: command not found")


def test_nothing_is_started_where_a_program_is_not_found(tmp_path: Path) -> None:
    runwrap("pipe", "touch seen | xyzzy", cwd=tmp_path)
    assert not (tmp_path / "seen").exists()


@pytest.mark.parametrize("options", [(), ("--nice", "0"), ("--session", "foreground"),
                                     ("--contain", "group")], ids=" ".join)  # fmt: skip
def test_what_was_started_before_a_stage_that_cannot_be_is_killed(
    options: tuple[str, ...], tmp_path: Path
) -> None:
    path = script(tmp_path, "odd", INTERPRETED)
    stubborn = "sh -c 'trap \"\" TERM HUP; sleep 60; sleep 60'"
    result = runwrap("pipe", *options, f"{stubborn} | sleep 61 | {path} | sleep 62")
    assert (result.status, result.all_dead) == (126, True)
    assert result.err == f"runwrap: {path}: its interpreter {NOWHERE} does not exist\n"


def test_a_program_that_may_not_be_executed_is_126(tmp_path: Path) -> None:
    (tmp_path / "tool").touch()
    result = runwrap("pipe", "sleep 60 | ./tool | cat", cwd=tmp_path)
    assert (result.status, result.all_dead) == (126, True)


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        ("touch seen <missing | cat", "cannot open missing: No such file or directory"),
        ("touch seen | cat >.", "cannot open .: Is a directory"),
        ("touch seen 2>missing/x | cat", "cannot open missing/x: No such file or directory"),
        ("touch seen | cat 2>>. | cat", "cannot open .: Is a directory"),
    ],
)
def test_a_file_that_cannot_be_opened_is_125_and_nothing_is_started(
    spec: str, why: str, tmp_path: Path
) -> None:
    result = runwrap("pipe", spec, cwd=tmp_path)
    assert (result.status, result.err) == (125, f"runwrap: {why}\n")
    assert not (tmp_path / "seen").exists()


def test_a_full_device_is_the_stages_own_failure() -> None:
    result = runwrap("pipe", "echo x | cat >/dev/full")
    assert result.status == 1
    assert "No space left on device" in result.err


@pytest.mark.parametrize("spec", ["cat <fifo | cat", "echo x | cat >fifo", "echo x 2>fifo | cat"])
def test_a_fifo_that_nobody_opens_does_not_outlast_the_deadline(spec: str, tmp_path: Path) -> None:
    fifo(tmp_path)
    result = runwrap("pipe", "-t", "0.1", spec, cwd=tmp_path)
    assert result.status == 124
    assert result.err.endswith("timed out after 100 ms, waiting for the other end of fifo\n")


def test_nothing_is_started_where_a_stream_to_be_copied_is_closed(tmp_path: Path) -> None:
    result = runwrap("pipe", "touch seen | cat 2>&1", cwd=tmp_path, before=lambda: os.close(1))
    assert (result.status, (tmp_path / "seen").exists()) == (125, False)
    assert result.err == "runwrap: cannot open standard output: Bad file descriptor\n"


@pytest.mark.parametrize("spec", ["true | cat >out 2>&1", "touch 2>&1 out | cat >out"])
def test_a_closed_stream_that_is_replaced_may_be_copied(spec: str, tmp_path: Path) -> None:
    result = runwrap("pipe", spec, cwd=tmp_path, before=lambda: os.close(1))
    assert (result.status, result.err) == (0, "")


@pytest.mark.parametrize("again", ["fifo", "./fifo", "link"])
def test_a_pipeline_may_read_the_fifo_that_it_writes(again: str, tmp_path: Path) -> None:
    fifo(tmp_path)
    (tmp_path / "link").symlink_to("fifo")
    spec = f"sh -c 'echo x; read line; echo $line 1>&2' <fifo | sh -c 'read x; echo back' >{again}"
    result = runwrap("pipe", "-t", "20", spec, cwd=tmp_path)
    assert (result.status, result.err) == (0, "back\n")


@pytest.mark.parametrize(
    "path", ["link", "link to link", "folder/1", "/dev/../dev/stdout", "../" * 30 + "dev/stdout"]
)
def test_what_is_another_file_in_each_process_is_refused_by_any_name(
    path: str, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to("/dev/stdout")
    (tmp_path / "link to link").symlink_to("link")
    (tmp_path / "folder").symlink_to("/dev/fd")
    result = runwrap("pipe", f"touch seen 2>'{path}' | cat", cwd=tmp_path)
    assert (result.status, (tmp_path / "seen").exists()) == (125, False)
    assert result.err.startswith(f"runwrap: cannot open {path}: this is no file of its own")


def test_more_files_than_may_be_open_are_told(tmp_path: Path) -> None:
    spec = " | ".join(f"true 2>f{number}" for number in range(60))
    result = runwrap("pipe", spec, cwd=tmp_path, before=allow_few_descriptors)
    assert result.status == 125
    assert result.err.endswith("Too many open files\n")


@pytest.mark.parametrize("files", range(33, 39))
def test_files_that_take_the_last_descriptor_are_told_in_one_line(
    files: int, tmp_path: Path
) -> None:
    spec = " | ".join(f"true 2>f{number}" for number in range(files))
    result = runwrap("pipe", spec, cwd=tmp_path, before=allow_few_descriptors)
    assert (result.status, result.err.count("\n")) == (125, 1)
    assert "Too many open files" in result.err


def test_many_stages_need_few_descriptors() -> None:
    result = runwrap("pipe", "echo x" + " | cat" * 60, before=allow_few_descriptors)
    assert (result.status, result.out) == (0, "x\n")
