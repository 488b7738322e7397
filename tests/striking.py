"""Killing runwrap's own processes at a chosen moment; for the warden, which started them."""

import os
import signal


def strike(front: int, victims: "list[str]") -> bool:
    """Kill the front, the guardian or both at once; False if one of them was not there.

    Both are stopped before either is killed, so that neither can act on the other's death. The
    front is our unreaped child, so its pid is pinned; the guardian is held by a pidfd.
    """
    guardian = hold_guardian(front) if "guardian" in victims else -1
    if guardian is None:
        return False
    for number in (signal.SIGSTOP, signal.SIGKILL) if len(victims) > 1 else (signal.SIGKILL,):
        if "front" in victims:
            os.kill(front, number)
        if guardian >= 0:
            signal.pidfd_send_signal(guardian, number)
    return True


def hold_guardian(front: int) -> "int | None":
    """Return a pidfd of the front's only child, None if it has none."""
    for pid in children(front):
        try:
            held = os.pidfd_open(pid)
            with open(f"/proc/{pid}/stat") as file:
                state, parent = file.read().rpartition(")")[2].split()[:2]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(parent) == front and state != "Z":
            return held
    return None


def children(pid: int) -> "list[int]":
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return [int(child) for child in file.read().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []
