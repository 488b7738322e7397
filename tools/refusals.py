"""The refusals of a pipeline spec, for the manual: their own words, each with an example."""

import mdoc

from runwrap.model.spec.refusals import REFUSALS

# A spec that is refused for each reason; none where it can't be shown on a line.
EXAMPLES = {
    "empty": "",
    "empty-stage": "sort |",
    "and-or": "make && make install",
    "list": "make; make install",
    "background": "server &",
    "subshell": "(date; who) | sort",
    "command-substitution": "kill $(cat pid)",
    "expansion": 'echo "$HOME"',
    "glob": "wc -l *.c",
    "brace": "echo {a,b}",
    "tilde": "ls ~/bin",
    "comment": "make # all of it",
    "newline": "",
    "nul": "",
    "reserved-word": "time make",
    "builtin": "cd src",
    "assignment": "a+=b make",
    "heredoc": "sort <<END",
    "amp-redirect": "make &>log",
    "clobber": "make >|log",
    "rw-redirect": "tee <>/dev/tty",
    "fd-dup": "make >&3",
    "fd-number": "make 3>log",
    "redirect-target": "make >",
    "special-file": "tee /dev/null >/dev/stdout",
    "duplicate-redirect": "make >log >copy",
    "redirect-conflict": "make >log | less",
    "unterminated-quote": "echo 'it",
    "trailing-backslash": "echo \\",
}


def listed() -> list[str]:
    """Return a list of the refusals as mdoc: name, example, reason, way out."""
    lines = [".Bl -tag -width Ds"]
    for reason, (why, way_out) in REFUSALS.items():
        example = EXAMPLES[reason]
        shown = f" Pq Li {mdoc.literal(example)}" if example else ""
        lines.append(f".It Sy {mdoc.escape(reason)}{shown}")
        lines += mdoc.typed(f"{why[:1].upper()}{why[1:]}.")
        lines += mdoc.typed(f"{way_out[:1].upper()}{way_out[1:]}.")
    return [*lines, ".El"]
