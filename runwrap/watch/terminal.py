"""The controlling terminal: which process group has its foreground, and its settings.

Started straight from an interactive shell, the job is a process group of its own in our session,
and is given the foreground. In a pipeline or a script it stays in our group: others of it use the
terminal as well (`runwrap ... | less`), and a Ctrl-C must reach all of them.
"""

import os
import stat

from runwrap.containment import send
from runwrap.model.signals import ASKS_FOR_TERMINAL, CONT, STOP, STOPS, TSTP, TTOU, signal
from runwrap.native import foreground_of
from runwrap.native.descriptors import above_stdio
from runwrap.watch.job_control import forget_stops, stop_process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Terminal:
    """Our controlling terminal, and whether the job has its foreground."""

    def __init__(self, descriptor: int, ignored: frozenset[int], *, may_be_apart: bool) -> None:
        """`ignored`: by our caller, as bash does where it has no job control: `$(...)`.

        `stop` stops whoever our shell waits for, and returns whether that worked.
        """
        self.descriptor = above_stdio(descriptor)
        self.held = False
        self._group, self._parent, self._session = os.getpgrp(), os.getppid(), os.getsid(0)
        self.stop: Callable[[int, int], bool] = self._stop_unless_continued
        self._last = 0  # of the signals that stop or continue, the last that we took
        alone = self._group == os.getpid() and not any(map(_is_pipe, (0, 1, 2)))
        self.apart = may_be_apart and alone and ignored.isdisjoint(STOPS)
        self._settings: Any = _settings_of(self.descriptor) if self._in_foreground() else None

    def took(self, number: int) -> None:
        """Take note of a signal that has come to us, who may have shared it with the job."""
        if number in (CONT, *STOPS):
            self._last = number

    def offer(self) -> bool:
        """Tell whether the job is to start in the foreground, and reckon with its taking it."""
        self.held = self.apart and self._in_foreground()
        return self.held

    def stopped(self, group: int, number: int) -> bool:
        """Deal with the job's having been stopped by signal `number`; True if it is to run on.

        We stop as well, so that our shell sees it, and come back when we are continued.
        """
        asks = number in ASKS_FOR_TERMINAL
        if not self.apart:
            # The terminal has stopped everyone of our group but us, who took the signal.
            stopped = number != STOP and self.stop(0, number)
            if stopped:
                forget_stops()
            return stopped
        if asks and self._give(group):
            return True  # it asked before it got what it asked for
        if number == STOP and not self.held:
            return False  # somebody stopped the command alone
        had = self.held
        self.take_back()
        stopped = self.stop(-self._group, number if asks else TSTP)
        self._give(group)
        # In an orphaned group nobody could continue us, so the kernel doesn't stop us. A job that
        # went on asking for a terminal that it can't have would spin.
        return stopped or had or not asks

    def has_continued(self) -> bool:
        """Tell whether we have continued the job when it was stopped last."""
        return self.held

    def _stop_unless_continued(self, target: int, number: int) -> bool:
        """Stop as `stop_process` does, but not where our group was continued since it stopped.

        We took both signals while the job's stop was being found out. Nobody would continue us.
        """
        last, self._last = self._last, 0
        if target == 0 and last == CONT and signal.sigpending().isdisjoint(STOPS):
            return True
        return stop_process(target, number)

    def continued(self, group: int) -> None:
        """Deal with SIGCONT, which a shell sends when it brings us to the foreground."""
        if self.apart:
            self._give(group)

    def finish(self, *, ended_by: int, ended_by_us: bool) -> None:
        """Take the terminal back when the command has ended; `ended_by` is the signal or 0.

        A command that was killed can't tidy up, so its changes to the settings are undone, as a
        shell does; `stty` run to its end keeps them.
        """
        self.take_back()
        if (ended_by or ended_by_us) and self._in_foreground():
            _restore_settings(self.descriptor, self._settings)

    def take_back(self) -> None:
        """Make our own process group the foreground again if the job has it."""
        if self.held and not self._is_shells(self._foreground()):
            set_foreground(self.descriptor, self._group)
        self.held = False

    def _give(self, group: int) -> bool:
        """Give the job the foreground if it is ours to give, and continue it; True if it has it."""
        now = self._foreground()
        if now == self._group:
            self._settings = _settings_of(self.descriptor)
            self.held = set_foreground(self.descriptor, group, resume=True)
        else:
            # A shell in the job may have given it on; our own shell may have taken it.
            self.held = self.held and not self._is_shells(now)
        return self.held and (now in (self._group, group))

    def _is_shells(self, group: int) -> bool:
        """Tell whether a process group is that of the shell which started us."""
        return group != self._group and group in (_group_of(self._parent), _group_of(self._session))

    def _in_foreground(self) -> bool:
        return self._foreground() == self._group

    def _foreground(self) -> int:
        try:
            return os.tcgetpgrp(self.descriptor)
        except OSError:  # hung up, or we are a guardian that has left the session
            return foreground_of(self._session)


def _group_of(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except (ProcessLookupError, PermissionError):
        return 0


def set_foreground(descriptor: int, group: int, *, resume: bool = False) -> bool:
    """Make a process group the terminal's foreground; False if the group or terminal is gone.

    `resume`: continue it as well, at once, since SIGCONT discards a Ctrl-Z that comes in between.
    SIGTTOU must be blocked meanwhile: it would stop us, who aren't in the foreground.
    """
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, (TTOU,))
    try:
        os.tcsetpgrp(descriptor, group)
        if resume:
            send(-group, CONT)
    except OSError:
        return False
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    return True


def _settings_of(descriptor: int) -> "Any":
    import termios

    try:
        return termios.tcgetattr(descriptor)
    except termios.error:
        return None


def _restore_settings(descriptor: int, settings: "Any") -> None:
    import termios

    try:
        # TCSANOW: waiting for output to drain would hang on a terminal held by Ctrl-S.
        termios.tcsetattr(descriptor, termios.TCSANOW, settings)
    except (termios.error, TypeError):  # hung up, or there were no settings to read
        return


def _is_pipe(descriptor: int) -> bool:
    try:
        mode = os.fstat(descriptor).st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)
