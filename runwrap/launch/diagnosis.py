"""Why a command could not be executed, found out by a closer look at its file."""

import errno
import os

from runwrap.model.outcome import Failure


def explain(name: str, error: OSError, folders: list[str]) -> Failure:
    """Return the failure of a command; the error names the file, unless there was none.

    `folders` are those where commands are looked for.
    """
    number, path = error.errno or 0, str(error.filename or name)
    if number in (errno.EAGAIN, errno.ENOMEM):
        return Failure(step="fork", subject=name, errno=number)
    if error.filename and isinstance(error, FileNotFoundError) and os.path.exists(path):
        return Failure(step="interpreter", subject=name, errno=number, detail=_interpreter(path))
    if isinstance(error, FileNotFoundError) or (number == errno.ENOTDIR and not error.filename):
        nearest = _nearest(name, folders)
        return Failure(step="not-found", subject=name, errno=number, detail=nearest)
    if isinstance(error, PermissionError) and os.path.isdir(path):
        return Failure(step="directory", subject=name, errno=number)
    if isinstance(error, PermissionError) and not _is_special(path):
        interpreter = _interpreter(path).rstrip("\r")
        return Failure(step="not-executable", subject=path, errno=number, detail=interpreter)
    return Failure(step="exec", subject=path, errno=number)


def is_script(path: str, error: OSError) -> bool:
    """Tell whether a file that the kernel didn't execute may be a script without a `#!` line.

    As in POSIX's sh: no NUL before the first newline. An unreadable file is left to sh to refuse.
    """
    if error.errno != errno.ENOEXEC:
        return False
    try:
        with open(path, "rb") as file:
            return b"\0" not in file.read(256).partition(b"\n")[0]
    except OSError:
        return True


def _is_special(path: str) -> bool:
    """Tell whether it is a FIFO, a device or a socket: to open one may take for ever."""
    return os.path.exists(path) and not os.path.isfile(path)


def _interpreter(path: str) -> str:
    """Return the interpreter that a file's first line names, or '' where it names none.

    As the kernel reads it: blanks and tabs end it, a carriage return doesn't.
    """
    try:
        with open(path, "rb") as file:
            line = file.readline(4096).rstrip(b"\n")
    except OSError:
        return ""
    words = line[2:].replace(b"\t", b" ").split(b" ") if line[:2] == b"#!" else []
    return os.fsdecode(next(filter(None, words), b""))


def _nearest(name: str, folders: list[str]) -> str:
    """Return the name in PATH that is most like the one that wasn't found, '' if none is."""
    import difflib

    known: set[str] = set()
    for folder in folders:
        try:
            known.update(os.listdir(folder or "."))
        except OSError:
            continue  # PATH often names folders that don't exist
    likely = [one for one in known if abs(len(one) - len(name)) < 3]
    return next(iter(difflib.get_close_matches(name, likely, n=1, cutoff=0.75)), "")
