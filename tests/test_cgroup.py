"""With a cgroup of the job's own, not even a storm of forks, or another user, outlives runwrap."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import (
    PATIENCE,
    RUNWRAP,
    Running,
    fifo,
    python,
    read_line,
    runwrap,
    sh,
    wait_for_state,
)

if sys.platform != "linux":
    pytest.skip("needs Linux", allow_module_level=True)

from runwrap.containment.cgroup import OwnCgroup
from runwrap.native import children
from runwrap.native import linux_cgroups as native
from tests.cgroups import TIER, Home, as_nobody, make_home
from tests.storms import NOBODY, need_root, storm
from tests.test_containment import HOPPER, STORM
from tests.test_guardian import STUBBORN

UNSHARE = ("unshare", "--user", "--map-root-user", "--mount")  # mounts that nobody else sees


@pytest.fixture
def home() -> Iterator[Home]:
    made = make_home()
    yield made
    made.remove()


@pytest.fixture
def public() -> Iterator[Path]:
    """Return a folder that another user may enter, as those of pytest's aren't."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def start_stubborn(home: Home, folder: Path, *options: str) -> tuple[Running, int]:
    """Start a job that nothing but SIGKILL ends; return it with the guardian's pid."""
    say = fifo(folder)
    words = (*TIER, *options, "--", *STUBBORN)
    running = Running(*words, env={"SAY": say}, before=home.enter)
    return running, int(read_line(say))


def kill_both(front: int, guardian: int) -> None:
    """Kill front and guardian, with no time between for either to see the other's death."""
    for number in (signal.SIGSTOP, signal.SIGKILL):
        os.kill(front, number)
        os.kill(guardian, number)


def test_the_command_is_in_a_cgroup_of_its_own_before_it_is_executed(home: Home) -> None:
    result = runwrap(*TIER, "cat", "/proc/self/cgroup", before=home.enter)
    assert f"/{home.path.name}/runwrap-" in result.out.splitlines()[-1]


def test_runwrap_is_not_in_it(home: Home) -> None:
    result = runwrap(*TIER, *sh("cat /proc/$PPID/cgroup; :"), before=home.enter)
    assert result.out.splitlines()[-1].endswith(f"/{home.path.name}")


def test_the_cgroup_is_removed_at_the_end(home: Home) -> None:
    result = runwrap(*TIER, "-t", "0.1", "sleep", "60", before=home.enter)
    assert (result.status, home.inner()) == (124, [])


def test_what_the_command_has_made_in_it_is_removed_too(home: Home) -> None:
    script = 'mkdir -p "$0/$(sed -n "s/^0::.*\\///p" /proc/self/cgroup)/inner/most"; exit 3'
    result = runwrap(*TIER, "sh", "-c", script, str(home.path), before=home.enter)
    assert (result.status, result.err, home.inner()) == (3, "", [])


NEST = """
import os
os.chdir(sys.argv[1])
for _ in range(1200):
    os.mkdir("in")
    os.chdir("in")
with open("cgroup.procs", "w") as file:
    file.write("0")
os.execvp("sleep", ["sleep", "60"])
"""


def test_a_command_deep_below_its_cgroup_is_killed_and_all_of_it_removed(home: Home) -> None:
    find = "import glob, sys; sys.argv.append(glob.glob('runwrap-*')[0])"
    command = python(find + NEST)
    result = runwrap(*TIER, "-k", "0", "-t", "3", "--", *command, before=home.enter, cwd=home.path)
    assert (result.status, result.all_dead, home.inner()) == (124, True, [])


def test_the_cgroup_is_removed_where_the_command_cannot_be_started(home: Home) -> None:
    result = runwrap(*TIER, "/nonexistent", before=home.enter)
    assert (result.status, home.inner()) == (127, [])


def test_one_runwrap_works_in_another(home: Home) -> None:
    words = (*TIER, "-t", "0.3", "-k", "0", RUNWRAP, *TIER, "--", *STUBBORN)
    result = runwrap(*words, env={"SAY": os.devnull}, before=home.enter)
    assert (result.status, result.all_dead, home.inner()) == (124, True, [])


def test_when_runwrap_is_killed_everything_dies(home: Home, tmp_path: Path) -> None:
    running, _ = start_stubborn(home, tmp_path)
    running.signal(signal.SIGKILL)
    assert running.wait(all_dead_within=PATIENCE).all_dead


def test_when_the_guardian_is_killed_the_front_ends_it_all(home: Home, tmp_path: Path) -> None:
    running, guardian = start_stubborn(home, tmp_path)
    os.kill(guardian, signal.SIGKILL)
    result = running.wait()
    assert (result.status, result.all_dead, home.inner()) == (125, True, [])


