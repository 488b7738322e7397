"""Fork storms with bounds: in processes, by a limit on their user, and in seconds."""

import os
import subprocess
import sys

import pytest

NOBODY = 65500  # a user who has no processes, and owns nothing but what a test gives to it
AS_NOBODY = ("setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups")

# Deaf to every signal, each process forks as often as it may. Each child moves to a session of
# its own, and a third of them end, so that orphans come up all the time. The first one says when
# the limit is reached.
_CODE = """
import os, resource, signal, sys, time
most, seconds = int(sys.argv[1]), float(sys.argv[2])
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
resource.setrlimit(resource.RLIMIT_NPROC, (most, most))
first, said, end = os.getpid(), False, time.monotonic() + seconds
while time.monotonic() < end:
    try:
        child = os.fork()
    except OSError:
        if os.getpid() == first and not said:
            said = True
            os.write(1, b'full\\n')
        time.sleep(0.001)
        continue
    if child == 0:
        os.setsid()
    elif os.getpid() != first and os.getpid() % 3 == 0:
        os._exit(0)
"""


def storm(processes: int, say: str, seconds: float = 15.0) -> tuple[str, ...]:
    """Return the words for a storm; a FIFO is told its parent, then `full` at its full size."""
    script = 'exec >"$0"; echo $PPID; exec "$@"'
    code = (sys.executable, "-IS", "-c", _CODE, str(processes), str(seconds))
    return ("sh", "-c", script, say, *AS_NOBODY, *code)


def need_root() -> None:
    """Skip the test where we can't become another user."""
    if os.getuid() != 0:
        pytest.skip("only root can become another user")
    if subprocess.run([*AS_NOBODY, sys.executable, "-c", ""], check=False).returncode:
        pytest.skip("another user can't execute this Python")
