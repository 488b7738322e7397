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
    refused: OSError | None = None
    absent = OSError(2, os.strerror(2))
    found = []
    for folder in search_path(environment):
        path = os.path.join(_absolute(folder or ".") if moves else folder or ".", name)
        try:
            usable = stat.S_ISREG(os.stat(path).st_mode) and os.access(path, os.X_OK)
        except OSError as error:
            if isinstance(error, _NO_ENTRY):
                absent = OSError(error.errno, error.strerror)  # of several the last is told
            else:
                refused = refused or error
            continue
        if usable:
            found.append(path)
        else:
            refused = refused or PermissionError(13, os.strerror(13), path)
    if not found:
        raise refused or absent
    return found


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
