"""The command gets what runwrap's caller had, as if runwrap were not there."""

import fcntl
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import RUNWRAP, Running, clean_environment, in_tiers, python, runwrap, sh

# The C library keeps these two to itself: no program can ask for them, and its posix_spawn
# leaves them ignored.
INTERNAL = 1 << 31 | 1 << 32
SHOW_MASKS = "grep -E 'Sig(Blk|Ign)' /proc/self/status"


def masks(text: str) -> list[int]:
    return [int(line.split()[1], 16) & ~INTERNAL for line in text.splitlines()]


def compare_masks(before: Callable[[], object]) -> None:
    """Compare the blocked and ignored signals of a command with and without runwrap."""

    def first() -> None:
        for number in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)
        before()

    plain = runwrap(program=sh(SHOW_MASKS), before=first)
    wrapped = runwrap(*sh(SHOW_MASKS), before=first)
    assert wrapped.err == ""
    assert masks(wrapped.out) == masks(plain.out)


def test_no_signal_is_ignored_or_blocked_that_was_not() -> None:
    compare_masks(lambda: None)


@pytest.mark.parametrize(
    "name", ["HUP", "INT", "QUIT", "TERM", "USR1", "CHLD", "TSTP", "TTOU", "RTMIN"]
)
def test_an_ignored_signal_stays_ignored(name: str) -> None:
    number = getattr(signal, "SIG" + name)
    compare_masks(lambda: signal.signal(number, signal.SIG_IGN))


@pytest.mark.parametrize("name", ["TERM", "ALRM", "CHLD", "PIPE", "RTMAX"])
def test_a_blocked_signal_stays_blocked(name: str) -> None:
    number = getattr(signal, "SIG" + name)
    compare_masks(lambda: signal.pthread_sigmask(signal.SIG_BLOCK, (number,)))


@pytest.mark.parametrize("name", ["PIPE", "XFSZ"])
def test_what_a_shell_ignores_stays_ignored_although_python_ignores_it_by_itself(name: str) -> None:
    number = getattr(signal, "SIG" + name)
    script = f"trap '' {name}; {RUNWRAP} -- {SHOW_MASKS}; true"
    result = runwrap(script, program=("sh", "-c"))
    assert masks(result.out)[1] >> (number - 1) & 1


def test_python_callers_do_not_pass_on_what_they_ignore_for_themselves() -> None:
    yes = subprocess.run(
        [RUNWRAP, *sh("yes | head -1")], capture_output=True, text=True, check=True,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert (yes.stdout, yes.stderr) == ("y\n", "")


def test_an_ignored_sigchld_does_not_hide_the_commands_end() -> None:
    result = runwrap(*sh("exit 7"), before=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN))
    assert result.status == 7


@pytest.mark.parametrize("name", ["CHLD", "ALRM", "TERM"])
def test_a_blocked_signal_breaks_no_deadline(name: str) -> None:
    number = getattr(signal, "SIG" + name)
    result = runwrap(
        "-t", "0.1", "-k", "0.1", "sleep", "60",
        before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, (number,)),
    )  # fmt: skip
    assert (result.status, result.all_dead) == (124, True)


@pytest.mark.parametrize("closed", [(0,), (1,), (2,), (0, 1, 2)])
@in_tiers("group", "strict")
def test_closed_standard_descriptors_stay_closed(closed: tuple[int, ...], tmp_path: Path) -> None:
    def close() -> None:
        for descriptor in closed:
            os.close(descriptor)

    note = tmp_path / "note"
    code = (
        "import os, sys; note = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT); "
        "note = os.dup2(note, 200) if note < 3 else note; "
        "os.write(note, repr(sorted(int(fd) for fd in os.listdir('/proc/self/fd'))).encode())"
    )
    plain = runwrap(str(note), program=python(code), before=close)
    expected = note.read_text()
    note.unlink()
    wrapped = runwrap(*python(code), str(note), before=close)
    assert (plain.status, wrapped.status) == (0, 0)
    assert note.read_text() == expected


def test_a_deadline_holds_with_every_standard_descriptor_closed() -> None:
    def close() -> None:
        for descriptor in (0, 1, 2):
            os.close(descriptor)

    assert runwrap("-t", "0.1", "sleep", "60", before=close).status == 124


@in_tiers("group", "strict")
def test_open_descriptors_are_inherited_and_none_of_ours_is_added() -> None:
    listing = sh(
        "ls -l /proc/self/fd | sed 's/.*[0-9] \\([0-9]* ->\\)/\\1/' | grep -v /proc | wc -l"
    )

    def open_one() -> None:
        os.dup2(0, 77)

    plain = runwrap(program=listing, before=open_one)
    wrapped = runwrap(*listing, before=open_one)
    assert wrapped.out == plain.out


@in_tiers("group", "strict")
def test_limits_are_inherited() -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (123, 456))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    listing = sh("cat /proc/self/limits")
    assert runwrap(*listing, before=limit).out == runwrap(program=listing, before=limit).out


def test_a_limit_on_file_sizes_is_not_ours() -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    result = runwrap("sh", "-c", "exit 7", before=limit)
    assert (result.status, result.err) == (7, "")


