"""What a row of the table says, and the words that many rows share."""

from collections.abc import Sequence
from dataclasses import dataclass
from re import Pattern

from tests.support import python, sh

NO_FILE = "No such file or directory"
HELP = "Try 'timeout --help' for more information.\n"


@dataclass(frozen=True)
class Ending:
    """How timeout itself ended: its `status` is negative for death by signal, as subprocess has it.

    `left`: something that it started is still running then. `stopped`: it did not end but was
    stopped by its own signal. In `out` and `err`, `{me}` stands for the program's name and a colon.
    """

    status: int = 0
    out: str | Pattern[str] = ""
    err: str | Pattern[str] = ""
    left: bool = False
    stopped: bool = False


@dataclass(frozen=True)
class Row:
    """One behaviour of GNU's timeout.

    The command runs in a folder of its own. Each line that it writes to the FIFO `ready` there lets
    the next of the `sends` go to timeout; signals of one step are sent without waiting in between.
    Without `stdin` its input has no end before the row is over: whoever reads it waits until then.
    """

    name: str
    words: Sequence[str]  # after `timeout`
    ends: Ending = Ending()
    sends: Sequence[tuple[str, ...]] = ()
    ignored: Sequence[str] = ()  # by the caller
    blocked: Sequence[str] = ()  # by the caller
    env: Sequence[tuple[str, str]] = ()
    stdin: str = ""
    files: Sequence[tuple[str, str, int]] = ()  # name, text, mode
    in_shell: bool = False  # started by a shell, so that it doesn't lead its session
    core: bool = False  # core dumps are allowed
    differs: str = ""  # the GNU version since which `ends` holds
    before: Ending | None = None  # what versions up to 9.1 gave instead
    ours: Ending | None = None  # where runwrap means to do otherwise than GNU
    proved: bool = True  # False: `ends` is inferred, not seen or documented, for that version


def complaint(text: str, status: int = 125) -> Ending:
    """Return how a bad command line ends."""
    return Ending(status, err=f"{{me}}{text}\n{HELP}")


def not_run(name: str, why: str, status: int) -> Ending:
    """Return how a command that can't be started ends."""
    return Ending(status, err=f"{{me}}failed to run command '{name}': {why}\n")


def told(*lines: str, status: int = 124) -> Ending:
    """Return a run that --verbose told of: "TERM to command 'sh'"."""
    return Ending(status, err="".join(f"{{me}}sending signal {line}\n" for line in lines))


TIMED_OUT = Ending(124)
HANG = ("cat",)  # a command that lasts as long as the row
SPEAKS = sh("echo >ready; exec cat")  # the same, which says when it runs
FAMILY = sh("exec 3<&0; cat <&3 & echo >ready; wait")
STUBBORN = sh("trap '' TERM; echo >ready; read line")
# The child is started before the trap is set: it could still hold it when the signal comes.
TRAPS = sh("exec 3<&0; cat <&3 & trap 'echo tidied; exit 7' TERM; echo >ready; wait")
DEADLINE = (("ALRM",),)  # the deadline, when the command is ready for it

_PROBE = """
import os, select, signal, sys
every = signal.valid_signals()
signal.pthread_sigmask(signal.SIG_BLOCK, every)
ready = os.open("ready", os.O_WRONLY)
os.write(ready, b"\\n")
seen = set()
def row_is_over():
    return select.select([0], [], [], 0)[0]
def name(number):
    least = signal.SIGRTMIN
    return f"RTMIN+{number - least}" if number > least else signal.Signals(number).name[3:]
def take(within):
    taken = signal.sigtimedwait(every, within)
    if not taken:
        return False
    if name(taken.si_signo) not in seen | {"CONT"}:
        os.write(ready, b"\\n")
    seen.add(name(taken.si_signo))
    return True
while STOP not in seen and not row_is_over():
    take(0.05)
while take(0):
    pass
if STOP != "CONT":
    seen.discard("CONT")
print(*sorted(seen))
sys.exit(CODE)
"""


def probe(stop: str, code: int = 5) -> tuple[str, str, str, str]:
    """Return a command that prints the signals it gets, until `stop` comes.

    SIGCONT goes along with most others, and is told of only where it is the last.
    """
    return python(_PROBE.replace("STOP", repr(stop)).replace("CODE", str(code)))


STATE = sh(
    "while read -r key value; do case $key in SigBlk:|SigIgn:)"
    " printf '%s%x\\n' $key $((0x$value & 0x7fffffff)) ;; esac; done </proc/self/status"
)
_NUMBERS = {"HUP": 1, "INT": 2, "QUIT": 3, "USR1": 10, "PIPE": 13, "CHLD": 17}
_NUMBERS |= {"ALRM": 14, "TERM": 15, "TTIN": 21, "TTOU": 22, "WINCH": 28}


def state(ignored: Sequence[str] = (), blocked: Sequence[str] = ()) -> Ending:
    """Return what STATE prints: the command's own mask and ignored signals, up to number 31."""
    return Ending(out=f"SigBlk:{_bits(blocked):x}\nSigIgn:{_bits(ignored):x}\n")


def _bits(names: Sequence[str]) -> int:
    return sum(1 << _NUMBERS[name] - 1 for name in names)
