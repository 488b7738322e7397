"""Starting one command: which file it is, and its process.

posix_spawn makes that where it can do all that is asked, and fork where not.
"""

import os
import stat

from runwrap.launch import NEW_SESSION, OWN_GROUP, ChildSetup, Program, StartError
from runwrap.model.signals import CHLD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from runwrap.model.plan import Plan

    # Takes the file to execute and its words.
    _Start = Callable[[str, tuple[str, ...]], int]

_SHELL = "/bin/sh"
_NO_ENTRY = (FileNotFoundError, NotADirectoryError)
# After these the next folder of PATH is tried, as execvp does; after any other the search ends.
_TRY_NEXT = (*_NO_ENTRY, PermissionError)


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
            try:
                known[key] = _candidates(name, own, moves=plan.chdir is not None)
            except OSError as error:
                raise _explained(name, error, own) from error
        found.append(Program(argv=stage.argv, environment=own, paths=known[key]))
    return tuple(found)


def _candidates(name: str, environment: dict[bytes, bytes], *, moves: bool) -> list[str]:
    """Return the files to execute, in order; absolute if the command `moves` to another folder.

    By the rules of execvp (POSIX exec): a name with a slash is that file, seen from the caller's
    folder, whatever --chdir says. Other names are looked up in the command's own PATH. Raise
    OSError where there is none: with the file that could not be executed, or without a file where
    no folder has the name.
    """
    if not name:
        raise FileNotFoundError(2, os.strerror(2))
    if "/" in name:
        return [_absolute(name) if moves else name]
    folders = [folder or "." for folder in _search_path(environment)]
    paths = [os.path.join(_absolute(one) if moves else one, name) for one in folders]
    found = [path for path in paths if _is_executable(path)]
    if not found:
        raise _refusal(paths)
    return found


def _is_executable(path: str) -> bool:
    # Most folders don't have it: to ask so costs less than an exception that says so.
    if not os.access(path, os.X_OK):
        return False
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except OSError:  # it has just gone
        return False


def _refusal(paths: list[str]) -> OSError:
    """Return why none of some files can be executed: of one that is there, if any is."""
    absent = OSError(2, os.strerror(2))
    for path in paths:
        try:
            os.stat(path)
        except _NO_ENTRY as error:
            absent = OSError(error.errno, error.strerror)  # of several the last is told
        except OSError as error:
            return error
        else:
            return PermissionError(13, os.strerror(13), path)
    return absent


def _absolute(path: str) -> str:
    try:
        return os.path.join(os.getcwd(), path)
    except FileNotFoundError:  # our folder is deleted: the kernel will say what that means
        return path


def _search_path(environment: dict[bytes, bytes]) -> list[str]:
    """Return the folders that commands are looked for in; an empty name is the current one."""
    path = environment.get(b"PATH")
    return (os.fsdecode(path) if path is not None else os.confstr("CS_PATH") or "").split(":")


def spawn(program: Program, setup: ChildSetup, files: dict[int, int]) -> int:
    """Start a program with some files; return its pid once it is executing.

    Raise StartError if it can't be.
    """
    setup = setup.replace(environment=program.environment, files=files)
    try:
        return _first_that_starts(
            program, _by_spawn(setup) if _is_plain(setup) else _by_fork(setup)
        )
    except OSError as error:
        raise _explained(program.argv[0], error, program.environment) from error


def _explained(name: str, error: OSError, environment: dict[bytes, bytes]) -> StartError:
    from runwrap.launch.diagnosis import explain

    return StartError(explain(name, error, _search_path(environment)))


def _first_that_starts(program: Program, start: "_Start") -> int:
    """Start the first file that can be; raise the first file's OSError if none can."""
    first: OSError | None = None
    for path in program.paths:
        try:
            return _execute(path, program.argv, start)
        except _TRY_NEXT as error:
            first = first or error
    assert first is not None
    raise first


def _execute(path: str, argv: tuple[str, ...], start: "_Start") -> int:
    """Start a file; text that names no interpreter is run by the shell, as execvp does."""
    try:
        return start(path, argv)
    except OSError as error:
        from runwrap.launch.diagnosis import is_script

        if not is_script(path, error):
            raise
    return start(_SHELL, (_SHELL, path, *argv[1:]))


def _is_plain(setup: ChildSetup) -> bool:
    """Tell whether posix_spawn can do it: it sets none of what `forked` does."""
    forked = setup.settings or setup.has_terminal or CHLD in setup.inherited.ignored
    return not forked and setup.cgroup is None


def _by_spawn(setup: ChildSetup) -> "_Start":
    place: dict[str, object] = {}
    if setup.place == NEW_SESSION:
        place["setsid"] = True
    elif setup.place == OWN_GROUP or setup.group:
        place["setpgroup"] = 0 if setup.place == OWN_GROUP else setup.group

    def start(path: str, argv: tuple[str, ...]) -> int:
        try:
            return os.posix_spawn(
                path,
                argv,
                setup.environment,
                file_actions=[(os.POSIX_SPAWN_DUP2, fd, to) for to, fd in setup.files.items()],
                setsigmask=setup.inherited.blocked,
                # More than is needed: of all others the C library would ask for their action first.
                setsigdef=setup.inherited.heeded,
                **place,  # type: ignore[arg-type]
            )
        except NotImplementedError:  # a C library that can't make a session
            return _by_fork(setup)(path, argv)

    return start


def _by_fork(setup: ChildSetup) -> "_Start":
    from runwrap.launch.forked import start

    return lambda path, argv: start(path, argv, setup)
