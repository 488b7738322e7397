"""Specs of nothing but plain words and pipes, which are most: they need no reading.

What they hold of a grammar is decided by looking for anything else. Whatever might mean something
to a shell, or be refused, is left to `runwrap.model.spec.reading`, which has to agree.
"""

from runwrap.model.plan import Stage

PIPES = ("|", "|&")  # a word of its own, and a token of a spec
RESERVED = frozenset({
    "!", "[[", "]]", "{", "}", "case", "coproc", "do", "done", "elif", "else", "esac", "fi",
    "for", "function", "if", "in", "select", "then", "time", "until", "while",
})  # fmt: skip
# Of bash's builtins those that are no program as well, or one in name only. `echo`, `printf`,
# `test`, `[`, `kill`, `pwd`, `true` and `false` are both.
BUILTINS = frozenset({
    ".", ":", "alias", "bg", "bind", "break", "builtin", "caller", "cd", "command", "compgen",
    "complete", "compopt", "continue", "declare", "dirs", "disown", "enable", "eval", "exec",
    "exit", "export", "fc", "fg", "getopts", "hash", "help", "history", "jobs", "let", "local",
    "logout", "mapfile", "popd", "pushd", "read", "readarray", "readonly", "return", "set",
    "shift", "shopt", "source", "suspend", "times", "trap", "type", "typeset", "ulimit", "umask",
    "unalias", "unset", "wait",
})  # fmt: skip
_PLAIN = frozenset(" |%+,-./0123456789:=@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")


def read_plain(spec: str) -> tuple[Stage, ...] | None:
    """Return the stages of a spec of plain words; None where it has to be read."""
    if not _PLAIN.issuperset(spec):
        return None
    stages = []
    for part in spec.split("|"):
        words = tuple(part.split())
        if not words or words[0] in RESERVED or words[0] in BUILTINS:
            return None
        if "=" in words[0] or words[0][0] == "%":  # an assignment, the name of a job
            return None
        stages.append(Stage(argv=words))
    return tuple(stages)
