"""Run the scene of the README on a real terminal, and draw what it shows as docs/run.svg.

    python docs/picture.py          write the picture
    python docs/picture.py --text   print the screen instead

Needs tmux, whose screen is drawn, and the scene's programs.
"""

import contextlib
import os
import select
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import svg

HERE = Path(__file__).resolve().parent
PICTURE = HERE / "run.svg"
COLUMNS, ROWS = 88, 24
PATIENCE = 60.0  # seconds for a command on the screen
NEEDED = ("tmux", "bash", "rsync", "setsid")
PROMPT = "\x1b[32m$\x1b[39m "

NIGHTLY = """\
#!/bin/sh
(setsid ./reindex &)      # a daemon, nobody's child
rsync -a --bwlimit=1 logs/ backup/ 2>rsync.log
"""
REINDEX = "#!/bin/sh\nwhile :; do sleep 300; done\n"
SCENE = ("cat nightly", "runwrap -v -t 2 -- ./nightly", "echo $?")


def stage(folder: Path) -> None:
    """Make the files that the scene is played with; rsync would take ten minutes for the log."""
    for name, text in (("nightly", NIGHTLY), ("reindex", REINDEX)):
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o755)
    (folder / "logs").mkdir()
    (folder / "logs" / "web.log").write_bytes(os.urandom(600 * 1024))


class Pane:
    """bash in a tmux of its own."""

    def __init__(self, folder: Path) -> None:
        """Start it in `folder`, with the runwrap that lies beside this interpreter."""
        self._socket = str(folder / "tmux")
        size = ["-x", str(COLUMNS), "-y", str(ROWS), "-c", str(folder)]
        shell = ["bash", "--norc", "--noprofile", "-i"]
        printed = folder / "printed"
        os.mkfifo(printed)
        self._printed = os.open(printed, os.O_RDWR)  # so that opening waits for nobody
        # One line of commands: tmux reads nothing of the shell before it has a pipe for it.
        pipe = [";", "pipe-pane", f"exec cat >{shlex.quote(str(printed))}"]
        self.tmux("-f", "/dev/null", "new-session", "-d", *size, *shell, *pipe)

    def tmux(self, *words: str) -> str:
        """Run a tmux command; return what it prints."""
        command = ["tmux", "-u", "-S", self._socket, *words]
        ran = subprocess.run(
            command, env=environment(), stdout=subprocess.PIPE, text=True, check=True
        )
        return ran.stdout

    def screen(self) -> str:
        """Return what is to be seen, with its escape codes."""
        return self.tmux("capture-pane", "-ep")

    def wait_for_prompt(self) -> None:
        """Wait until a prompt has been printed, which by then is on the screen, too."""
        seen, end = b"", time.monotonic() + PATIENCE
        while PROMPT.encode() not in seen:
            if not select.select([self._printed], [], [], max(0.0, end - time.monotonic()))[0]:
                raise SystemExit(f"picture.py: gave up waiting for a prompt:\n{self.screen()}")
            seen += os.read(self._printed, 65536)

    def close(self) -> None:
        """End tmux, and bash with it."""
        self.tmux("kill-server")
        os.close(self._printed)


def environment() -> dict[str, str]:
    """Return what bash is to have: ours, with a prompt, and the runwrap beside this interpreter."""
    ours = {name: value for name, value in os.environ.items() if name[:8] != "RUNWRAP_"}
    ours.pop("TMUX", None)
    path = f"{Path(sys.executable).parent}:{ours['PATH']}"
    return ours | {"PATH": path, "PS1": PROMPT, "LC_ALL": "C.UTF-8", "HISTFILE": ""}


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[Pane]:
    """Open a pane for as long as it is needed."""
    pane = Pane(folder)
    try:
        yield pane
    finally:
        pane.close()


def play() -> str:
    """Type the scene into a shell; return the screen with its escape codes, up to the end."""
    with tempfile.TemporaryDirectory() as name:
        stage(Path(name))
        with opened(Path(name)) as pane:
            pane.wait_for_prompt()
            for command in SCENE:
                pane.tmux("send-keys", "-l", command + "\r")
                pane.wait_for_prompt()
            return pane.screen().rstrip().rpartition("\n")[0]


def main(words: list[str]) -> None:
    """Run the command line."""
    if words not in ([], ["--text"]):
        raise SystemExit("usage: picture.py [--text]")
    if missing := [name for name in NEEDED if not shutil.which(name)]:
        raise SystemExit(f"picture.py: not installed: {', '.join(missing)}")
    screen = play()
    if words:
        print(svg.plain(screen))
    else:
        PICTURE.write_text(svg.draw(screen, SCENE[1]), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
