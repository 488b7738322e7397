"""Which file a command's name means, by the rules of execvp (POSIX exec)."""

import os
import stat

_NO_ENTRY = (FileNotFoundError, NotADirectoryError)


def candidates(name: str, environment: dict[bytes, bytes], *, moves: bool) -> list[str]:
    """Return the files to execute, in order; absolute if the command `moves` to another folder.

    A name with a slash is that file, seen from the caller's folder, whatever --chdir says. Other
    names are looked up in the command's own PATH. Raise OSError where there is none: with the
    file that could not be executed, or without a file where no folder has the name.
    """
    if not name:
        raise FileNotFoundError(2, os.strerror(2))
    if "/" in name:
        return [_absolute(name) if moves else name]
    paths = [
        os.path.join(_absolute(folder or ".") if moves else folder or ".", name)
        for folder in search_path(environment)
    ]
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
    if path.startswith("/"):
        return path
    try:
        return os.path.join(os.getcwd(), path)
    except FileNotFoundError:  # our folder is deleted: the kernel will say what that means
        return path


def search_path(environment: dict[bytes, bytes]) -> list[str]:
    """Return the folders that commands are looked for in; an empty name is the current one."""
    path = environment.get(b"PATH")
    return (os.fsdecode(path) if path is not None else os.confstr("CS_PATH") or "").split(":")
