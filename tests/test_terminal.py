"""On a real terminal, runwrap is as if it were not there."""

import os
import re
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from runwrap.launch import Placement
from runwrap.watch.job_control import still_stopped
from tests.namespaces import why_not
from tests.screen import CTRL_C, CTRL_D, CTRL_Z, PROMPT, Screen, shown
from tests.support import PATIENCE, fifo, in_tiers, wait_for_state

RAW = f"{sys.executable} -uc 'import signal, tty; tty.setraw(0); print(\"raw\"); signal.pause()'"


# Not a shell: dash starts its commands by vfork, and hangs if a Ctrl-Z comes just then.
ON_AND_DONE = f"""{sys.executable} -uc 'import time; print("on"); time.sleep(0.3); print("done")'"""

# Tells which signal follows a SIGCONT: another, or the SIGWINCH that it sends by way of runwrap.
CONTINUED = (
    f"{sys.executable} -uc 'import os, psutil, signal; both = [18, 28]; "
    "signal.pthread_sigmask(signal.SIG_BLOCK, both); front = psutil.Process(os.getppid()).ppid(); "
    'print("on", front); signal.sigwait([18]); os.kill(front, 28); '
    """print("next:", int(signal.sigwait(both)))'"""
)


@pytest.fixture
def screen() -> Iterator[Screen]:
    screen = Screen()
    yield screen
    screen.close()


def test_the_command_has_the_foreground_and_the_shell_gets_it_back(screen: Screen) -> None:
    before = screen.foreground()
    show = f"{sys.executable} -c 'import os; print(os.tcgetpgrp(0) == os.getpgrp() == os.getpid())'"
    assert screen.run(f"runwrap -- {show}") == "True\n"
    assert screen.foreground() == before


@in_tiers("group", "strict")
def test_ctrl_c_reaches_the_command_and_the_shell_sees_death_by_sigint(screen: Screen) -> None:
    screen.start("runwrap -t 60 -- sh -c 'echo on; exec sleep 60'")
    screen.expect("on\r\n")
    screen.type(CTRL_C)
    screen.expect(PROMPT)
    assert screen.run("echo $?") == "130\n"


@pytest.mark.parametrize("step", ["Front.start", "_Job._supervised"])
def test_ctrl_c_that_comes_before_the_start_reaches_the_command(
    screen: Screen, tmp_path: Path, step: str
) -> None:
    gate = fifo(tmp_path)
    (tmp_path / "late.py").write_text(
        f"""
from runwrap import job
from runwrap.main import main

def late(*given):
    print("on", flush=True)
    open("{gate}").read()
    return real(*given)

real, job.{step} = job.{step}, late
main()
"""
    )
    screen.start(f"{sys.executable} {tmp_path}/late.py -f -- sleep 60")
    screen.expect("on\r\n")
    screen.type(CTRL_C)
    screen.expect(r"\^C")  # the terminal shows it when the signal has been sent
    Path(gate).write_text("")
    screen.expect(PROMPT)
    assert screen.run("echo $?") == "130\n"


@pytest.mark.parametrize("session", ["auto", "foreground", "new"])
@in_tiers("strict")
def test_ctrl_c_reaches_a_command_once(screen: Screen, session: str) -> None:
    code = (
        'import signal; signal.pthread_sigmask(signal.SIG_BLOCK, [2]); print("on"); '
        'signal.sigwait([2]); print("once"); print(signal.sigtimedwait([2], 0.2))'
    )
    screen.start(f"runwrap --session {session} -- {sys.executable} -uc '{code}'")
    screen.expect("on\r\n")
    screen.type(CTRL_C)
    screen.expect("once\r\nNone\r\n")


@pytest.mark.parametrize(
    "words",
    [
        "-k 0.1",
        "-k 0.1 -f",
        "-k 0.1 --contain strict",
        "timeout -k 0.1 60",
        "timeout -k 0.1 --foreground 60",
        "pipe -k 0.1",
    ],
)
@pytest.mark.parametrize("where", ["prompt", "script"])
def test_ctrl_c_starts_the_countdown_to_the_kill(
    screen: Screen, tmp_path: Path, words: str, where: str
) -> None:
    if "strict" in words and (reason := why_not()):
        pytest.skip(reason)
    if words == "timeout -k 0.1 60" and where == "script":
        pytest.skip("as GNU's, it has left the group that gets Ctrl-C")
    deaf, script = tmp_path / "deaf", tmp_path / "script"
    deaf.write_text("#!/bin/sh\ntrap '' INT TERM; echo on; sleep 60\n")
    deaf.chmod(0o755)
    line = f"runwrap {words} {deaf}"
    script.write_text(f"{line}\n:\n")
    screen.start(line if where == "prompt" else f"bash {script}")
    screen.expect("on\r\n")
    screen.type(CTRL_C)
    screen.expect(PROMPT)


