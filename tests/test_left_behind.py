"""What real tools leave behind: a build daemon, a server in the background, an agent."""

import os
import shutil
import signal
import socket
import sys
from pathlib import Path

import pytest

from tests.support import Result, python, runwrap, sh

# Detached twice and in a session of its own, as Gradle's is.
BUILD_DAEMON = python(
    "import os, socket\n"
    "if os.fork() == 0:\n"
    "    os.setsid()\n"
    "    server = socket.socket(socket.AF_UNIX)\n"
    "    server.bind('socket')\n"
    "    server.listen()\n"
    "    daemon = os.fork()\n"
    "    if daemon == 0:\n"
    "        server.accept()[0].recv(1)\n"
    "    else: print('build ended; the daemon is', daemon)\n"
    "else: os.wait()"
)
# As after `npm start &` in a script: it keeps standard output open.
SERVE = "import socket; s = socket.socket(socket.AF_UNIX); s.bind('socket'); s.listen(); s.accept()"
SERVER = sh(
    f'{sys.executable} -c "{SERVE}; s.recv(1)" & '
    "until test -S socket; do sleep 0.02; done; echo tested with server $!"
)
AGENT = sh("eval $(ssh-agent -a socket) && echo has the key agent $SSH_AGENT_PID")
TOOLS = {"a build daemon": BUILD_DAEMON, "a server": SERVER, "ssh-agent": AGENT}

every_tool = pytest.mark.parametrize(
    "tool",
    [
        pytest.param(
            name,
            marks=pytest.mark.skipif(
                name == "ssh-agent" and not shutil.which(name), reason="no ssh-agent is installed"
            ),
        )
        for name in TOOLS
    ],
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path has to be short


def run(tool: str, leak: str) -> Result:
    return runwrap("--leak-timeout", "0", "--leak", leak, "--", *TOOLS[tool])


def answers() -> bool:
    """Tell whether somebody has the socket open: an agent closes every other descriptor."""
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect("socket")
        except (ConnectionRefusedError, FileNotFoundError):
            return False
    return True


@every_tool
def test_it_is_dead_when_runwrap_exits_as_the_command_did(tool: str) -> None:
    result = run(tool, "kill")
    assert (result.status, answers(), result.all_dead) == (0, False, True)


@every_tool
def test_one_line_names_it(tool: str) -> None:
    result = run(tool, "kill")
    pid = result.out.split()[-1]
    assert "left running: " in result.err
    assert f"(pid {pid}); sent TERM" in result.err
    assert result.err.count("\n") == 1


@every_tool
def test_it_lives_on_where_that_is_allowed_and_nothing_is_said(tool: str) -> None:
    result = run(tool, "allow")
    alive = answers()
    os.kill(int(result.out.split()[-1]), signal.SIGKILL)
    assert (result.status, alive, result.err) == (0, True, "")


@every_tool
def test_it_can_be_a_failure(tool: str) -> None:
    result = run(tool, "fail")
    assert (result.status, answers(), result.all_dead) == (123, False, True)
    assert result.err.count("\n") == 1
