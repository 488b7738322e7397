"""--report: what happened, for programs, in the form that the schema gives."""

import json
import os
import select
import signal
import socket
import stat
import subprocess
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from runwrap.model.decide import decide
from runwrap.model.outcome import Failure, Outcome
from runwrap.model.request import Request
from runwrap.model.verdict import judge
from runwrap.report.outcome_json import describe
from tests import namespaces
from tests.support import RUNWRAP, Result, Running, block, fifo, python, ready_in_time, runwrap, sh

SCHEMA = json.loads((Path(__file__).parent.parent / "schema/report.schema.json").read_text())
TIERS = ["reaper", "group", "strict"]


def read(file: Path) -> dict[str, Any]:
    """Return a report that keeps to the schema."""
    report: dict[str, Any] = json.loads(file.read_text())
    jsonschema.validate(report, SCHEMA, jsonschema.Draft202012Validator)
    return report


def reported(
    folder: Path,
    *words: str,
    program: tuple[str, ...] = (RUNWRAP,),
    before: Callable[[], object] | None = None,
) -> dict[str, Any]:
    """Run a command line to its end, and return its report, which agrees with how that was."""
    command, rest = ("pipe", words[1:]) if words[0] == "pipe" else ("run", words)
    words = (command, "--report", str(folder / "report"), *rest)
    result = runwrap(*words, program=program, before=before)
    report = read(folder / "report")
    agrees(report, result)
    return report


def agrees(report: dict[str, Any], result: Result) -> None:
    """See that runwrap ended, and said, what the report does."""
    by = -result.status if result.status < 0 else 0
    assert report["exit_code"] == (128 + by if by else result.status)
    assert report["exit_signal"] == (signal.Signals(by).name.removeprefix("SIG") if by else None)
    warned = [line.removeprefix("runwrap: ") for line in result.err.splitlines()]
    assert not warned or report["reason"] == "; ".join(warned)


def ends(report: dict[str, Any]) -> list[tuple[int | None, str | None]]:
    """Return the exit code, or the signal, of each stage."""
    found = [stage["process"]["exit"] for stage in report["stages"]]
    return [(one["code"], one["signal"]) for one in found]


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


# Endings


@pytest.mark.parametrize("tier", TIERS)
def test_success(tier: str, tmp_path: Path) -> None:
    report = reported(tmp_path, "--contain", tier, "true")
    assert (report["result"], report["terminationreason"]) == ("success", None)
    assert (ends(report), report["contain"]) == ([(0, None)], tier)
    assert report["reason"].startswith("true: exited 0 after ")


@pytest.mark.parametrize("tier", TIERS)
def test_failure(tier: str, tmp_path: Path) -> None:
    report = reported(tmp_path, "--contain", tier, *sh("exit 7"))
    assert (report["result"], report["exit_code"], ends(report)) == ("failure", 7, [(7, None)])


@pytest.mark.parametrize("tier", TIERS)
def test_death_by_a_signal(tier: str, tmp_path: Path) -> None:
    report = reported(tmp_path, "--contain", tier, *sh("kill -USR1 $$; sleep 60"))
    assert (report["result"], report["terminationreason"]) == ("signal", None)
    assert (report["exit_signal"], ends(report)) == ("USR1", [(None, "USR1")])


@pytest.mark.parametrize("tier", TIERS)
def test_a_limit(tier: str, tmp_path: Path) -> None:
    code = "import os; os.posix_spawn('/bin/sleep', ['sleep', '60'], os.environ); os.wait()"

    def attempt(limit: float) -> dict[str, Any] | None:
        words = ("-t", str(limit), "-k", "0.1", *python(code))
        report = reported(tmp_path, "--contain", tier, *words, before=block(signal.SIGTERM))
        assert report["timeout"] == limit
        ran = [one["command_line"] for one in report["running"]]
        return report if ran[1:] == ["sleep 60"] else None

    report = ready_in_time(attempt)
    assert (report["result"], report["terminationreason"]) == ("timeout", "walltime")
    assert report["exit_code"] == 124
    assert [one["signal"] for one in report["signals"]] == ["TERM", "KILL"]
    assert ends(report) == [(None, "KILL")]


