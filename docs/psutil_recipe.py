"""What psutil's manual advises for ending a process and its children, as a wrapper.

psutil_recipe.py TIMEOUT GRACE COMMAND [ARG]...
"""

import contextlib
import sys

import psutil


def end_all(process: psutil.Process, grace: float) -> None:
    """Ask the process and its descendants to end, and kill who has not within `grace` seconds."""
    family = [*process.children(recursive=True), process]
    for member in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            member.terminate()
    _, alive = psutil.wait_procs(family, timeout=grace)
    for member in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            member.kill()
    psutil.wait_procs(alive, timeout=grace)


def main(timeout: str, grace: str, *command: str) -> None:
    """Run the command for at most `timeout` seconds."""
    process = psutil.Popen(command)
    try:
        process.wait(float(timeout))
    except psutil.TimeoutExpired:
        end_all(process, float(grace))


if __name__ == "__main__":
    main(*sys.argv[1:])
