"""Why a spec is refused, and the way out. What a shell would do to it is never done silently."""

_SHELL = "use runwrap -- sh -c '...'"
_WORDS = "give words instead of a spec"  # in which the caller's shell has put what it means
_QUOTE = "quote it to mean itself"
NAMELESS = "the command's name is empty"
_SPACE = "put a blank before a word of digits"

# What is told of each reason, and the way out.
REFUSALS = {
    "empty": ("there is no command", "write one"),
    "empty-stage": ("a stage has no command", "write one"),
    "and-or": ("&& and || are for a shell", f"{_SHELL}, or runwrap once for each"),
    "list": ("; begins another command", f"{_SHELL}, or {_QUOTE}"),
    "background": ("& is for a shell", f"{_SHELL}, or {_QUOTE}"),
    "subshell": ("( and ) are for a shell", f"{_QUOTE}, or {_SHELL}"),
    "command-substitution": ("a shell would put a command's output here", f"{_WORDS}, or {_SHELL}"),
    "expansion": ("a shell would put a value here", f"{_WORDS}, single-{_QUOTE}, or {_SHELL}"),
    "glob": ("a shell would look for files here", f"{_QUOTE}, {_WORDS}, or {_SHELL}"),
    "brace": ("a shell may make several words of this", f"{_QUOTE}, or {_SHELL}"),
    "tilde": ("a shell would put a home folder here", f"write it out, or {_QUOTE}"),
    "comment": ("# begins a comment", f"leave it out, or {_QUOTE}"),
    "newline": ("a line ends here", f"leave that out, or {_SHELL}"),
    "nul": ("a NUL can't be in a word", "leave it out"),
    "reserved-word": ("this word has a meaning to a shell", f"{_QUOTE}, or {_SHELL}"),
    "builtin": ("this command is within a shell, and no program", _SHELL),
    "assignment": ("only a shell can assign this", _SHELL),
    "heredoc": ("here-documents are for a shell", "use < and a file, or runwrap's own input"),
    "amp-redirect": ("&> is not read the same by every shell", "write >FILE 2>&1"),
    "clobber": (">| is for a shell that guards files", "write >"),
    "rw-redirect": ("a file is read or written, not both", f"write < or >, or {_SHELL}"),
    "fd-dup": ("a stream is joined by 2>&1, >&2 or 1>&2 alone", f"write that, or {_SHELL}"),
    "fd-number": ("there is < and 0<, > and 1>, and 2>", f"{_SPACE}, or {_SHELL}"),
    "redirect-target": ("a redirection has no file", "name one after it"),
    "special-file": (
        "this is no file of its own: it depends on who opens it",
        f"write 2>&1 or >&2, or {_SHELL}",
    ),
    "duplicate-redirect": ("this stream is redirected already", "leave one out"),
    "redirect-conflict": ("the pipe takes this stream", "leave out one of them"),
    "unterminated-quote": ("a quote is not closed", "close it"),
    "trailing-backslash": ("a backslash at the end quotes nothing", f"leave it out, or {_QUOTE}"),
}


class SpecError(ValueError):
    """A spec that is refused: why, where, and the way out.

    `position` is the offending character's offset in `spec`, in characters; `line` counts from 1
    where the spec is a line of `file`, and else is 0. `said` replaces the reason's own words.
    """

    def __init__(
        self, reason: str, spec: str, position: int, said: str = "", line: int = 0, file: str = ""
    ) -> None:
        told, self.way_out = REFUSALS[reason]
        self.reason, self.spec, self.position = reason, spec, position
        self.message, self.line, self.file = said or told, line, file
        super().__init__(f"{reason}: {self.message}; {self.way_out}")

    def in_its_line(self, file: str) -> "SpecError":
        """Return the same refusal, of the one line of `file` that it is about."""
        begin = self.spec.rfind("\n", 0, self.position) + 1
        text = self.spec[begin : self.position]
        text += self.spec[self.position :].partition("\n")[0]
        line = self.spec.count("\n", 0, self.position) + 1
        return SpecError(self.reason, text, self.position - begin, self.message, line, file)