@pytest.mark.parametrize("policy", ["kill", "fail"])
def test_a_leak(policy: str, tmp_path: Path) -> None:
    words = ("--leak", policy, "--leak-timeout", "0", *sh("sleep 60 & exit 0"))
    report = reported(tmp_path, *words)
    assert report["result"] == {"kill": "success", "fail": "leak"}[policy]
    assert report["exit_code"] == {"kill": 0, "fail": 123}[policy]
    assert len(report["leaks"]) == 1
    assert (report["terminationreason"], ends(report)) == (None, [(0, None)])


@pytest.mark.parametrize("tier", ["reaper", "group"])
def test_a_survivor(tier: str, tmp_path: Path) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can make a process that its own user may not kill")
    weak = ("setpriv", "--bounding-set", "-kill", "--inh-caps", "-kill", RUNWRAP)
    command = ("setpriv", "--reuid", "65534", "--clear-groups", "sleep", "60")
    words = ("--contain", tier, "-t", "0.3", "-k", "0.1", *command)
    report = reported(tmp_path, *words, program=weak)
    assert (report["result"], report["exit_code"]) == ("survivors", 125)
    (left,) = report["survivors"]
    os.kill(left["pid"], signal.SIGKILL)  # by us, who may
    assert (left["command_line"], left["errno"]) == ("sleep 60", 1)
    assert (ends(report), report["stages"][0]["walltime"]) == ([(None, None)], None)


def test_a_program_that_is_not_found(tmp_path: Path) -> None:
    report = reported(tmp_path, "xyzzy")
    assert (report["result"], report["terminationreason"]) == ("not-found", "failed")
    assert (report["failure"]["subject"], report["failure"]["errno"]) == ("xyzzy", 2)
    assert (report["stages"][0]["process"]["pid"], report["walltime"]) == (None, 0)


def test_a_file_that_cannot_be_executed(tmp_path: Path) -> None:
    report = reported(tmp_path, "/etc/passwd")
    assert (report["result"], report["exit_code"]) == ("not-executable", 126)
    assert (report["stages"][0]["process"]["pid"], report["walltime"]) == (None, 0)


def test_a_folder_that_cannot_be_entered(tmp_path: Path) -> None:
    report = reported(tmp_path, "-C", "/etc/passwd", "true")
    assert (report["result"], report["failure"]["step"]) == ("error", "chdir")


@pytest.mark.parametrize("tier", ["reaper", "group"])
def test_a_pipeline_that_was_started_by_half(tier: str, tmp_path: Path) -> None:
    odd = tmp_path / "odd"
    odd.write_text("#!/nonexistent/interpreter\n")
    odd.chmod(0o755)
    report = reported(tmp_path, "pipe", "--contain", tier, f"sleep 60 | sleep 61 | {odd} | cat")
    assert (report["result"], report["failure"]["step"]) == ("not-executable", "interpreter")
    assert ends(report) == [(None, "KILL"), (None, "KILL"), (None, None), (None, None)]
    assert [bool(stage["process"]["pid"]) for stage in report["stages"]] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("tier", TIERS)
def test_a_pipeline(tier: str, tmp_path: Path) -> None:
    report = reported(tmp_path, "pipe", "--contain", tier, "yes | head -n 1 | sh -c 'cat; exit 3'")
    assert (report["result"], report["exit_code"], report["pipefail"]) == (
        "failure",
        3,
        "sigpipe-ok",
    )
    assert ends(report) == [(None, "PIPE"), (0, None), (3, None)]
    assert report["stages"][1]["process"]["command_args"] == ["head", "-n", "1"]