@in_tiers("group", "strict")
@pytest.mark.parametrize("option", ["", "-k 60 "])
def test_ctrl_z_stops_the_job_and_fg_continues_it(screen: Screen, option: str) -> None:
    screen.start(f"runwrap {option}-- cat")
    screen.type("first\n")
    screen.expect("first\r\nfirst\r\n")
    screen.type(CTRL_Z)
    assert "Stopped" in screen.expect(PROMPT)
    screen.start("fg")
    screen.expect(f"runwrap {option}-- cat\r\n")
    screen.type("second\n")
    screen.expect("second\r\n.*second\r\n")
    screen.type(CTRL_D)
    screen.expect(PROMPT)
    assert screen.run("echo $?") == "0\n"


def test_what_ended_one_stop_does_not_end_the_next() -> None:
    # Or a Ctrl-Z soon after `fg` would be lost. The group is not orphaned: we are its parent.
    code = (
        "import os; from runwrap.watch.job_control import stop_process; os.setpgid(0, 0); "
        "from runwrap.native import SignalQueue; queue = SignalQueue({18, 20}); "
        "done = stop_process(0, 20), stop_process(0, 20); "
        "os._exit(done != (True, True) or queue.wait(0) is not None)"
    )
    pid = os.posix_spawn(sys.executable, [sys.executable, "-c", code], os.environ)
    assert os.WIFSTOPPED(os.waitpid(pid, os.WUNTRACED)[1])
    os.kill(pid, signal.SIGCONT)
    assert os.WIFSTOPPED(os.waitpid(pid, os.WUNTRACED)[1])
    os.kill(pid, signal.SIGCONT)
    assert os.waitpid(pid, 0) == (pid, 0)


# Before `stop_process` looks for what continued it, the next Ctrl-Z comes.
_NEXT = """
import os
from runwrap.watch import job_control
from runwrap.native import SignalQueue

def look_late():
    looks.append(0)
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, [20])
    if len(looks) == 2:
        os.kill(os.getpid(), 20)
    seen = look()
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    return seen

os.setpgid(0, 0)
queue, signal, looks = SignalQueue({18, 20}), job_control.signal, []
look, signal.sigpending = signal.sigpending, look_late
stopped = job_control.stop_process(0, 20)
os._exit(not stopped or queue.wait(0)[0] != 20 or queue.wait(0) is not None)
"""


def test_a_ctrl_z_that_comes_while_the_last_stop_ends_is_the_next_one() -> None:
    # It discards the SIGCONT. Where it stopped us, the next SIGCONT was left over, and came late.
    pid = os.posix_spawn(sys.executable, [sys.executable, "-c", _NEXT], os.environ)
    while os.WIFSTOPPED(status := os.waitpid(pid, os.WUNTRACED)[1]):
        os.kill(pid, signal.SIGCONT)
    assert status == 0


def start_patched(screen: Screen, folder: Path, patch: str, words: str) -> None:
    """Type a command line whose runwrap has been changed by some lines of Python."""
    (folder / "late.py").write_text(f"from runwrap.main import main\n{patch}\nmain()\n")
    screen.start(f"{sys.executable} {folder}/late.py {words}")


def test_a_job_is_continued_in_the_moment_when_it_gets_the_terminal(
    screen: Screen, tmp_path: Path
) -> None:
    # A SIGCONT that comes later, as by this way, discards a Ctrl-Z which was typed in between.
    patch = """
from runwrap.containment.reaper import Reaper

Reaper.forward = lambda self, number: None
"""
    command = f"{sys.executable} -uc 'import os; print(os.getpid()); os.read(0, 1)'"
    start_patched(screen, tmp_path, patch, f"-- {command}")
    pid = int(screen.expect("[0-9]+\r\n"))
    screen.type(CTRL_Z)
    screen.expect("Stopped.*" + PROMPT)
    screen.fg(sys.executable)
    wait_for_state(pid, "SR")


