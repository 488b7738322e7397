"""The signals that matter to us, by name, and the module that deals in them.

The C module beneath `signal` is used where it exists: the public one imports `enum`, which costs
a third of the interpreter's own start.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as signal
else:
    try:
        import _signal as signal
    except ImportError:  # another Python: the public module has the same names
        import signal

KILL, STOP, CONT = int(signal.SIGKILL), int(signal.SIGSTOP), int(signal.SIGCONT)
TERM, INT, QUIT = int(signal.SIGTERM), int(signal.SIGINT), int(signal.SIGQUIT)
CHLD, ALRM = int(signal.SIGCHLD), int(signal.SIGALRM)
PIPE, XFSZ = int(signal.SIGPIPE), int(signal.SIGXFSZ)
TSTP, TTIN, TTOU = int(signal.SIGTSTP), int(signal.SIGTTIN), int(signal.SIGTTOU)
HUP, WINCH, URG = int(signal.SIGHUP), int(signal.SIGWINCH), int(signal.SIGURG)
ASKS_FOR_TERMINAL = (TTIN, TTOU)  # what the kernel stops a background process with
STOPS = (TSTP, *ASKS_FOR_TERMINAL)  # what SIGCONT discards where it is pending
# What the terminal sends to a whole group, whose foreground it is or which asked for that.
FROM_TERMINAL = (INT, QUIT, TSTP, HUP, CONT, WINCH, *ASKS_FOR_TERMINAL)
NOT_TERMINATING = (CHLD, CONT, URG, WINCH, STOP, TSTP, TTIN, TTOU)  # by default (POSIX signal.h)