def test_a_signal_to_runwrap_that_ends_the_command(tmp_path: Path) -> None:
    file, ready = tmp_path / "report", fifo(tmp_path)
    script = f"echo >{ready}; exec sleep 60"
    running = Running("--report", str(file), "-k", "1m", *sh(script))
    Path(ready).read_text()
    running.signal(signal.SIGTERM)
    agrees(read_after(running, file), result := running.wait())
    assert result.status == -signal.SIGTERM


def read_after(running: Running, file: Path) -> dict[str, Any]:
    running.process.wait()
    return read(file)


def test_a_signal_to_runwrap_whose_command_has_to_be_killed(tmp_path: Path) -> None:
    file, ready = tmp_path / "report", fifo(tmp_path)
    script = f"trap '' TERM; echo >{ready}; sleep 60; :"
    running = Running("--report", str(file), "-k", "0.1", *sh(script))
    Path(ready).read_text()
    running.signal(signal.SIGTERM)
    running.wait()
    report = read(file)
    assert (report["result"], report["terminationreason"]) == ("interrupted", "killed")
    assert [one["signal"] for one in report["signals"]] == ["KILL"]


def test_a_guardian_that_was_killed(tmp_path: Path) -> None:
    report = reported(tmp_path, *sh("sleep 0.3; kill -9 $PPID; sleep 60"))
    assert (report["result"], report["failure"]["step"]) == ("error", "guardian")
    assert report["walltime"] >= 0.3


@pytest.mark.parametrize(
    ("outcome", "result"),
    [
        (Outcome(command="true", failure=Failure(step="fork", subject="true", errno=11)), "error"),
        (Outcome(command="true", reason="timeout", limit=5.0), "timeout"),
        (Outcome(command="true", status=0, proved=False), "survivors"),
    ],
    ids=["no fork", "opening", "unseen survivors"],
)
def test_other_endings(outcome: Outcome, result: str) -> None:
    plan = decide(Request(operands=("true",), report="file"))
    verdict = judge(outcome, plan)
    report = json.loads(describe(plan, outcome, verdict, 1, (0.9999999, 1.5)))
    jsonschema.validate(report, SCHEMA, jsonschema.Draft202012Validator)
    assert report["result"] == result
    assert report["start"] <= report["end"] == "1970-01-01T00:00:01.500000Z"


# Figures


def test_what_a_command_and_its_orphans_have_used_is_told(tmp_path: Path) -> None:
    burn = "import os, time\nwhile time.process_time() < {}: pass\n"
    orphan = "os.fork() and os._exit(0)\n" + burn.format(0.3)
    fill = "x = bytearray(64 << 20)\n" + burn.format(0.1)
    report = reported(tmp_path, "--leak", "wait", *python(fill + orphan))
    (stage,) = report["stages"]
    assert 0.1 <= stage["cputime"] < 0.3 <= report["cputime"] < 5
    assert 64 << 20 < stage["memory"] <= report["memory"] < 200 << 20
    assert report["memory_floor"] < 64 << 20
    assert stage["walltime"] <= report["walltime"]


@pytest.mark.parametrize("tier", ["reaper", "group"])
def test_the_figures_are_known_in_each_tier(tier: str, tmp_path: Path) -> None:
    report = reported(tmp_path, "pipe", "--contain", tier, "true | true")
    assert all(stage["cputime"] is not None and stage["memory"] for stage in report["stages"])
    assert report["cputime"] is not None


def test_the_times_are_instants_in_utc(tmp_path: Path) -> None:
    report = reported(tmp_path, "true")
    start, end = (datetime.fromisoformat(report[name][:-1]) for name in ("start", "end"))
    assert 0 < (end - start).total_seconds() < 60
    assert report["start"].endswith("Z")


def test_a_commands_pid_is_its_own(tmp_path: Path) -> None:
    ran = runwrap("--report", str(tmp_path / "report"), *sh("echo $$"))
    assert read(tmp_path / "report")["stages"][0]["process"]["pid"] == int(ran.out)