@pytest.mark.parametrize(
    "locale", [{}, {"LANG": "C"}, {"LC_ALL": "POSIX"}, {"LC_CTYPE": "C.UTF-8"}]
)
@in_tiers("group", "strict")
def test_the_environment_is_the_callers_to_the_letter(locale: dict[str, str]) -> None:
    # Python sets LC_CTYPE in its own environment where the locale is C.
    environment = {"PATH": os.environ["PATH"], "ODD": "\udcff=\n", "EMPTY": ""} | locale
    show = ["env", "-0"]
    plain = subprocess.run(show, env=environment, capture_output=True, check=True)
    wrapped = subprocess.run(
        [RUNWRAP, "--", *show], env=environment, capture_output=True, check=True
    )
    assert sorted(wrapped.stdout.split(b"\0")) == sorted(plain.stdout.split(b"\0"))


def test_arguments_of_any_byte_but_nul_arrive_untouched() -> None:
    word = bytes(range(1, 256))
    shown = subprocess.run(
        [RUNWRAP, "--", "printf", "%s", word], capture_output=True, check=True,
        env=clean_environment(),
    )  # fmt: skip
    assert shown.stdout == word


def test_env_sets_and_unset_removes_and_later_ones_win() -> None:
    result = runwrap("-e", "A=1", "-e", "A=2=3", "-u", "HOME", *sh("echo $A ${HOME-none}"))
    assert result.out == "2=3 none\n"


def test_a_clean_environment_has_only_what_is_set() -> None:
    result = runwrap("--clean-env", "-e", "A=1", "/usr/bin/env")
    assert result.out == "A=1\n"


def test_the_commands_own_path_is_searched(tmp_path: Path) -> None:
    program = tmp_path / "tool"
    program.write_text("#!/bin/sh\necho found\n")
    program.chmod(0o755)
    assert runwrap("-e", f"PATH={tmp_path}", "tool").out == "found\n"


def test_chdir_changes_the_folder_but_not_which_program_a_relative_path_names(
    tmp_path: Path,
) -> None:
    program = tmp_path / "tool"
    program.write_text("#!/bin/sh\npwd\n")
    program.chmod(0o755)
    assert runwrap("-C", "/", "./tool", cwd=tmp_path).out == "/\n"


def test_umask_and_nice_are_the_commands_alone() -> None:
    result = runwrap("--umask", "027", "--nice", "3", *sh("umask; nice"))
    assert result.out.split() == ["0027", str(os.nice(0) + 3)]


def test_stdin_stdout_and_stderr_can_be_files(tmp_path: Path) -> None:
    (tmp_path / "in").write_text("text\n")
    files = ("--stdin", "in", "--stdout", "out", "--stderr", "err")
    runwrap(*files, *sh("cat; echo oops >&2"), cwd=tmp_path)
    assert (tmp_path / "out").read_text() == "text\n"
    assert (tmp_path / "err").read_text() == "oops\n"


def test_stdout_and_stderr_can_be_the_same_file(tmp_path: Path) -> None:
    files = ("--stdout", "both", "--stderr", "both")
    runwrap(*files, *sh("echo 1; echo 2 >&2; echo 3"), cwd=tmp_path)
    assert (tmp_path / "both").read_text() == "1\n2\n3\n"


def test_files_are_emptied_first_or_appended_to(tmp_path: Path) -> None:
    for words in ((), (), ("--append",)):
        runwrap("--stdout", "out", *words, "echo", "x", cwd=tmp_path)
    assert (tmp_path / "out").read_text() == "x\nx\n"


def test_a_dry_run_touches_nothing(tmp_path: Path) -> None:
    result = runwrap("--dry-run", "--stdout", "out", "touch", "file", cwd=tmp_path)
    assert (result.status, os.listdir(tmp_path)) == (0, [])
    assert "command:     touch file" in result.out


def test_a_command_without_a_terminal_gets_a_session_of_its_own() -> None:
    show = python("import os; print(os.getsid(0) == os.getpid() == os.getpgrp())")
    assert runwrap(*show).out == "True\n"


@pytest.mark.parametrize("words", [("-f",), ("--session", "foreground")])
def test_foreground_keeps_the_command_in_runwraps_process_group(words: tuple[str, ...]) -> None:
    running = Running(*words, *python("import os; print(os.getpgrp())"))
    assert running.wait().out == f"{running.pid}\n"


def test_the_pipe_size_flags_and_position_of_stdin_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"abcdef")
    with open(path) as file:
        fcntl.fcntl(file, fcntl.F_SETFL, os.O_NONBLOCK)
        os.lseek(file.fileno(), 2, os.SEEK_SET)
        assert runwrap("cat", stdin=file.fileno()).out == "cdef"
        assert fcntl.fcntl(file, fcntl.F_GETFL) & os.O_NONBLOCK


def test_it_runs_where_python_would_write_no_bytecode_and_read_no_site() -> None:
    result = runwrap("-m", "runwrap", "--", "true", program=(sys.executable, "-B", "-E", "-s"))
    assert result.status == 0


def test_a_locale_that_python_overrides_reaches_the_command_as_it_was() -> None:
    environment = {"PATH": os.environ["PATH"], "LC_CTYPE": "C"}
    shown = subprocess.run(
        [RUNWRAP, "--", "env"], env=environment, capture_output=True, text=True, check=True
    )
    assert "LC_CTYPE=C\n" in shown.stdout


def test_a_relative_command_keeps_its_name(tmp_path: Path) -> None:
    program = tmp_path / "tool"
    program.write_text('#!/bin/sh\necho "$0"\n')
    program.chmod(0o755)
    assert runwrap("./tool", cwd=tmp_path).out == "./tool\n"
