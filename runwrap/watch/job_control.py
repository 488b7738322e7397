"""Stopping ourselves for our shell to see, as a terminal's Ctrl-Z would."""

import os

from runwrap.model.signals import CONT, STOPS, signal


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
        # Here we are stopped, and once more if the next stop signal comes before this:
        signal.pthread_sigmask(signal.SIG_BLOCK, (number,))
    # What continued us is pending, or a stop signal that came after it and discarded it. Our caller
    # tells the job. Left for the loop as well, SIGCONT would come late: it could undo the next
    # Ctrl-Z, or be taken for the end of that stop.
    stopped = not signal.sigpending().isdisjoint((CONT, *STOPS))
    if stopped:
        forget(CONT)
    signal.signal(number, before)
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    return stopped


def forget(*numbers: int) -> None:
    """Discard signals that are pending: sigwait could hang, since the kernel may do so as well."""
    for number in numbers:
        signal.signal(number, signal.signal(number, signal.SIG_IGN))


def forget_stops() -> None:
    """In the guardian of a job that shares the front's group, forget what told of a stop.

    1. The command sends SIGTSTP to its group, as vim does for Ctrl-Z, and is stopped by it.
    2. The front gets it as well, and hands it on to the guardian.
    3. The guardian sees the stop first, and waits until a shell continues the job.
    4. Passed on then, the signal would stop the job anew.
    """
    forget(*STOPS)


def still_stopped(pid: int) -> bool:
    """Tell whether a child whose stop we have reaped may have stayed stopped since.

    If not, a SIGCONT of ours would come late, and could undo the next Ctrl-Z.
    """
    news = os.WSTOPPED | os.WCONTINUED | os.WEXITED
    try:
        return os.waitid(os.P_PID, pid, news | os.WNOHANG | os.WNOWAIT) is None
    except (AttributeError, ChildProcessError):  # a system without it, or it has been reaped
        return True
