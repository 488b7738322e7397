"""The file that `--report` names: it is there as a whole, or as it was before.

One that can't be replaced, as it is mounted by itself or in a folder of others, is written over.
"""

import errno
import os
import select
import stat

from runwrap.model.signals import signal

_OPEN = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}
_DESCRIPTORS = ("/dev/fd", "/proc/self/fd")
_PATIENCE = 100  # milliseconds for a reader that is slow, before we let a signal end us


class ReportFile:
    """A file to be written in the end, of which is known from the beginning that it can be."""

    def __init__(self, path: str) -> None:
        """Raise OSError where it can't be written."""
        self._path, self._stream = path, -1
        self._mask = signal.pthread_sigmask(signal.SIG_BLOCK, ())  # the caller's, before the job
        number = _descriptor(path)
        if number is not None:
            self._stream = _another(number)
        elif _is_special(path):
            self._stream = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC | os.O_NONBLOCK)
        if self._stream >= 0:
            return
        self._path = os.path.realpath(path)  # a link stays one
        try:
            draft, descriptor = self._draft()
        except OSError:
            if not os.path.exists(self._path):
                raise
            os.close(os.open(self._path, os.O_WRONLY | os.O_CLOEXEC))
            return
        os.close(descriptor)
        os.unlink(draft)

    def write(self, text: str) -> None:
        """Put a text there, in the place of what was; OSError where that fails."""
        data = text.encode()
        if self._stream >= 0:
            self._send(data)
            return
        try:
            self._replace(data)
        except OSError:
            if not os.path.isfile(self._path):
                raise
            _write_all(os.open(self._path, os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC), data)

    def _replace(self, data: bytes) -> None:
        draft, descriptor = self._draft()
        try:
            _write_all(descriptor, data)
            os.replace(draft, self._path)
        except OSError:
            os.unlink(draft)
            raise

    def _send(self, data: bytes) -> None:
        """Write to what may be a pipe; while nobody reads it, any signal ends us."""
        poll = select.poll()
        poll.register(self._stream, select.POLLOUT)
        while data:
            if not poll.poll(_PATIENCE):
                signal.pthread_sigmask(signal.SIG_SETMASK, self._mask)
                poll.poll()
            # A pipe that takes anything takes as much without blocking.
            data = data[os.write(self._stream, data[: select.PIPE_BUF]) :]

    def _draft(self) -> tuple[str, int]:
        folder, name = os.path.split(self._path)
        # Shortened: a name may be as long as the file system takes, and this one is longer.
        start = os.fsdecode(os.fsencode(name)[:100])
        draft = os.path.join(folder, f".{start}.{os.urandom(6).hex()}")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        return draft, os.open(draft, flags, 0o666)


def _descriptor(path: str) -> int | None:
    """Return the descriptor that a path is another name for, if it is."""
    folder, name = os.path.split(path)
    if folder in _DESCRIPTORS and name.isdecimal() and len(name) < 10:  # or it is no C int
        return int(name)
    return _OPEN.get(path)


def _another(number: int) -> int:
    """Return another descriptor of the same open file; OSError where it isn't open for writing.

    Opened anew, a file would have another position, and what others write next be on top of it.
    """
    import fcntl

    another = fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, 3)
    if fcntl.fcntl(another, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    return another


def _is_special(path: str) -> bool:
    """Tell whether a file is a FIFO or a device; OSError for a folder."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        if path.endswith("/"):
            raise
        return False
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    return not stat.S_ISREG(mode)


def _write_all(descriptor: int, data: bytes) -> None:
    """Write to a descriptor, and close it."""
    try:
        while data:
            data = data[os.write(descriptor, data) :]
    finally:
        os.close(descriptor)
