"""The roots of trees that are to be ended: who they are, and whether they may be ended at all."""

import errno
import os
import time

from runwrap.containment.scopes import Scope
from runwrap.model.kill_tree import Refusal, pid_in
from runwrap.native.process_refs import ProcessRef, ProcessRefs
from runwrap.native.processes import command_line, is_kernel_thread, look, snapshot, start_clock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from runwrap.model.kill_tree import Target, TreePlan

_LARGEST_FILE = 4096  # bytes; a pid file is smaller
_COARSE = 0.02  # seconds; start times and file times are rounded to clock ticks


class Refused(Exception):
    """Nothing is to be done; `refusal` says why."""

    def __init__(self, kind: str, target: "Target", pid: int = 0, **more: "int | str") -> None:
        super().__init__(kind)
        self.refusal = Refusal(
            kind=kind,
            operand=target.operand,
            pid=pid,
            command=command_line(pid) if pid else "",
            errno=int(more.get("errno", 0)),
            detail=str(more.get("detail", "")),
        )


def untouchable() -> frozenset[int]:
    """Return our own pid, our ancestors' and the first process's."""
    found, pid = {0, 1, os.getpid()}, os.getppid()
    while pid not in found:
        found.add(pid)
        seen = look(pid)
        pid = seen.parent if seen else 0
    return frozenset(found)


def take(
    target: "Target", plan: "TreePlan", spared: frozenset[int], holder: ProcessRefs
) -> ProcessRef | None:
    """Hold the root that an operand names, None if there is none; raise Refused."""
    written = None
    pid = target.pid
    if target.file:
        pid, written = _read(target)
    if pid in spared:
        kind = "self" if pid == os.getpid() else "init" if pid == 1 else "ancestor"
        raise Refused(kind, target, pid)
    if is_kernel_thread(pid):
        raise Refused("kernel", target, pid)
    try:
        root = holder.hold(pid)
    except OSError as error:
        thread = error.errno in (errno.ENOENT, errno.EINVAL)  # depends on the kernel
        kind = "thread" if thread else "system"
        raise Refused(kind, target, errno=error.errno or 0) from error
    if root is None:
        return None
    try:
        _check(root, target, plan, written)
    except Refused:
        root.release()
        raise
    return root


def _read(target: "Target") -> tuple[int, float]:
    """Return the pid in a file, and when that was last written."""
    try:
        # Not blocking: it may be a FIFO.
        descriptor = os.open(target.file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            written = os.fstat(descriptor).st_mtime
            text = os.read(descriptor, _LARGEST_FILE)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise Refused("file", target, errno=error.errno or 0) from error
    try:
        first, _, _ = text.strip().partition(b"\n")  # some have more to say below
        return pid_in(first.decode("ascii", "replace").strip()), written
    except ValueError as error:
        raise Refused("content", target, detail=str(error)) from error


def _check(root: ProcessRef, target: "Target", plan: "TreePlan", written: float | None) -> None:
    if written is not None:
        seen = look(root.pid)
        if seen and start_clock() - seen.started + _COARSE < time.time() - written:
            raise Refused("newer", target, root.pid)
    if plan.keep_root or plan.dry_run:
        return
    try:
        root.send(0)
    except PermissionError as error:
        raise Refused("foreign", target, root.pid, errno=error.errno or 0) from error


def scopes(
    roots: "Iterable[tuple[Target, ProcessRef]]", plan: "TreePlan", spared: frozenset[int]
) -> list[Scope]:
    """Return the scopes to be swept; Refused for those that we are in ourselves."""
    found = []
    table = snapshot() if plan.also else {}
    ours = [table[pid] for pid in spared if pid in table]
    for target, root in roots:
        seen = look(root.pid)
        if not seen or not root.exists():
            continue
        for kind in plan.also:
            scope = Scope(kind, seen)
            if scope.is_everyones:
                raise Refused("everyones", target, root.pid, detail=kind)
            if any(map(scope.has, ours)):
                raise Refused("shared", target, root.pid, detail=kind)
            found.append(scope)
    return found