SUSPENDS = """
import os, signal
signal.signal(2, signal.SIG_DFL)
terminal = open("/dev/tty", "r+b", 0)
terminal.write(b"on\\n")
os.kill(0, signal.SIGTSTP)  # as vim does for Ctrl-Z
terminal.write(b"back\\n")
signal.pause()
"""


def test_a_stop_that_the_command_sent_to_all_of_its_group_is_not_handed_on_when_it_is_over(
    screen: Screen, tmp_path: Path
) -> None:
    patch = """
import time
from runwrap.model.signals import signal
from runwrap.watch.loop import Supervisor

def late(self):
    end = time.monotonic() + 20
    while not {17, 20} <= signal.sigpending():  # the command's stop, and what the front hands on
        assert time.monotonic() < end
    real(self)

real, Supervisor.watch = Supervisor.watch, late
"""
    (tmp_path / "it").write_text(SUSPENDS)
    start_patched(screen, tmp_path, patch, f"-f -t 60 -- {sys.executable} {tmp_path}/it")
    screen.expect("Stopped.*" + PROMPT)
    screen.fg(sys.executable)
    screen.expect("back\r\n")
    screen.type(CTRL_C)
    assert "Stopped" not in screen.expect(PROMPT)


SHELLS = {
    "bash": (),
    "dash": ("dash", "-i"),
    "zsh": ("zsh", "-f", "-i", "+Z", "-o", "nopromptsp"),
}


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    "line",
    [
        "runwrap -- {}",
        "runwrap -f -- {}",
        "echo | runwrap -- {}",
        "runwrap --contain strict -- {}",
        "echo | runwrap --contain strict -- {}",
        "runwrap pipe '{} | cat'",
        "echo | runwrap pipe '{} | cat'",
        "sh ./script",
    ],
)
def test_a_command_that_stops_its_group_goes_on_with_the_first_fg(
    tmp_path: Path, shell: str, line: str
) -> None:
    if not shutil.which(shell):
        pytest.skip("there is no such shell")
    if "strict" in line and (reason := why_not()):
        pytest.skip(reason)
    (tmp_path / "it").write_text(SUSPENDS)
    command = f"{sys.executable} -IS ./it"
    (tmp_path / "script").write_text(f"runwrap -- {command}\n:\n")
    screen = Screen(*SHELLS[shell])
    if SHELLS[shell]:
        screen.expect(PROMPT)
    screen.type(f"cd {tmp_path}; {line.format(command)}\n")
    screen.expect("on\r\n.*" + PROMPT)
    screen.type("fg\n")
    screen.expect("back\r\n")
    screen.type(CTRL_C)
    assert not re.search("[Ss]topped|suspended", screen.expect(PROMPT))
    screen.close()


def test_what_its_shell_has_continued_is_not_continued_again(screen: Screen) -> None:
    # That would come late, and undo the next Ctrl-Z. SIGWINCH takes the way of a late SIGCONT.
    screen.start(f"echo | runwrap -- {CONTINUED}")
    screen.expect("on [0-9]+\r\n")
    screen.type(CTRL_Z)
    screen.expect("Stopped.*" + PROMPT)
    screen.start("fg")
    assert "next: 28" in screen.expect("next: [0-9]+")


def test_a_command_stopped_anew_is_not_taken_for_one_that_stayed_stopped() -> None:
    pid = os.posix_spawn("/bin/sleep", ["sleep", "60"], os.environ)
    os.kill(pid, signal.SIGSTOP)
    assert os.WIFSTOPPED(os.waitpid(pid, os.WUNTRACED)[1])
    before = still_stopped(pid)
    os.kill(pid, signal.SIGCONT)
    os.kill(pid, signal.SIGSTOP)
    os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOWAIT)
    after = still_stopped(pid)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert (before, after) == (True, False)


def test_a_stopped_command_that_shares_our_group_is_continued_with_runwrap(screen: Screen) -> None:
    screen.start(f"echo | runwrap -- {CONTINUED}")
    front = screen.expect("on [0-9]+\r\n").split()[-1]
    screen.type(CTRL_Z)
    screen.expect("Stopped.*" + PROMPT)
    screen.start(f"kill -CONT {front}")
    screen.expect("next: [0-9]+")


