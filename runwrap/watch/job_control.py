"""Stopping ourselves for our shell to see, as a terminal's Ctrl-Z would."""

import os

from runwrap.model.signals import CONT, signal


def stop_process(target: int, number: int) -> bool:
    """Stop ourselves (0), or our process group (negative), as the terminal would; return later.

    False if nothing stopped us: the caller ignores the signal, or our group is orphaned. If True,
    the SIGCONT that continued us is used up, and the job is still to be told.

    1. The terminal stops everyone of our group but us, who only read the signal.
    2. Our shell sees that, and a quick `fg` continues the group: SIGCONT is pending for us.
    3. Stopping now would discard that SIGCONT, and nobody would continue us: so look first.
    """
    if signal.getsignal(number) == signal.SIG_IGN:
        return False
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, (number, CONT))
    before = signal.signal(number, signal.SIG_DFL)
    if CONT not in signal.sigpending():
        os.kill(target or os.getpid(), number)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (number,))
    # Here we were stopped. What continued us is pending; our caller passes it on to the job. Left
    # for the loop as well, it could undo the next Ctrl-Z, or be taken for the end of that stop.
    stopped = CONT in signal.sigpending()
    if stopped:  # sigwait could hang: a stop signal discards a pending SIGCONT
        signal.signal(CONT, signal.signal(CONT, signal.SIG_IGN))
    signal.signal(number, before)
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    return stopped


def still_stopped(pid: int) -> bool:
    """Tell whether a child whose stop we have reaped may have stayed stopped since.

    If not, a SIGCONT of ours would come late, and could undo the next Ctrl-Z.
    """
    news = os.WSTOPPED | os.WCONTINUED | os.WEXITED
    try:
        return os.waitid(os.P_PID, pid, news | os.WNOHANG | os.WNOWAIT) is None
    except (AttributeError, ChildProcessError):  # a system without it, or it has been reaped
        return True
