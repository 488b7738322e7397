"""What was asked: one invocation, checked word by word, with nothing decided yet."""

from runwrap.model import Record
from runwrap.model.durations import INFINITE
from runwrap.model.escalation import Step


class Request(Record):
    """One invocation, as the command line spelt it. Durations are seconds, signals are numbers.

    None means that an option was not given, where that differs from its default.
    """

    command: str = "run"
    operands: tuple[str, ...] = ()
    file: str | None = None
    text: str | None = None  # what `file` holds
    pipefail: str = "sigpipe-ok"
    timeout: float = INFINITE
    kill_after: float | None = None
    signal: int | None = None
    escalate: tuple[Step, ...] | None = None
    foreground: bool = False
    session: str | None = None
    chdir: str | None = None
    env: tuple[tuple[str, str], ...] = ()
    unset: tuple[str, ...] = ()
    clean_env: bool = False
    stdin: str | None = None
    stdout: str | None = None
    stderr: str | None = None
    append: bool = False
    umask: int | None = None
    nice: int | None = None
    leak: str = ""
    leak_timeout: float = 0.2
    contain: str = "auto"
    die_with_parent: bool = False
    preserve_status: bool = False
    verbose: bool = False
    report: str | None = None
    dry_run: bool = False
    json: bool = False