@in_tiers("strict")
def test_the_clock_pauses_while_the_job_is_stopped(screen: Screen) -> None:
    screen.start("runwrap -t 2 -- sh -c 'echo on; exec sleep 60'")
    screen.expect("on\r\n")
    screen.type(CTRL_Z)
    screen.expect("Stopped.*" + PROMPT)
    screen.run("sleep 2")
    assert "Stopped" in screen.run("jobs")
    screen.start("fg")
    screen.expect("timed out after 2 s; sent TERM\r\n")


@pytest.mark.parametrize("number", [signal.SIGTTIN, signal.SIGTTOU])
def test_what_stops_all_of_our_group_in_the_background_is_not_handed_on(number: int) -> None:
    # Or it would stop the job anew after `fg`, if the guardian is late to take it.
    placement = Placement.__new__(Placement)
    placement.shares_group = True
    placement.about_to_start()
    assert placement.job_has(number, from_kernel=True)
    assert not placement.job_has(number, from_kernel=False)


def test_a_job_in_our_group_that_was_stopped_for_reading_goes_on_with_the_first_fg(
    screen: Screen,
) -> None:
    screen.start("runwrap -f -- cat")
    screen.type("first\n")
    screen.expect("first\r\nfirst\r\n")
    screen.type(CTRL_Z)
    screen.expect("Stopped.*" + PROMPT)
    screen.run("bg")
    while "Stopped" not in screen.run("jobs"):
        pass
    screen.start("fg")
    screen.expect("runwrap -f -- cat\r\n")
    screen.type("second\n")
    screen.expect("second\r\nsecond\r\n")
    screen.type(CTRL_D)
    screen.expect(PROMPT)
    assert screen.run("echo $?") == "0\n"


def test_ctrl_c_ends_a_command_of_timeouts_that_was_stopped_in_the_background(
    screen: Screen,
) -> None:
    screen.start("runwrap timeout 60 sh -c 'echo pid $$.; exec cat' &")
    pid = int(screen.expect(r"pid \d+\.").split()[-1][:-1])
    wait_for_state(pid, "T")
    screen.start("fg")
    screen.wait_for_foreground(os.getpgid(pid))
    screen.type(CTRL_C)
    screen.expect(r"\^C.*" + PROMPT)


@in_tiers("strict")
def test_a_stopped_job_can_go_on_in_the_background(screen: Screen) -> None:
    screen.start(f"runwrap -- {ON_AND_DONE}")
    screen.expect("on\r\n")
    screen.type(CTRL_Z)
    screen.expect("Stopped.*" + PROMPT)
    screen.start("bg; wait")
    screen.expect("done\r\n")


@in_tiers("group", "strict")
def test_a_background_job_that_reads_the_terminal_is_stopped_like_any_other(screen: Screen) -> None:
    screen.run("runwrap -- cat &")
    # bash tells of a stopped job before its next prompt.
    while "Stopped" not in screen.run("jobs"):
        pass
    screen.start("fg")
    screen.expect("runwrap -- cat\r\n")
    screen.type("text\n")
    screen.expect("text\r\n.*text\r\n")
    screen.type(CTRL_D)
    screen.expect(PROMPT)


@in_tiers("group", "strict")
def test_a_command_killed_in_raw_mode_leaves_the_terminal_as_it_was(screen: Screen) -> None:
    before = screen.run("stty -a")
    screen.start(f"runwrap -t 1 -- {RAW}")
    screen.expect("raw")
    screen.expect("timed out after 1 s; sent TERM\r\n")
    screen.expect(PROMPT)
    assert screen.run("stty -a") == before


def test_one_that_is_killed_in_a_script_does_too(screen: Screen, tmp_path: Path) -> None:
    (tmp_path / "script").write_text(f"runwrap -t 1 -- {RAW}\nstty -a\n")
    before = screen.run("stty -a")
    told = screen.run(f"sh {tmp_path}/script")
    assert told == (
        "raw\nrunwrap: sending TERM; KILL follows in 10 s\n"
        f"runwrap: {sys.executable}: timed out after 1 s; sent TERM\n{before}"
    )