def test_what_is_left_when_both_are_killed_is_ended_by_the_next(home: Home, tmp_path: Path) -> None:
    running, guardian = start_stubborn(home, tmp_path)
    kill_both(running.pid, guardian)
    running.process.wait(PATIENCE)
    assert not running.lifeline.all_dead()
    assert runwrap(*TIER, "true", before=home.enter).status == 0
    assert running.wait(all_dead_within=PATIENCE).all_dead
    assert home.inner() == []


def test_the_cgroup_of_one_that_lives_is_left_alone(home: Home, tmp_path: Path) -> None:
    running, _ = start_stubborn(home, tmp_path)
    assert runwrap(*TIER, "true", before=home.enter).status == 0
    assert not running.lifeline.all_dead()
    running.signal(signal.SIGKILL)
    assert running.wait(all_dead_within=PATIENCE).all_dead


@pytest.mark.parametrize("name", ["runwrap-jobs", "runwrap-1-2.scope", "runwrap-x-12345678", "run"])
def test_a_cgroup_that_only_has_a_similar_name_is_left_alone(home: Home, name: str) -> None:
    (home.path / name).mkdir()
    assert runwrap(*TIER, "true", before=home.enter).status == 0
    assert home.inner() == [name]


def test_what_may_live_on_is_left_alone_by_the_next(home: Home, tmp_path: Path) -> None:
    gate = fifo(tmp_path)
    script = f"setsid sh -c 'read x < {gate}' & exit 7"
    running = Running(*TIER, "--leak", "allow", *sh(script), before=home.enter)
    running.process.wait(PATIENCE)
    assert runwrap(*TIER, "true", before=home.enter).status == 0
    assert not running.lifeline.all_dead()
    Path(gate).write_text("now\n")
    assert running.wait(all_dead_within=PATIENCE).status == 7


def test_the_cgroup_of_what_has_lived_on_is_removed_by_the_next(home: Home, tmp_path: Path) -> None:
    gate = fifo(tmp_path)
    script = f"setsid sh -c 'read x < {gate}' & exit 7"
    running = Running(*TIER, "--leak", "allow", *sh(script), before=home.enter)
    running.process.wait(PATIENCE)
    Path(gate).write_text("now\n")
    assert running.wait(all_dead_within=PATIENCE).all_dead
    runwrap(*TIER, "true", before=home.enter)
    assert home.inner() == []


@pytest.mark.parametrize("code", [HOPPER, STORM], ids=["hopper", "storm"])
def test_nothing_escapes_a_deadline(code: str, home: Home) -> None:
    words = (*TIER, "-t", "0.2", "-k", "0.1", "--leak", "wait")
    result = runwrap(*words, *python(code), before=home.enter)
    assert (result.status, result.all_dead) == (124, True)


@pytest.mark.parametrize(
    "processes", [500, pytest.param(900, marks=pytest.mark.slow)], ids=["large", "huge"]
)
def test_a_storm_of_forks_is_ended(processes: int, home: Home, tmp_path: Path) -> None:
    need_root()
    say = fifo(tmp_path)
    running = Running(*TIER, "-k", "0", "--", *storm(processes, say), before=home.enter)
    with open(say) as told:
        assert told.readline().rstrip().isdigit()
        assert told.readline() == "full\n"
        running.signal(signal.SIGTERM)
        result = running.wait()
    assert (result.status, result.all_dead, home.inner()) == (-signal.SIGKILL, True, [])


def test_a_storm_that_lost_its_guardian_is_ended(home: Home, tmp_path: Path) -> None:
    need_root()
    say = fifo(tmp_path)
    running = Running(*TIER, "--", *storm(500, say), before=home.enter)
    with open(say) as told:
        guardian = int(told.readline())
        assert told.readline() == "full\n"
        os.kill(guardian, signal.SIGKILL)
        result = running.wait()
    assert (result.status, result.all_dead, home.inner()) == (125, True, [])


def test_it_works_without_privileges_in_a_cgroup_that_was_delegated(home: Home) -> None:
    program = as_nobody()
    home.give_to(NOBODY)
    words = (*TIER, "-t", "0.1", "sleep", "60")
    result = runwrap(*words, program=program, before=home.enter)
    assert (result.status, result.all_dead, home.inner()) == (124, True, [])


def test_a_set_user_id_descendant_is_killed_without_privileges(home: Home, public: Path) -> None:
    program = as_nobody()
    home.give_to(NOBODY)
    become = public / "become"
    shutil.copy(shutil.which("setpriv") or "", become)
    become.chmod(0o755 | stat.S_ISUID)
    words = (*TIER, "-t", "0.3", "-k", "0", str(become), "--ruid", "0", "sleep", "60")
    result = runwrap(*words, program=program, before=home.enter)
    assert (result.status, result.err.count("\n")) == (124, 1)
    assert result.all_dead


