"""Names that bash keeps for itself, which a command or a variable of a spec then can't have."""

from runwrap.model.plain_spec import BUILTINS, RESERVED
from runwrap.model.spec.expansions import assigned_name, looks_like_assignment
from runwrap.model.spec.refusals import NAMELESS, SpecError

# bash refuses to set these for a command, or gives it a value of its own.
KEPT = frozenset({
    "_", "BASHOPTS", "BASH_ARGC", "BASH_ARGV", "BASH_LINENO", "BASH_SOURCE", "BASH_VERSINFO",
    "EUID", "FUNCNAME", "GROUPS", "PPID", "SHELLOPTS", "SHLVL", "UID",
})  # fmt: skip


def check_command(spec: str, at: int, name: str, head: str) -> None:
    """Raise SpecError if bash would not run a program of this name for the word at `at`."""
    if not name:
        raise SpecError("empty-stage", spec, at, NAMELESS)
    if name == head and name in RESERVED:
        raise SpecError("reserved-word", spec, at)
    # `%` begins a job's name, and means `fg`, quoted or not.
    if name in BUILTINS or name.startswith("%"):
        raise SpecError("builtin", spec, at)
    if looks_like_assignment(head):
        raise SpecError("assignment", spec, at)


def read_assignment(spec: str, at: int, word: str, head: str) -> tuple[str, str] | None:
    """Return the name and value that a word before the command assigns, None if it is no such."""
    name = assigned_name(head)
    if name in KEPT:
        raise SpecError("assignment", spec, at, f"bash keeps {name} for itself")
    return None if name is None else (name, word[len(name) + 1 :])