def test_one_whose_runwrap_is_killed_in_a_script_does_too(screen: Screen, tmp_path: Path) -> None:
    code = (
        "import os, psutil, signal, tty; tty.setraw(0); "
        "print('raw', psutil.Process(os.getppid()).ppid()); signal.pause()"
    )
    # cat ends when all that runwrap and its guardian had open is closed.
    script = f'runwrap -- {sys.executable} -uc "{code}" | cat\nstty -a\n'
    (tmp_path / "script").write_text(script)
    before = screen.run("stty -a")
    screen.start(f"sh {tmp_path}/script")
    front = int(screen.expect(r"raw \d+\r?\n").split()[-1])
    os.kill(front, signal.SIGKILL)
    assert screen.expect(PROMPT).replace("\r\n", "\n").endswith(f"{before}{PROMPT}")


def test_what_a_command_ended_with_is_kept_when_it_leaves_what_is_stopped_then(
    screen: Screen, tmp_path: Path
) -> None:
    leave = "stty -ixon; sleep 60 >/dev/null 2>&1 &"
    (tmp_path / "script").write_text(f"runwrap -t 1 --leak wait -- sh -c '{leave}'\n")
    told = screen.run(f"sh {tmp_path}/script")
    assert "timed out" in told
    assert "-ixon" in screen.run("stty -a")


@in_tiers("strict")
def test_settings_that_a_command_chose_and_ended_with_are_kept(screen: Screen) -> None:
    screen.run("runwrap -- stty -ixon")
    assert "-ixon" in screen.run("stty -a")


def test_a_change_of_the_windows_size_reaches_the_command(screen: Screen) -> None:
    code = (
        "import os, signal; signal.pthread_sigmask(signal.SIG_BLOCK, [28]); "
        'print("on"); signal.sigwait([28]); print(*os.get_terminal_size(0))'
    )
    screen.start(f"runwrap -- {sys.executable} -uc '{code}'")
    screen.expect("on\r\n")
    screen.resize(33, 77)
    screen.expect("77 33\r\n")


@in_tiers("group", "strict")
def test_a_pager_behind_runwrap_keeps_the_terminal(screen: Screen) -> None:
    # Had runwrap taken the foreground for its command, the reader would be stopped.
    reader = "sh -c 'read x < /dev/tty; echo got $x'"
    screen.start(f"runwrap -- sleep 1 | {reader}")
    screen.type("key\n")
    screen.expect("got key\r\n")


@in_tiers("strict")
def test_a_command_in_a_pipeline_gets_the_terminal_when_it_asks(screen: Screen) -> None:
    asker = (
        "sh -c 'stty -echo < /dev/tty; echo on; read x < /dev/tty; stty echo < /dev/tty; echo $x'"
    )
    screen.start(f"echo | runwrap -- {asker} | cat")
    screen.expect("on\r\n")
    screen.type("secret\n")
    assert screen.expect("secret\r\n") == "secret\r\n"  # it was not echoed


