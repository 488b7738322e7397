"""One process can run many jobs, in turn and at once, and is afterwards as it was before."""

import sys
from pathlib import Path

import pytest

from tests.support import runwrap

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

# A program that runs jobs: `plan`, `front` and `begin` are there, and `state` tells what it has
# that a job could change. It prints `as before` in the end if that is so.
HOST = """
import os, signal
from runwrap.guard.front import Front
from runwrap.job import begin
from runwrap.launch.inherited import inspect
from runwrap.model.decide import decide
from runwrap.model.request import Request

def plan(*words, **options):
    return decide(Request(operands=words, **options))

def state():
    return (
        signal.pthread_sigmask(signal.SIG_BLOCK, ()),
        [signal.getsignal(number) for number in sorted(signal.valid_signals())],
        sorted((one, os.readlink(f"/proc/self/fd/{one}")) for one in os.listdir("/proc/self/fd")
               if os.path.exists(f"/proc/self/fd/{one}")),
    )

heard = []
before = state()
front = Front(inspect())
"""
AFTER = """
front.close()
assert state() == before, (before, state())
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("as before")
"""
AS_BEFORE = ("", "as before\n", True)


def host(code: str, folder: Path | None = None) -> tuple[str, str, bool]:
    """Run a program that runs jobs, and see that it is afterwards as it was."""
    ran = runwrap(program=(sys.executable, "-c", HOST + code + AFTER), cwd=folder)
    return ran.err, ran.out, ran.all_dead


def test_a_hundred_jobs_in_turn() -> None:
    assert (
        host("""
ends = [front.wait(begin(front, plan("sh", "-c", f"exit {n}"), heard.append)) for n in range(100)]
assert [os.waitstatus_to_exitcode(one.status) for one in ends] == [*range(100)]
""")
        == AS_BEFORE
    )


def test_ten_jobs_at_once(tmp_path: Path) -> None:
    # Each waits for a word of its own. They get it in reverse, so all of them run until then.
    assert (
        host(
            """
for n in range(10):
    os.mkfifo(str(n))
held = [begin(front, plan("sh", "-c", "read word <$0; exit $0", str(n)), heard.append)
        for n in range(10)]
for n in reversed(range(10)):
    with open(str(n), "w") as file:
        file.write("go\\n")
ends = [front.wait(one) for one in held]
assert [os.waitstatus_to_exitcode(one.status) for one in ends] == [*range(10)]
""",
            tmp_path,
        )
        == AS_BEFORE
    )


def test_of_jobs_at_once_only_the_one_whose_guardian_is_killed_ends(tmp_path: Path) -> None:
    assert (
        host(
            """
os.mkfifo("fifo")
other = begin(front, plan("sh", "-c", "read word <fifo; exit 3"), heard.append)
one = begin(front, plan("sh", "-c", "sleep 60 & sleep 60"), heard.append)
os.kill(one.pid, signal.SIGKILL)
lost = front.wait(one)
assert (lost.failure.step, lost.failure.detail) == ("guardian", "was killed by signal 9"), lost
assert (lost.survivors, other.outcome) == ((), None)
with open("fifo", "w") as file:
    file.write("go\\n")
assert os.waitstatus_to_exitcode(front.wait(other).status) == 3
""",
            tmp_path,
        )
        == AS_BEFORE
    )


def test_what_one_job_was_allowed_to_leave_outlives_the_end_of_another(tmp_path: Path) -> None:
    assert (
        host(
            """
os.mkfifo("fifo")
script = "(read word <fifo; exit 4) >/dev/null & echo $! >pid"
allowing = begin(front, plan("sh", "-c", script, leak="allow"), heard.append)
one = begin(front, plan("sleep", "60"), heard.append)
front.wait(allowing)
os.kill(one.pid, signal.SIGKILL)
front.wait(one)
with open("fifo", "w") as file:
    file.write("go\\n")
left = int(open("pid").read())
assert os.waitstatus_to_exitcode(os.waitpid(left, 0)[1]) == 4
""",
            tmp_path,
        )
        == AS_BEFORE
    )


def test_a_job_that_cannot_be_started_leaves_nothing_open() -> None:
    assert (
        host("""
for words, files in ((("nonexistent",), {"stdin": "/dev/null"}),
                     (("true",), {"stdout": "/dev/null", "stdin": "/nonexistent"})):
    started = begin(front, plan(*words, **files), heard.append)
    assert started.failure, started
failed = front.wait(begin(front, plan("true", chdir="/nonexistent"), heard.append))
assert failed.failure.step == "chdir"
""")
        == AS_BEFORE
    )


def test_an_exception_in_a_guardian_is_one_message_and_ends_the_job() -> None:
    assert (
        host("""
def fail(notice):
    raise ZeroDivisionError("odd")

lost = front.wait(begin(front, plan("sh", "-c", "sleep 60 & sleep 60", timeout=0.05), fail))
assert lost.failure.step == "guardian", lost
assert lost.failure.detail.startswith("failed: ZeroDivisionError: odd"), lost
""")
        == AS_BEFORE
    )


def test_a_signal_reaches_every_job_that_runs(tmp_path: Path) -> None:
    assert (
        host(
            """
import subprocess
os.mkfifo("fifo")
script = "exec 2>/dev/null; trap 'exit 7' USR1; echo >fifo; while :; do sleep 0.01; done"
held = []
for n in range(3):
    held.append(begin(front, plan("sh", "-c", script), heard.append))
    open("fifo").read()
subprocess.run(["kill", "-USR1", str(os.getpid())])
assert [os.waitstatus_to_exitcode(front.wait(one).status) for one in held] == [7, 7, 7]
""",
            tmp_path,
        )
        == AS_BEFORE
    )
