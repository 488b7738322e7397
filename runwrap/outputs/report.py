"""What `--report` adds to a run: a file that can be written, before; what happened, after.

The file is there as a whole, or as it was before. It may be written where a shell's `>` may, and
keeps its owner, its mode and its other names.
"""

import errno
import fcntl
import os
import stat
import time

from runwrap.model.outcome import Outcome
from runwrap.model.plan import Plan
from runwrap.model.signals import signal
from runwrap.model.verdict import Verdict
from runwrap.report.outcome_json import describe

_OPEN = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}
_DESCRIPTORS = ("/dev/fd", "/proc/self/fd")
_PATIENCE = 100  # milliseconds for a reader that is slow, before we let a signal end us
_WRITE = os.O_WRONLY | os.O_CLOEXEC
# What a folder, a mount or an owner may have against a new file in the place of an old one.
_IRREPLACEABLE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.EINVAL)


class Report:
    """The report of one run."""

    def __init__(self, path: str) -> None:
        self.name, self._path, self._stream, self._start = f"the report to {path}", path, -1, 0.0
        self._mask = signal.pthread_sigmask(signal.SIG_BLOCK, ())  # the caller's, before the job

    def open(self) -> None:
        """See that the file can be written; OSError where it can't."""
        number = _descriptor(self._path)
        if number is not None:
            self._stream = _another(number)
        elif _is_special(self._path):
            self._stream = _open_special(self._path)
        elif os.path.lexists(self._path):
            os.close(_open_old(self._path))
        else:
            draft, descriptor = self._draft(0o666)
            os.close(descriptor)
            os.unlink(draft)
        self._start = time.time()

    def finish(self, plan: Plan, outcome: Outcome, verdict: Verdict) -> None:
        """Write what happened, in the place of what was there; OSError where that fails."""
        span = self._start, time.time()
        data = describe(plan, outcome, verdict, os.getpid(), span).encode()
        if self._stream >= 0:
            self._send(data)
        elif os.path.lexists(self._path):
            self._write_old(data)
        else:
            self._put(data, None)

    def _write_old(self, data: bytes) -> None:
        """Replace a file that is there, or write over it where a new one could not be the same."""
        with open(_open_old(self._path), "wb") as old:
            try:
                if _is_replaceable(self._path, old.fileno()):
                    self._put(data, os.fstat(old.fileno()))
                    return
            except OSError as error:
                if error.errno not in _IRREPLACEABLE:
                    raise
            old.truncate(0)
            old.write(data)

    def _put(self, data: bytes, old: os.stat_result | None) -> None:
        """Write a new file, and give it the name, and the owner and mode of an old one if any."""
        draft, descriptor = self._draft(0o600 if old else 0o666)
        try:
            with open(descriptor, "wb") as file:
                if old:
                    new = os.fstat(descriptor)
                    if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
                        os.fchown(descriptor, old.st_uid, old.st_gid)
                    os.fchmod(descriptor, old.st_mode & 0o777)  # no set-user-ID, as for a writer
                file.write(data)
            os.replace(draft, self._path)
        except OSError:
            os.unlink(draft)
            raise

    def _send(self, data: bytes) -> None:
        """Write to what may be a pipe; while nobody reads it, any signal ends us."""
        import select  # most reports are files

        poll = select.poll()
        poll.register(self._stream, select.POLLOUT)
        while data:
            if not poll.poll(_PATIENCE):
                signal.pthread_sigmask(signal.SIG_SETMASK, self._mask)
                poll.poll()
            # A pipe that takes anything takes as much without blocking.
            data = data[os.write(self._stream, data[: select.PIPE_BUF]) :]

    def _draft(self, mode: int) -> tuple[str, int]:
        folder, name = os.path.split(self._path)
        # Shortened: a name may be as long as the file system takes, and this one is longer.
        start = os.fsdecode(os.fsencode(name)[:100])
        draft = os.path.join(folder, f".{start}.{os.urandom(6).hex()}")
        return draft, os.open(draft, _WRITE | os.O_CREAT | os.O_EXCL, mode)


def _open_old(path: str) -> int:
    """Open a file or link that is there as a shell's `>` does, but without emptying it.

    O_CREAT makes the kernel refuse what somebody else has laid out in a folder for everybody: a
    link (fs.protected_symlinks) and a file (fs.protected_regular).
    """
    return os.open(path, _WRITE | os.O_CREAT, 0o666)


def _is_replaceable(path: str, descriptor: int) -> bool:
    """Tell whether another file can take its place, with nothing lost but what was in it."""
    if os.path.islink(path) or os.fstat(descriptor).st_nlink > 1:
        return False
    try:
        names = os.listxattr(descriptor) if hasattr(os, "listxattr") else []
    except OSError:  # a file system that has none
        return True
    return set(names) <= {"security.selinux"}  # a new file has a label of its own


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


def _open_special(path: str) -> int:
    try:
        return os.open(path, _WRITE | os.O_APPEND | os.O_NONBLOCK)
    except OSError as error:
        if error.errno != errno.ENXIO or not stat.S_ISFIFO(os.stat(path).st_mode):
            raise
        told = "no process reads this FIFO yet; start its reader first"
        raise OSError(error.errno, told) from None
