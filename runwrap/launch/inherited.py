"""What the caller had before this interpreter started, so that the command gets just that."""

import os
import posix

from runwrap.model import Record
from runwrap.model.plan import Environment
from runwrap.model.signals import CHLD, KILL, PIPE, STOP, XFSZ, signal
from runwrap.native import initial_value, parent_ignores

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# What CPython sets LC_CTYPE to, in its own environment, where the locale is C (PEP 538).
_COERCED = (b"C.UTF-8", b"C.utf8", b"UTF-8")


class Inherited(Record):
    """The signals that were blocked, and those that were ignored, when runwrap was executed.

    `heeded` are all that were not ignored. `defaulted` are set to their default in the command,
    whatever the caller did with them.
    """

    blocked: frozenset[int]
    ignored: frozenset[int]
    heeded: frozenset[int]
    defaulted: frozenset[int] = frozenset()

    def forwardable(self, besides: "Iterable[int]" = ()) -> frozenset[int]:
        """Return what runwrap takes and passes on: what can be caught and was not ignored.

        `besides` are signals that it leaves alone. SIGCHLD is always ours.
        """
        return self.heeded.difference((KILL, STOP), besides) | {CHLD}

    def changed(self) -> frozenset[int]:
        """Return the signals that are ignored here, and are not to be in the command."""
        return self.defaulted.union((PIPE, XFSZ)) - self.ignored

    def with_defaults(self, signals: "Iterable[int]") -> "Inherited":
        """Return the same, but for signals that the command gets as by default."""
        defaulted = frozenset(signals)
        return self.replace(
            ignored=self.ignored - defaulted, heeded=self.heeded | defaulted, defaulted=defaulted
        )


def inspect() -> Inherited:
    """Find out what the caller had. Nothing else may have changed a signal before."""
    blocked = frozenset(map(int, signal.pthread_sigmask(signal.SIG_BLOCK, ())))
    every = frozenset(map(int, signal.valid_signals()))
    ignored = {number for number in every if signal.getsignal(number) == signal.SIG_IGN}
    # CPython ignores these two before any of our code runs: what the caller had is seen no more.
    for number in {PIPE, XFSZ} - (parent_ignores() if ignored & {PIPE, XFSZ} else set()):
        ignored.discard(number)
    return Inherited(blocked=blocked, ignored=frozenset(ignored), heeded=every - ignored)


def listen_for_deaths() -> None:
    """See that SIGCHLD comes and children can be waited for, whatever the caller did with it."""
    if signal.getsignal(CHLD) != signal.SIG_DFL:
        signal.signal(CHLD, signal.SIG_DFL)


def environment(changes: Environment) -> dict[bytes, bytes]:
    """Return the command's environment: the caller's own, then the changes."""
    found = {} if changes.clear else posix.environ.copy()  # as it was, and no object an entry
    found.pop(b"", None)  # a nameless entry, which the system can't be asked to pass on
    if found.get(b"LC_CTYPE") in _COERCED:
        before = initial_value(b"LC_CTYPE")
        found.pop(b"LC_CTYPE")
        if before is not None:
            found[b"LC_CTYPE"] = before
    for name in changes.unset:
        found.pop(os.fsencode(name), None)
    for name, value in changes.set:
        found[os.fsencode(name)] = os.fsencode(value)
    return found