def test_a_process_whose_main_thread_has_ended_is_killed(home: Home) -> None:
    if os.uname().machine != "x86_64":
        pytest.skip("knows the number of the system call on x86-64 only")
    code = (
        "import _thread, ctypes, signal; _thread.start_new_thread(signal.pause, ()); "
        "print(flush=True); ctypes.CDLL(None).syscall(60, 0)"  # exit of this thread alone
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        preexec_fn=home.enter,  # noqa: PLW1509 (the tests have one thread)
    )
    assert child.stdout and child.stdout.readline() == b"\n"
    wait_for_state(child.pid, "Z")
    with OpenHome(home) as cgroup:
        cgroup.kill()
    assert child.wait(PATIENCE) == -signal.SIGKILL


class OpenHome(OwnCgroup):
    """A test's cgroup, as if a job's."""

    def __init__(self, home: Home) -> None:
        self.folder = native.open_folder(str(home.path))

    def __enter__(self) -> "OpenHome":
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.folder)


def test_a_frozen_cgroup_is_refused(home: Home) -> None:
    (home.path / "cgroup.freeze").write_text("1")
    with pytest.raises(OSError, match="it is frozen"):
        OwnCgroup(str(home.path), lasting=False)
    assert home.inner() == []


def test_no_permission_is_told_with_a_way_out(home: Home) -> None:
    result = runwrap(*TIER, "true", program=as_nobody(), before=home.enter)
    assert (result.status, result.err.count("\n")) == (125, 1)
    assert f"no cgroup can be had in {home.path}: Permission denied; systemd-run" in result.err


def test_a_read_only_hierarchy_is_told(home: Home) -> None:
    script = f'mount -o bind,ro "$0" "$0"; exec {RUNWRAP} "$@"'
    program = (*UNSHARE, "sh", "-c", script, str(home.path))
    result = runwrap(*TIER, "true", program=program, before=home.enter)
    assert (result.status, result.err.count("\n")) == (125, 1)
    assert result.err.endswith(f"no cgroup can be had in {home.path}: Read-only file system\n")


def test_a_hierarchy_that_is_hidden_is_told() -> None:
    script = f'mount -t tmpfs none /sys/fs/cgroup; exec {RUNWRAP} "$@"'
    result = runwrap(*TIER, "true", program=(*UNSHARE, "sh", "-c", script, "sh"))
    assert (result.status, result.err) == (
        125,
        "runwrap: cannot contain by reaper+cgroup: no cgroup v2 file system shows the cgroup that "
        "runwrap is in\n",
    )


def test_what_cannot_be_seen_in_proc_is_killed_all_the_same(home: Home) -> None:
    # /proc of another PID namespace: nothing can be found there.
    hidden = ("unshare", "--user", "--map-root-user", "--pid", "--fork", "sh", "-c")
    options = "--contain reaper+cgroup -k 0 --leak-timeout 0"
    script = f"{RUNWRAP} {options} sh -c '(setsid sleep 60 &); exit 3'; exit $?"
    result = runwrap(script, program=hidden, before=home.enter)
    assert (result.status, result.all_dead, home.inner()) == (3, True, [])


def test_who_has_joined_another_pid_namespace_is_killed(home: Home) -> None:
    need_root()
    say_and_stay = ("unshare", "--pid", "--fork", "--kill-child", *sh("echo; exec sleep 60"))
    with subprocess.Popen(say_and_stay, stdout=subprocess.PIPE) as other:
        assert other.stdout
        other.stdout.readline()
        (init,) = children(other.pid)
        script = f"nsenter --pid --target {init} sh -c 'sleep 60 & exit 3'"
        result = runwrap(*TIER, *sh(script), before=home.enter)
        other.kill()
    assert (result.status, result.all_dead, home.inner()) == (3, True, [])


def test_death_by_signal_is_propagated(home: Home) -> None:
    result = runwrap(*TIER, *sh("kill -USR1 $$"), before=home.enter)
    assert result.status == -signal.SIGUSR1


def test_auto_makes_no_cgroup(home: Home) -> None:
    result = runwrap("cat", "/proc/self/cgroup", before=home.enter)
    assert result.out.splitlines()[-1].endswith(f"/{home.path.name}")


@pytest.mark.parametrize(
    ("root", "mounted", "path", "folder"),
    [
        (b"/", b"/sys/fs/cgroup", b"/", "/sys/fs/cgroup"),
        (b"/", b"/sys/fs/cgroup", b"/a/b", "/sys/fs/cgroup/a/b"),
        (b"/a", b"/mnt", b"/a/b", "/mnt/b"),
        (b"/a/b", b"/mnt", b"/a/b", "/mnt"),
        (b"/a", b"/mnt", b"/ab", ""),
        (b"/", b"/mnt", b"/../a", ""),
        (b"/..", b"/mnt", b"/", ""),
        (b"/", b"/a\\040blank", b"/", "/a blank"),
    ],
)
def test_a_mount_shows_the_cgroups_below_its_root(
    root: bytes, mounted: bytes, path: bytes, folder: str
) -> None:
    assert native.shown_at(root, mounted, path) == folder
