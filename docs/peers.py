"""Compare what wrappers do, by really running them: the table of the README.

`python docs/peers.py` prints the table; with `--write` it goes into README.md. What is not
installed is left out. Needs Linux, util-linux, and either root or unprivileged user namespaces.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from datetime import datetime, timezone
from pathlib import Path
from typing import NamedTuple

import situations

HERE = Path(__file__).resolve().parent
README = HERE.parent / "README.md"
BEGIN, END = "<!-- docs/peers.py makes this -->\n", "<!-- to here -->\n"
NO_DEADLINE = 60  # seconds, where a deadline must not matter
LIMIT = 120  # seconds for one cell; what then still runs dies with its namespace

ROWS = {
    "left": "a daemon¹ that an ended command left behind",
    "daemon": "a daemon¹, at the deadline²",
    "stopped": "a stopped child, at the deadline²",
    "stubborn": "a child that ignores TERM, at the deadline²",
    "killed": "the command, when the wrapper gets KILL³",
    situations.ZOMBIE: "the zombie of an orphan, under PID 1",
    "seven": "exit code, if the command's is 7",
    "signal": "exit code, if the command dies of TERM",
    "deadline": "exit code, at the deadline",
}
WITH_DEADLINE = ("daemon", "stopped", "stubborn", "deadline")
CODES = ("seven", "signal", "deadline")


class Peer(NamedTuple):
    """A wrapper: its command line, and the one that tells its version."""

    name: str
    line: str
    version_line: str
    is_program: bool = True  # or else a recipe, whose exit codes are up to who follows it

    @property
    def has_deadline(self) -> bool:
        """Tell whether it ends its command by itself."""
        return "DEADLINE" in self.line

    def words(self, deadline: float) -> list[str]:
        """Return the words before the command's; `deadline` is in seconds."""
        given = {"DEADLINE": f"{deadline:g}", "GRACE": str(situations.GRACE)}
        known = given | {"python": sys.executable, "RECIPE": str(HERE / "psutil_recipe.py")}
        return [known.get(word, word) for word in self.line.split()]

    def version(self) -> str:
        """Return the version of what is installed."""
        words = [sys.executable if w == "python" else w for w in self.version_line.split()]
        ran = subprocess.run(words, capture_output=True, text=True, check=True, env=environment())
        found = re.search(r"\d+(\.\d+)+", ran.stdout + ran.stderr)
        return found[0] if found else "?"


PEERS = (
    Peer("runwrap", "runwrap -t DEADLINE -k GRACE --", "runwrap --version"),
    Peer("timeout", "timeout -k GRACE DEADLINE", "timeout --version"),
    Peer("psutil", "python RECIPE DEADLINE GRACE", "python -m pip show psutil", is_program=False),
    Peer("tini", "tini -sg --", "tini --version"),
    Peer("dumb-init", "dumb-init --", "dumb-init --version"),
    Peer("catatonit", "catatonit -g --", "catatonit --version"),
    Peer("setsid", "setsid --fork --wait", "setsid --version"),
)


def environment() -> dict[str, str]:
    """Return our environment without runwrap's variables; the wrappers beside us come first."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("RUNWRAP_")}
    return ours | {"PATH": f"{Path(sys.executable).parent}:{ours['PATH']}"}


def installed() -> list[Peer]:
    """Return the wrappers that are here."""
    path = environment()["PATH"]
    return [peer for peer in PEERS if shutil.which(peer.line.split()[0], path=path)]


def namespace() -> list[str]:
    """Return the words that run a command as PID 1, with whose end, and ours, all ends."""
    alone = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]
    return alone if os.geteuid() == 0 else [*alone, "--map-root-user"]


def why_not() -> str:
    """Say why there can be no such namespace here, '' if there can."""
    if not shutil.which("unshare"):
        return "unshare (of util-linux) is not installed"
    ran = subprocess.run([*namespace(), "true"], capture_output=True, text=True, check=False)
    return ran.stderr.strip()


def cell(peer: Peer, situation: str) -> str:
    """Make a situation for a wrapper and tell what it did; once more, slower, if it came late."""
    if situation in CODES and not peer.is_program:
        return "-"
    for deadline in (1, 4, 16):
        if (said := _run(peer, situation, deadline)) != situations.LATE:
            return said
    raise SystemExit(f"peers.py: this machine is too slow for {peer.name}: {situation}")


def _run(peer: Peer, situation: str, deadline: float) -> str:
    wrapper = peer.words(deadline if situation in WITH_DEADLINE else NO_DEADLINE)
    inside = [sys.executable, str(HERE / "situations.py"), situation]
    ran = subprocess.run(
        [*namespace(), *inside, str(deadline if peer.has_deadline else 0), *wrapper],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
        env=environment(),
    )
    if said := ran.stdout.strip():
        return said
    if situation == situations.ZOMBIE:
        return "fails⁴"  # the answer is the script's, which PID 1 has taken with it
    raise SystemExit(f"peers.py: no answer of {peer.name}: {situation}: {ran.stderr.strip()}")


def table(peers: list[Peer]) -> str:
    """Return the table in Markdown, and a line with versions and the day."""
    lines = [_line("what becomes of", (peer.name for peer in peers))]
    lines.append(_line("---", ("---" for _ in peers)))
    lines += [_line(ROWS[name], (cell(peer, name) for peer in peers)) for name in ROWS]
    versions = ", ".join(f"{peer.name} {peer.version()}" for peer in peers)
    day = datetime.now(timezone.utc).date().isoformat()
    return "".join(lines) + f"\n{versions}; Linux, {day}; made by `make peers`.\n"


def _line(title: str, cells: Iterable[str]) -> str:
    return f"| {title} | {' | '.join(cells)} |\n"


def column(name: str) -> dict[str, str]:
    """Return what the README says of a wrapper in each situation."""
    text = README.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    rows = [line.strip("| \n").split(" | ") for line in text.splitlines() if line[:1] == "|"]
    place = rows[0].index(name)
    told = {row[0]: row[place] for row in rows[2:]}
    return {situation: told[title] for situation, title in ROWS.items()}


def write(text: str) -> None:
    """Put the table between its marks in the README."""
    before, begin, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise SystemExit(f"peers.py: {README} has no marks for the table")
    README.write_text(before + begin + text + end + after, encoding="utf-8")


def main(words: list[str]) -> None:
    """Run the command line."""
    if words not in ([], ["--write"]):
        raise SystemExit("usage: peers.py [--write]")
    if reason := why_not():
        raise SystemExit(f"peers.py: this needs PID namespaces: {reason}")
    text = table(installed())
    if words:
        write(text)
    else:
        print(text, end="")


if __name__ == "__main__":
    main(sys.argv[1:])
