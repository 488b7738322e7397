"""Starting one command: by posix_spawn where it can do all that is asked, by fork where not."""

import os

from runwrap.launch import NEW_SESSION, OWN_GROUP, ChildSetup, Program, StartError
from runwrap.launch.program import candidates
from runwrap.model.signals import CHLD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from runwrap.model.plan import Plan

    # Takes a program, its process's set-up and files; and the file to execute, with its words.
    _Start = Callable[[Program, ChildSetup, dict[int, int], str, tuple[str, ...]], int]

_SHELL = "/bin/sh"
# After these the next folder of PATH is tried, as execvp does; after any other the search ends.
_TRY_NEXT = (FileNotFoundError, NotADirectoryError, PermissionError)


def programs(plan: "Plan", environment: dict[bytes, bytes]) -> tuple[Program, ...]:
    """Return the program of each stage. Raise StartError for one that can't be found."""
    known: dict[tuple[str, bytes | None], list[str]] = {}
    found = []
    for stage in plan.stages:
        name, own = stage.argv[0], environment
        if stage.assignments:
            added = {os.fsencode(one): os.fsencode(text) for one, text in stage.assignments}
            own = environment | added
        key = name, own.get(b"PATH")
        if key not in known:
            known[key] = _find(name, own, moves=plan.chdir is not None)
        found.append(Program(argv=stage.argv, environment=own, paths=known[key]))
    return tuple(found)


def _find(name: str, environment: dict[bytes, bytes], *, moves: bool) -> list[str]:
    """Return the files that a command's name may mean, in order. Raise StartError for none."""
    try:
        return candidates(name, environment, moves=moves)
    except OSError as error:
        raise _explained(name, error, environment) from error


def spawn(program: Program, setup: ChildSetup, files: dict[int, int]) -> int:
    """Start a program with some files; return its pid once it is executing.

    Raise StartError if it can't be.
    """
    start = _by_spawn if _is_plain(setup) else _by_fork
    try:
        return _first_that_starts(start, program, setup, files)
    except OSError as error:
        raise _explained(program.argv[0], error, program.environment) from error


def _explained(name: str, error: OSError, environment: dict[bytes, bytes]) -> StartError:
    from runwrap.launch.diagnosis import explain

    return StartError(explain(name, error, environment))


def _first_that_starts(
    start: "_Start", program: Program, setup: ChildSetup, files: dict[int, int]
) -> int:
    """Start the first file that can be; raise the first file's OSError if none can."""
    first: OSError | None = None
    for path in program.paths:
        try:
            return _execute(start, program, setup, files, path)
        except _TRY_NEXT as error:
            first = first or error
    assert first is not None
    raise first


def _execute(
    start: "_Start", program: Program, setup: ChildSetup, files: dict[int, int], path: str
) -> int:
    """Start a file; text that names no interpreter is run by the shell, as execvp does."""
    argv = program.argv
    try:
        return start(program, setup, files, path, argv)
    except OSError as error:
        from runwrap.launch.diagnosis import is_script

        if not is_script(path, error):
            raise
    return start(program, setup, files, _SHELL, (_SHELL, path, *argv[1:]))


def _is_plain(setup: ChildSetup) -> bool:
    """Tell whether posix_spawn can do it: it sets none of what `forked` does."""
    return (
        not setup.settings
        and setup.terminal is None
        and setup.cgroup is None
        and CHLD not in setup.inherited.ignored
    )


def _by_spawn(
    program: Program,
    setup: ChildSetup,
    files: dict[int, int],
    path: str,
    argv: tuple[str, ...],
) -> int:
    actions = [(os.POSIX_SPAWN_DUP2, fd, target) for target, fd in files.items()]
    place: dict[str, object] = {}
    if setup.place == NEW_SESSION:
        place["setsid"] = True
    elif setup.place == OWN_GROUP:
        place["setpgroup"] = 0
    elif setup.group:
        place["setpgroup"] = setup.group
    try:
        return os.posix_spawn(
            path,
            argv,
            program.environment,
            file_actions=actions,
            setsigmask=setup.inherited.blocked,
            # More than is needed: of all others the C library would ask for their action first.
            setsigdef=setup.inherited.heeded,
            **place,  # type: ignore[arg-type]
        )
    except NotImplementedError:  # a C library that can't make a session
        return _by_fork(program, setup, files, path, argv)


def _by_fork(
    program: Program,
    setup: ChildSetup,
    files: dict[int, int],
    path: str,
    argv: tuple[str, ...],
) -> int:
    from runwrap.launch.forked import start

    return start(program, setup, files, path, argv)