@pytest.mark.parametrize("options", [(), ("--contain", "group"), ("--session", "new")])
def test_a_command_runs_in_a_session_of_its_own_all_the_same(
    options: tuple[str, ...], tmp_path: Path
) -> None:
    show = python("import os; print(os.getsid(0) == os.getpid() == os.getpgrp())")
    assert runwrap("--report", str(tmp_path / "report"), *options, *show).out == "True\n"


def test_arguments_of_any_bytes_are_told(tmp_path: Path) -> None:
    report = reported(tmp_path, "true", "\udcff\x01é\"'")
    assert report["stages"][0]["process"]["command_args"] == [
        "true",
        "\\xff\x01é\"'",
    ]


# The file


def test_what_was_there_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("x" * 100_000)
    reported(tmp_path, "true")
    assert os.listdir(tmp_path) == ["report"]


def test_it_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        reported(tmp_path, "true")
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "report").stat().st_mode) == 0o640


def test_what_was_there_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "report").touch(0o600)
    (tmp_path / "report").chmod(0o600)
    reported(tmp_path, "true")
    assert stat.S_IMODE((tmp_path / "report").stat().st_mode) == 0o600


@pytest.mark.skipif(os.getuid() != 0, reason="only root may write what is another's")
def test_what_was_there_keeps_its_owner(tmp_path: Path) -> None:
    (tmp_path / "report").touch(0o600)
    os.chown(tmp_path / "report", 1234, 5678)
    reported(tmp_path, "true")
    facts = (tmp_path / "report").stat()
    assert (facts.st_uid, facts.st_gid) == (1234, 5678)
    assert stat.S_IMODE(facts.st_mode) == 0o600


@pytest.mark.skipif(os.getuid() != 0, reason="only root may write what is another's")
def test_one_whose_owner_cannot_be_kept_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("x" * 100_000)
    os.chown(tmp_path / "report", 1234, 5678)
    before = (tmp_path / "report").stat()
    weak = ("setpriv", "--bounding-set", "-chown", "--inh-caps", "-chown", RUNWRAP)
    reported(tmp_path, "true", program=weak)
    after = (tmp_path / "report").stat()
    assert (after.st_ino, after.st_uid, after.st_gid) == (before.st_ino, 1234, 5678)
    assert os.listdir(tmp_path) == ["report"]


