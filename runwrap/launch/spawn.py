"""Starting one command: by posix_spawn where it can do all that is asked, by fork where not."""

import os

from runwrap.launch import NEW_SESSION, OWN_GROUP, Launch, StartError
from runwrap.launch.program import candidates
from runwrap.model.signals import CHLD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from runwrap.launch import Program
    from runwrap.model.plan import Plan

    _Start = Callable[[Launch, Program, dict[int, int], str, tuple[str, ...]], int]

_SHELL = "/bin/sh"
# After these the next folder of PATH is tried, as execvp does; after any other the search ends.
_TRY_NEXT = (FileNotFoundError, NotADirectoryError, PermissionError)


def find(plan: "Plan", name: str, environment: dict[bytes, bytes]) -> list[str]:
    """Return the files that a command's name may mean, in order. Raise StartError for none."""
    try:
        return candidates(name, environment, moves=plan.chdir is not None)
    except OSError as error:
        raise _explained(name, error, environment) from error


def spawn(launch: Launch, program: "Program", files: dict[int, int]) -> int:
    """Start a program with some files; return its pid once it is executing.

    Raise StartError if it can't be.
    """
    start = _by_spawn if _is_plain(launch) else _by_fork
    try:
        return _first_that_starts(start, launch, program, files)
    except OSError as error:
        argv, environment, _ = program
        raise _explained(argv[0], error, environment) from error


def _explained(name: str, error: OSError, environment: dict[bytes, bytes]) -> StartError:
    from runwrap.launch.diagnosis import explain

    return StartError(explain(name, error, environment))


def _first_that_starts(
    start: "_Start", launch: Launch, program: "Program", files: dict[int, int]
) -> int:
    """Start the first file that can be; raise the first file's OSError if none can."""
    first: OSError | None = None
    for path in program[2]:
        try:
            return _execute(start, launch, program, files, path)
        except _TRY_NEXT as error:
            first = first or error
    assert first is not None
    raise first


def _execute(
    start: "_Start", launch: Launch, program: "Program", files: dict[int, int], path: str
) -> int:
    """Start a file; text that names no interpreter is run by the shell, as execvp does."""
    argv = program[0]
    try:
        return start(launch, program, files, path, argv)
    except OSError as error:
        from runwrap.launch.diagnosis import is_script

        if not is_script(path, error):
            raise
    return start(launch, program, files, _SHELL, (_SHELL, path, *argv[1:]))


def _is_plain(launch: Launch) -> bool:
    """Tell whether posix_spawn can do it: it sets none of what `forked` does."""
    plan = launch.plan
    return (
        plan.chdir is None
        and plan.umask is None
        and plan.nice is None
        and launch.terminal is None
        and launch.cgroup is None
        and CHLD not in launch.caller.ignored
    )


def _by_spawn(
    launch: Launch,
    program: "Program",
    files: dict[int, int],
    path: str,
    argv: tuple[str, ...],
) -> int:
    actions = [(os.POSIX_SPAWN_DUP2, fd, target) for target, fd in files.items()]
    place: dict[str, object] = {}
    if launch.place == NEW_SESSION:
        place["setsid"] = True
    elif launch.place == OWN_GROUP:
        place["setpgroup"] = 0
    elif launch.group:
        place["setpgroup"] = launch.group
    try:
        return os.posix_spawn(
            path,
            argv,
            program[1],
            file_actions=actions,
            setsigmask=launch.caller.blocked,
            # More than is needed: of all others the C library would ask for their action first.
            setsigdef=launch.caller.heeded,
            **place,  # type: ignore[arg-type]
        )
    except NotImplementedError:  # a C library that can't make a session
        return _by_fork(launch, program, files, path, argv)


def _by_fork(
    launch: Launch,
    program: "Program",
    files: dict[int, int],
    path: str,
    argv: tuple[str, ...],
) -> int:
    from runwrap.launch.forked import start

    return start(launch, program, files, path, argv)
