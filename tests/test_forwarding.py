"""Signals sent to runwrap are meant for the job."""

import signal
from pathlib import Path

import pytest

from tests.support import Running, fifo, in_tiers, read_line, sh

FORWARDED = [
    signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2,
    signal.SIGALRM, signal.SIGPIPE, signal.SIGWINCH, signal.SIGCONT, signal.SIGSEGV,
    signal.SIGRTMIN, signal.SIGRTMIN + 7, signal.SIGRTMAX, signal.SIGTSTP, signal.SIGXFSZ,
]  # fmt: skip
# Tells each signal through the FIFO $0, until TERM comes a second time.
TELLER = """
import os, signal, sys
seen = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
with open(sys.argv[1], "w", 1) as told:
    print("ready", file=told)
    while True:
        number = signal.sigwait(signal.valid_signals() - {signal.SIGCHLD})
        print(int(number), file=told)
        if number == int(sys.argv[2]):
            sys.exit(5)
"""


@pytest.mark.parametrize("number", FORWARDED)
@in_tiers("group", "strict")
def test_a_signal_reaches_the_command(number: int, tmp_path: Path) -> None:
    told = fifo(tmp_path)
    running = Running("python3", "-c", TELLER, told, str(int(number)))
    with open(told) as lines:
        assert next(lines) == "ready\n"
        running.signal(number)
        assert next(lines) == f"{int(number)}\n"
    assert running.wait().status == 5


@in_tiers("group", "strict")
def test_a_signal_is_forwarded_as_often_as_it_comes_and_means_no_more(tmp_path: Path) -> None:
    told = fifo(tmp_path)
    running = Running("python3", "-c", TELLER, told, str(int(signal.SIGUSR1)))
    with open(told) as lines:
        assert next(lines) == "ready\n"
        for _ in range(5):
            running.signal(signal.SIGTERM)
            assert next(lines) == f"{int(signal.SIGTERM)}\n"
        running.signal(signal.SIGUSR1)
        assert next(lines) == f"{int(signal.SIGUSR1)}\n"
    assert running.wait().status == 5


@in_tiers("group", "strict")
def test_a_signal_goes_to_the_whole_process_group(tmp_path: Path) -> None:
    told = fifo(tmp_path)
    script = f"(trap 'echo child; exit' HUP; echo > {told}; sleep 60 & wait) & trap '' HUP; wait"
    running = Running(*sh(script))
    read_line(told)
    running.signal(signal.SIGHUP)
    assert running.wait().out == "child\n"


def test_a_command_that_dies_of_a_forwarded_signal_makes_runwrap_die_of_it(tmp_path: Path) -> None:
    told = fifo(tmp_path)
    running = Running(*sh(f"echo > {told}; exec sleep 60"))
    read_line(told)
    running.signal(signal.SIGTERM)
    result = running.wait()
    assert (result.status, result.err, result.all_dead) == (-signal.SIGTERM, "", True)


@in_tiers("group", "strict")
def test_a_signal_that_the_caller_ignored_is_not_forwarded(tmp_path: Path) -> None:
    told = fifo(tmp_path)
    running = Running(
        "python3", "-c", TELLER, told, str(int(signal.SIGTERM)),
        before=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    )  # fmt: skip
    with open(told) as lines:
        assert next(lines) == "ready\n"
        running.signal(signal.SIGHUP)
        running.signal(signal.SIGTERM)
        assert next(lines) == f"{int(signal.SIGTERM)}\n"
    assert running.wait().status == 5


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGQUIT])
@in_tiers("group", "strict")
def test_with_kill_after_given_a_signal_to_stop_arms_the_kill(number: int, tmp_path: Path) -> None:
    told = fifo(tmp_path)
    script = f'trap "" TERM INT QUIT; echo > {told}; while :; do sleep 60; done'
    running = Running("-k", "0.1", *sh(script))
    read_line(told)
    running.signal(number)
    result = running.wait()
    name = signal.Signals(number).name[3:]
    assert (result.status, result.all_dead) == (-signal.SIGKILL, True)
    assert result.err == f"runwrap: sh: interrupted by {name}; sent KILL\n"


def test_with_a_kill_after_of_zero_a_signal_to_stop_kills_at_once(tmp_path: Path) -> None:
    told = fifo(tmp_path)
    running = Running("-k", "0", *sh(f'trap "" TERM; echo > {told}; sleep 60; sleep 60'))
    read_line(told)
    running.signal(signal.SIGTERM)
    result = running.wait()
    assert (result.status, result.all_dead) == (-signal.SIGKILL, True)


def test_without_kill_after_a_signal_to_stop_arms_nothing(tmp_path: Path) -> None:
    told = fifo(tmp_path)
    script = f"trap 'sleep 0.3; echo tidied up; exit 4' TERM; echo > {told}; sleep 60 & wait"
    running = Running("--leak-timeout", "0", *sh(script))
    read_line(told)
    running.signal(signal.SIGTERM)
    result = running.wait()
    assert (result.status, result.out) == (4, "tidied up\n")
