"""Processes drawn as trees, one a line: pid, state, age, CPU time and command line."""

from runwrap.model.outcome import Process
from runwrap.model.printable import printable
from runwrap.report.wording import duration

# What stands in front of a process that others follow, of the last, and of what is below each.
_BOXES = ("├─ ", "└─ ", "│  ", "   ")
_PLAIN = ("|- ", "`- ", "|  ", "   ")
_MARKS = {"Z": "zombie", "T": "stopped", "t": "stopped by a tracer"}


def draw(processes: tuple[Process, ...], encoding: str, width: int | None = None) -> str:
    """Return the trees that processes form, those first whose parent is not among them.

    `encoding` is that of the place where it is shown, `width` the columns to cut lines at.
    """
    boxes = encoding.lower().replace("_", "-") in ("utf-8", "utf8")
    known = {one.pid: one for one in processes}
    below: dict[int, list[Process]] = {}
    for one in known.values():
        below.setdefault(one.parent if one.parent in known else 0, []).append(one)
    rows = _rows(below, _BOXES if boxes else _PLAIN)
    return "".join(f"{_cut(row, width, '…' if boxes else '...')}\n" for row in rows)


def _rows(below: "dict[int, list[Process]]", lines: tuple[str, ...]) -> list[str]:
    """Draw without recursion: a tree may be deeper than the interpreter's stack."""
    follows, last, beside, under = lines
    rows = []
    todo = [(one, "", "") for one in reversed(below.get(0, ()))]
    while todo:
        one, front, indent = todo.pop()
        rows.append(front + _row(one))
        children = below.get(one.pid, [])
        for child in reversed(children):
            own, inner = (last, under) if child is children[-1] else (follows, beside)
            todo.append((child, indent + own, indent + inner))
    return rows


def _row(one: Process) -> str:
    mark = f" ({_MARKS[one.state]})" if one.state in _MARKS else ""
    times = f"{_short(one.elapsed)} old, {_short(one.cpu)} CPU"
    return f"{one.pid} {one.state}{mark}, {times}: {printable(one.command)}"


def _short(seconds: float) -> str:
    """Write a duration in the hundredths that the system counts in, or whole seconds."""
    if seconds >= 60:
        return duration(float(int(seconds)))
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.0f} s"


def _cut(row: str, width: int | None, mark: str) -> str:
    if width is None or len(row) <= width:
        return row
    return row[: max(0, width - len(mark))] + mark[: max(0, width)]
