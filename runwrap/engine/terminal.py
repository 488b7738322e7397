"""The controlling terminal: which process group has its foreground, and its settings.

The job is a process group of its own in our session. It is given the foreground at once where we
were started straight from an interactive shell; in a pipeline or a script only when it asks, by
stopping with SIGTTIN or SIGTTOU: others of our group may be using the terminal (`runwrap ... |
less`), and a Ctrl-C must still reach the script that started us.
"""

import os
import stat

from runwrap.model.signals import ASKS_FOR_TERMINAL, CONT, INT, QUIT, TSTP, TTOU, signal
from runwrap.native.descriptors import above_stdio

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Terminal:
    """Our controlling terminal, and whether the job has its foreground."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = above_stdio(descriptor)
        self.held = False
        self._group = os.getpgrp()
        self._from_shell = self._group == os.getpid() and not any(map(_is_pipe, (0, 1, 2)))
        self._settings: Any = None
        self._we_were_told = False

    def told_to_stop(self) -> None:
        """Note that a stop signal reached us, and so whoever else it was meant for."""
        self._we_were_told = True

    def offer(self) -> bool:
        """Tell whether the job is to start in the foreground, and reckon with its taking it."""
        if not self._from_shell or not self._in_foreground():
            return False
        self._settings = _settings_of(self.descriptor)
        self.held = True
        return True

    def give(self, group: int) -> bool:
        """Give the job the foreground if it is ours to give; return whether it has it."""
        if not self.held and self._in_foreground():
            self._settings = _settings_of(self.descriptor)
            self.held = set_foreground(self.descriptor, group)
        return self.held

    def take_back(self) -> None:
        """Make our own process group the foreground again if the job had it."""
        if self.held:
            self.held = False
            set_foreground(self.descriptor, self._group)

    def stopped(self, group: int, number: int) -> bool:
        """Deal with the job's having been stopped by signal `number`; True if it is to run on.

        Where it only asks for the terminal it gets it. Otherwise we stop as well, so that our
        shell sees it, and come back when we are continued.
        """
        asks = number in ASKS_FOR_TERMINAL
        if asks and not self.held and self.give(group):
            return True
        if not self.held and not asks and number != TSTP:
            return False  # SIGSTOP to the command alone: no affair of the terminal's
        had = self.held
        self.take_back()
        # A Ctrl-Z that only the job got is repeated to our whole group, for the script around us.
        target = os.getpid() if self._we_were_told else -self._group
        self._we_were_told = False
        stopped = stop_process(target, number if asks else TSTP)
        if had or self._from_shell:
            self.give(group)
        # In an orphaned group nobody could continue us, so the kernel doesn't stop us. A job that
        # went on asking for a terminal that it can't have would spin.
        return stopped or self.held or not asks

    def continued(self, group: int) -> None:
        """Deal with SIGCONT, which a shell sends when it brings us to the foreground."""
        self._we_were_told = False
        if self._from_shell:
            self.give(group)

    def finish(self, *, ended_by: int, stopped_by_us: bool) -> None:
        """Take the terminal back when the job has ended; `ended_by` is the signal or 0.

        A job that was killed can't tidy up, so its changes to the settings are undone, as a shell
        does; `stty` run to its end keeps them. A Ctrl-C or Ctrl-\\ that ended the job went to the
        foreground alone: it is repeated to our own group, for the script around us.
        """
        if not self.held:
            return
        self.take_back()
        if ended_by or stopped_by_us:
            _restore_settings(self.descriptor, self._settings)
        if ended_by in (INT, QUIT) and not stopped_by_us and self._group != os.getpid():
            os.killpg(self._group, ended_by)

    def _in_foreground(self) -> bool:
        try:
            return os.tcgetpgrp(self.descriptor) == self._group
        except OSError:  # hung up
            return False


def set_foreground(descriptor: int, group: int) -> bool:
    """Make a process group the terminal's foreground; False if the group or terminal is gone.

    SIGTTOU must be blocked meanwhile: it would stop us, who aren't in the foreground.
    """
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, (TTOU,))
    try:
        os.tcsetpgrp(descriptor, group)
    except OSError:
        return False
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    return True


def stop_process(target: int, number: int) -> bool:
    """Stop ourselves, or our process group (negative), as the terminal would have; return later.

    False if nothing stopped us: the caller ignores the signal, or our group is orphaned.

    1. The terminal stops everyone of our group but us, who only read the signal.
    2. Our shell sees that, and a quick `fg` continues the group: SIGCONT is pending for us.
    3. Stopping now would discard that SIGCONT, and nobody would continue us: so look first.
    """
    if signal.getsignal(number) == signal.SIG_IGN:
        return False
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, (number, CONT))
    before = signal.signal(number, signal.SIG_DFL)
    if CONT not in signal.sigpending():
        os.kill(target, number)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (number,))
    # Here we were stopped. What continued us is still pending, and the loop's to read.
    stopped = CONT in signal.sigpending()
    signal.signal(number, before)
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    return stopped


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
