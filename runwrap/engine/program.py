"""Which file a command's name means, by the rules of execvp (POSIX exec)."""

import os
import stat

from runwrap.engine import StartError
from runwrap.model.outcome import Failure

_EACCES = 13
_NO_ENTRY = (FileNotFoundError, NotADirectoryError)


def candidates(name: str, environment: dict[bytes, bytes]) -> list[str]:
    """Return the files to execute, in order, as absolute paths where they depend on a folder.

    A name with a slash is that file, seen from the caller's folder, whatever --chdir says. Other
    names are looked up in the command's own PATH. Raise StartError where there is none.
    """
    if "/" in name:
        return [_absolute(name)]
    refused: OSError | None = None
    found = []
    for folder in search_path(environment):
        path = os.path.join(_absolute(folder or "."), name)
        try:
            usable = stat.S_ISREG(os.stat(path).st_mode) and os.access(path, os.X_OK)
        except OSError as error:
            if not isinstance(error, _NO_ENTRY):
                refused = refused or error
            continue
        if usable:
            found.append(path)
        else:
            refused = refused or PermissionError(_EACCES, "not executable", path)
    if found:
        return found
    if refused is None:
        from runwrap.engine.diagnosis import not_found

        raise StartError(not_found(name, environment))
    step = "not-executable" if isinstance(refused, PermissionError) else "exec"
    raise StartError(Failure(step=step, subject=str(refused.filename), errno=refused.errno or 0))


def _absolute(path: str) -> str:
    return path if path.startswith("/") else os.path.join(os.getcwd(), path)


def search_path(environment: dict[bytes, bytes]) -> list[str]:
    """Return the folders that commands are looked for in; an empty name is the current one."""
    path = environment.get(b"PATH")
    return (os.fsdecode(path) if path is not None else os.confstr("CS_PATH") or "").split(":")