@in_tiers("group", "strict")
def test_ctrl_c_ends_a_script_around_runwrap(screen: Screen, tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("runwrap -- sh -c 'echo on; exec sleep 60'\necho went on\n")
    screen.start(f"bash {script}")
    screen.expect("on\r\n")
    screen.type(CTRL_C)
    assert "went on" not in screen.expect(PROMPT)


def test_ctrl_c_ends_a_script_whose_command_has_the_terminal(
    screen: Screen, tmp_path: Path
) -> None:
    script = tmp_path / "script"
    script.write_text(
        "runwrap -- sh -c 'stty -echo; stty echo; echo on; exec sleep 60'\necho went on\n"
    )
    screen.start(f"bash {script}")
    screen.expect("on\r\n")
    screen.type(CTRL_C)
    assert "went on" not in screen.expect(PROMPT)


@in_tiers("strict")
def test_ctrl_z_stops_a_script_around_runwrap(screen: Screen, tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text(f"runwrap -- {ON_AND_DONE}\n")
    screen.start(f"bash {script}")
    screen.expect("on\r\n")
    screen.type(CTRL_Z)
    assert "Stopped" in screen.expect(PROMPT)
    screen.start("fg")
    screen.expect("done\r\n")


@in_tiers("strict")
def test_a_shell_under_runwrap_has_job_control_of_its_own(screen: Screen) -> None:
    screen.start("runwrap -- bash --norc --noprofile --noediting -i")
    screen.expect(PROMPT)
    screen.start("sh -c 'echo on; read x'")
    screen.expect("on\r\n")
    screen.type(CTRL_Z)
    screen.expect("Stopped.*" + PROMPT)
    screen.start("fg")
    screen.expect("sh -c .*\r\n")
    screen.type("\n")
    screen.expect(PROMPT)
    screen.start("exit 5")
    screen.expect(PROMPT)
    assert screen.run("echo $?") == "5\n"


@in_tiers("strict")
def test_a_session_leader_is_not_left_stopped() -> None:
    # Nobody could continue it: the kernel would not stop it without runwrap either.
    screen = Screen("runwrap", "--", "sh", "-c", "echo on; read x; echo got $x")
    screen.expect("on\r\n")
    screen.type(CTRL_Z)
    screen.type("key\n")
    screen.expect("got key\r\n")
    screen.close()


@pytest.mark.parametrize("words", ["timeout 60", "timeout -f 60", "-f --", "pipe -f"])
def test_one_that_shares_its_group_with_the_command_is_not_either(words: str) -> None:
    command = ["sh", "-c", "echo on; read x </dev/tty; echo got $x"]
    screen = Screen("runwrap", *words.split(), *command)
    screen.expect("on\r\n")
    screen.type(CTRL_Z)
    screen.type("key\n")
    screen.expect("got key\r\n")
    screen.close()


@pytest.mark.parametrize("words", ["timeout -f 60", "--"])
def test_a_script_that_leads_the_session_is_not_left_stopped(words: str, tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text(f"runwrap {words} sh -c 'echo on; read x; echo got $x'; echo then\n")
    screen = Screen("sh", str(script))
    screen.expect("on\r\n")
    screen.type(CTRL_Z)
    screen.type("key\n")
    screen.expect("got key\r\nthen\r\n")
    screen.close()


@in_tiers("group", "strict")
def test_a_terminal_that_hangs_up_ends_the_job() -> None:
    from tests.support import Lifeline

    lifeline = Lifeline()
    screen = Screen()
    lifeline.let_go()
    screen.start("runwrap -- sh -c 'echo on; exec sleep 60'")
    screen.expect("on\r\n")
    screen.hang_up()
    assert lifeline.all_dead(within=20)
    lifeline.close()


@pytest.mark.parametrize(
    "words", ["timeout 900", "timeout -f 900", "-f --"], ids=["timeout", "timeout -f", "-f"]
)
def test_one_that_hangs_up_on_the_sessions_leader_itself_does_too(words: str) -> None:
    # The kernel tells nobody else of it then.
    from tests.support import Lifeline

    lifeline = Lifeline()
    screen = Screen("runwrap", *words.split(), "sh", "-c", "echo on; sleep 60; :")
    lifeline.let_go()
    screen.expect("on\r\n")
    screen.hang_up()
    assert lifeline.all_dead(within=20)
    lifeline.close()


def test_timeout_may_speak_in_the_background_where_that_stops_others(screen: Screen) -> None:
    screen.run("stty tostop")
    assert screen.run("runwrap timeout -f -v 0.1 sleep 60; echo $?").endswith("124\n")


@in_tiers("group", "strict")
def test_a_failed_start_gives_the_terminal_back(screen: Screen) -> None:
    before = screen.foreground()
    assert "no such file" in screen.run("runwrap -- ./missing")
    assert screen.foreground() == before


def test_diagnostics_are_coloured_on_a_terminal_unless_no_color_is_set(screen: Screen) -> None:
    assert "\33[" in screen.run("TERM=xterm runwrap -- ./missing")
    assert "\33[" not in screen.run("TERM=xterm NO_COLOR=1 runwrap -- ./missing")
    assert "\33[" not in screen.run("TERM=xterm runwrap -- ./missing 2>&1 | cat")


@pytest.mark.parametrize("columns", [20, 80])
@pytest.mark.parametrize("left", [0, 1, 11, 19, 20])
def test_a_message_begins_on_a_line_of_its_own(screen: Screen, left: int, columns: int) -> None:
    screen.resize(24, columns)
    script = f"printf %s {'x' * left}; exec sleep 9" if left else "exec sleep 9"
    told = screen.run(f"TERM=xterm runwrap -t 0.1 -- sh -c '{script}'").replace("\n", "\r\n")
    rows = shown(told, columns)
    first = "runwrap: sending TERM; KILL follows in 10 s"[:columns].rstrip()
    assert rows[: 2 if left else 1] == (["x" * left, first] if left else [first])


def test_a_message_before_anything_was_started_has_nothing_in_front(screen: Screen) -> None:
    assert screen.run("TERM=xterm NO_COLOR=1 runwrap -t x true").startswith("runwrap: ")


def test_a_message_to_a_dumb_terminal_or_a_pipe_has_nothing_in_front(screen: Screen) -> None:
    command = "runwrap -t 0.1 -- sh -c 'exec sleep 9'"
    assert screen.run(f"TERM=dumb {command}").startswith("runwrap: ")
    assert screen.run(f"TERM=xterm {command} 2>&1 | cat").startswith("runwrap: ")


def test_a_person_is_told_at_once_that_the_kill_follows(screen: Screen) -> None:
    screen.start("runwrap -t 0.2 -k 60 -- sh -c 'trap \"\" TERM; echo on; sleep 60; sleep 60'")
    screen.expect("on\r\n.*runwrap: sending TERM; KILL follows in 60 s")


@pytest.mark.skipif(shutil.which("vim") is None, reason="needs vim")
@in_tiers("strict")
def test_vim_edits_and_saves_a_file(screen: Screen, tmp_path: Path) -> None:
    path = tmp_path / "text"
    # In the folder: a long path would make the terminal break the line that is expected.
    screen.run(f"cd {tmp_path}")
    screen.start("runwrap -t 1h -- vim -u NONE -T dumb text")
    screen.expect(re.escape("[New]") + "|New File")
    screen.type("ihello\33")
    screen.type(":wq\n")
    screen.expect(PROMPT)
    assert path.read_text() == "hello\n"


@in_tiers("strict")
def test_a_prompt_works_in_a_command_substitution(screen: Screen) -> None:
    # bash ignores the terminal's stop signals there: a job apart would get an error, not a stop.
    screen.start("x=$(runwrap -- sh -c 'printf asked >/dev/tty; read x </dev/tty; echo $x')")
    screen.expect("asked")
    screen.type("secret\n")
    screen.expect(PROMPT)
    assert screen.run("echo [$x]") == "[secret]\n"


def test_a_prompt_before_a_pager_works(screen: Screen) -> None:
    asker = "sh -c 'printf asked >/dev/tty; read x </dev/tty; echo got $x'"
    reader = "sh -c 'read line; read key </dev/tty; echo $line and $key'"
    screen.start(f"runwrap -- {asker} | {reader}")
    screen.expect("asked")
    screen.type("one\n")
    screen.type("two\n")
    screen.expect("got one and two\r\n")


@in_tiers("strict")
def test_ctrl_z_stops_what_is_waited_for_after_the_commands_end(screen: Screen) -> None:
    script = f"{ON_AND_DONE} & exit 0".replace("'", '"').replace('("on")', "(1)")
    script = script.replace('("done")', "(2)")
    screen.start(f"runwrap --leak wait -- sh -c '{script}'")
    screen.expect("1\r\n")
    screen.type(CTRL_Z)
    assert "Stopped" in screen.expect(PROMPT)
    screen.start("fg")
    screen.expect("2\r\n")


@pytest.mark.parametrize("words", ["", "-f", "pipe -- true '|'"])
def test_a_ctrl_z_just_before_the_command_is_executed_does_not_hang_runwrap(
    screen: Screen, tmp_path: Path, words: str
) -> None:
    (tmp_path / "stopping.py").write_text(
        """
import os
from runwrap.main import main

def stopping(*given):
    os.kill(os.getpid(), 20)
    real(*given)

real, os.execve = os.execve, stopping
main()
"""
    )
    assert screen.run(f"{sys.executable} {tmp_path}/stopping.py {words} echo on") == "on\n"


def test_in_the_group_tier_a_countdown_to_the_kill_lets_nothing_escape(screen: Screen) -> None:
    shown = screen.run("runwrap --contain group -k 9 sh -c 'sleep 66 & exit 4'; echo $?")
    assert "left running: sleep 66" in shown
    assert shown.endswith("4\n")


def test_what_a_command_left_is_stopped_soon_though_ctrl_c_has_started_a_countdown(
    screen: Screen,
) -> None:
    trapped = "trap 'exit 4' INT; sleep 66 & echo on; wait"
    screen.start(f'runwrap -k {2 * PATIENCE:g} sh -c "{trapped}"')
    screen.expect("on\r\n")
    screen.type(CTRL_C)
    assert "left running: sleep 66" in screen.expect(PROMPT)