def test_its_other_names_are_names_of_it_still(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("x" * 100_000)
    (tmp_path / "other").hardlink_to(tmp_path / "report")
    reported(tmp_path, "true")
    assert read(tmp_path / "other")["result"] == "success"


def test_its_extended_attributes_stay(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("x" * 100_000)
    try:
        os.setxattr(tmp_path / "report", "user.of", b"somebody")
    except OSError:
        pytest.skip("this file system has none")
    reported(tmp_path, "true")
    assert os.getxattr(tmp_path / "report", "user.of") == b"somebody"


def test_one_that_its_owner_may_not_write_is_refused(tmp_path: Path) -> None:
    (folder := tmp_path / "folder").mkdir()
    folder.chmod(0o777)
    (folder / "report").write_text("as it was")
    (folder / "report").chmod(0o444)
    weak = ("setpriv", "--bounding-set", "-all", "--inh-caps", "-all", RUNWRAP)
    program = weak if os.getuid() == 0 else (RUNWRAP,)
    result = runwrap("--report", str(folder / "report"), "true", program=program)
    assert (result.status, (folder / "report").read_text()) == (125, "as it was")


def test_its_name_may_be_as_long_as_names_can_be(tmp_path: Path) -> None:
    name = "日" * 85  # 255 bytes
    assert runwrap("--report", name, "true", cwd=tmp_path).status == 0
    assert os.listdir(tmp_path) == [name]


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "report").symlink_to("elsewhere")
    reported(tmp_path, "true")
    assert (tmp_path / "report").is_symlink()
    assert read(tmp_path / "elsewhere")["result"] == "success"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can lay a link for another")
@pytest.mark.parametrize("target", ["precious", "missing"])
def test_a_link_that_another_user_laid_out_in_a_folder_for_all_is_not_followed(
    target: str, tmp_path: Path
) -> None:
    if Path("/proc/sys/fs/protected_symlinks").read_text() != "1\n":
        pytest.skip("this system follows such links")
    (tmp_path / "precious").write_text("as it was")
    (everyones := tmp_path / "everyones").mkdir()
    everyones.chmod(0o1777)
    (everyones / "report").symlink_to(tmp_path / target)
    os.lchown(everyones / "report", 65534, 65534)
    result = runwrap("--report", str(everyones / "report"), "touch", str(tmp_path / "started"))
    assert (result.status, sorted(os.listdir(tmp_path))) == (125, ["everyones", "precious"])
    assert result.err.endswith(": Permission denied\n")
    assert (tmp_path / "precious").read_text() == "as it was"


def test_the_target_of_a_link_is_written_over_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("x" * 100_000)
    before = (tmp_path / "target").stat()
    (tmp_path / "report").symlink_to("target")
    reported(tmp_path, "true")
    assert (tmp_path / "target").stat().st_ino == before.st_ino


def test_a_fifo_that_nobody_reads_is_told_with_what_is_missing(tmp_path: Path) -> None:
    result = runwrap("--report", fifo(tmp_path), "true")
    assert result.status == 125
    assert result.err.endswith("/fifo: no process reads this FIFO yet; start its reader first\n")


def test_a_relative_name_is_seen_from_runwraps_own_folder(tmp_path: Path) -> None:
    runwrap("--report", "report", "-C", "/", "true", cwd=tmp_path)
    assert read(tmp_path / "report")["result"] == "success"


def test_standard_output_may_be_the_file() -> None:
    ran = runwrap("--report", "/dev/stdout", "echo", "first")
    first, rest = ran.out.split("\n", 1)
    assert (first, json.loads(rest)["result"]) == ("first", "success")


def test_what_is_written_to_standard_output_afterwards_comes_after_the_report(
    tmp_path: Path,
) -> None:
    with open(tmp_path / "out", "wb", buffering=0) as out:
        words = ("run", "--report", "/dev/stdout", "echo", "first")
        subprocess.run([RUNWRAP, *words], stdout=out, check=True)
        out.write(b"last")
    written = (tmp_path / "out").read_text()
    assert written.startswith("first\n{\n")
    assert written.endswith("}\nlast")


def test_a_socket_may_be_standard_output() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        words = ("run", "--report", "/dev/stdout", "true")
        subprocess.run([RUNWRAP, *words], stdout=theirs.fileno(), check=True)
        assert json.loads(ours.recv(65536))["result"] == "success"


def test_a_descriptor_that_is_open_for_reading_only_is_told(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("as it was")
    with open(tmp_path / "precious", "rb") as file:
        words = ("run", "--report", "/dev/stdin", "touch", str(tmp_path / "started"))
        ran = subprocess.run([RUNWRAP, *words], check=False, stdin=file, stderr=subprocess.PIPE)
    assert (ran.returncode, os.listdir(tmp_path)) == (125, ["precious"])
    assert ran.stderr == b"runwrap: cannot write the report to /dev/stdin: Bad file descriptor\n"
    assert (tmp_path / "precious").read_text() == "as it was"


def test_a_file_in_memory_is_a_file_although_its_folder_is_in_dev() -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        (Path(folder) / "report").write_text("x" * 100_000)
        reported(Path(folder), "true")
        (Path(folder) / "report").unlink()
        reported(Path(folder), "true")


def test_a_report_that_nobody_reads_does_not_hold_runwrap_against_a_signal(tmp_path: Path) -> None:
    reader = os.open(pipe := fifo(tmp_path), os.O_RDONLY | os.O_NONBLOCK)
    # More than a pipe takes; that the first of it is there says that the command has ended.
    running = Running("--report", pipe, "true", "x" * 100_000)
    select.select([reader], [], [])
    running.signal(signal.SIGTERM)
    assert running.wait().status == -signal.SIGTERM
    os.close(reader)


def test_a_report_longer_than_a_pipe_is_read_in_the_end() -> None:
    ran = runwrap("--report", "/dev/stdout", "true", *["x" * 1000] * 200)
    assert len(json.loads(ran.out)["stages"][0]["process"]["command_args"]) == 201


@pytest.mark.parametrize("folder", ["writable", "read-only"])
def test_a_file_that_is_a_mount_point_is_written_over(folder: str, tmp_path: Path) -> None:
    if reason := namespaces.why_not():
        pytest.skip(reason)
    (tmp_path / "outside").write_text("x" * 100_000)
    (inside := tmp_path / "inside").mkdir()
    (inside / "report").touch()
    script = "mount --bind inside inside; mount --bind outside inside/report; "
    if folder == "read-only":
        script += "mount -o remount,ro,bind inside; "
    script += f"! touch inside/more 2>/dev/null; echo $?; {RUNWRAP} --report inside/report true"
    unshare = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c")
    result = runwrap(script, program=unshare, cwd=tmp_path)
    assert (result.status, result.out) == (0, "0\n" if folder == "read-only" else "1\n")
    assert read(tmp_path / "outside")["result"] == "success"
    assert set(os.listdir(inside)) <= {"report", "more"}


@pytest.mark.parametrize("file", ["/nonexistent/folder/report", "/", "fifo", "missing/"])
def test_a_file_that_cannot_be_written_is_told_before_anything_starts(
    file: str, tmp_path: Path
) -> None:
    fifo(tmp_path)  # which nobody reads
    result = runwrap("--report", file, "touch", "started", cwd=tmp_path)
    assert result.status == 125
    assert result.err.startswith(f"runwrap: cannot write the report to {file}: ")
    assert os.listdir(tmp_path) == ["fifo"]


def test_a_file_that_can_no_longer_be_written_is_told(tmp_path: Path) -> None:
    (folder := tmp_path / "folder").mkdir()
    result = runwrap("--report", "folder/report", "rmdir", str(folder), cwd=tmp_path)
    told = "runwrap: cannot write the report to folder/report: No such file or directory\n"
    assert (result.status, result.err) == (125, told)


def test_a_full_disk_is_told() -> None:
    result = runwrap("--report", "/dev/full", "true")
    assert result.status == 125
    assert result.err.endswith("/dev/full: No space left on device\n")


def test_the_command_does_not_inherit_it() -> None:
    show = sh("ls /proc/self/fd | wc -l")
    with_report = runwrap("--report", "/dev/stderr", *show).out
    assert with_report == runwrap(*show).out


def test_a_report_of_many_stages_with_long_names_holds_all_of_them(tmp_path: Path) -> None:
    # It goes through a pipe, which holds at most 1 MiB where one has no privilege.
    program = tmp_path.joinpath(*["x" * 200] * 15, "true")
    program.parent.mkdir(parents=True)
    program.symlink_to("/bin/true")
    words = [str(program), "|"] * 399
    path = tmp_path / "report"
    weak = ("setpriv", "--bounding-set=-sys_resource") if os.getuid() == 0 else ()
    result = runwrap(
        "pipe", "--report", str(path), "--", *words, str(program), program=(*weak, RUNWRAP)
    )
    assert (result.status, result.err) == (0, "")
    stages = json.loads(path.read_text())["stages"]
    assert [one["process"]["exit"]["code"] for one in stages] == [0] * 400


def test_a_replaced_report_does_not_keep_a_set_user_id(tmp_path: Path) -> None:
    path = tmp_path / "report"
    path.touch()
    path.chmod(0o4750)
    assert runwrap("--report", str(path), "true").status == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o750
