"""Make the manual pages and the shells' completions from the option table.

`python tools/generate.py` writes them; with `--check` it only tells which are out of date, and
exits 1 if any is.
"""

import sys
from pathlib import Path

import manual

import completions

ROOT = Path(__file__).resolve().parent.parent


def outputs() -> dict[Path, str]:
    """Return the text of every generated file, by its path below the project's folder."""
    made = {Path("man", name): text for name, text in manual.pages().items()}
    return made | {Path("completions", name): text for name, text in completions.files().items()}


def stale() -> list[Path]:
    """Return the generated files whose text is not what the table gives now, or is missing."""
    return [path for path, text in outputs().items() if _read(ROOT / path) != text]


def write() -> None:
    """Write the files that are out of date."""
    made = outputs()
    for path in stale():
        (ROOT / path).parent.mkdir(exist_ok=True)
        (ROOT / path).write_text(made[path], encoding="utf-8")
        print(f"wrote {path}")


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def main(words: list[str]) -> int:
    """Run the command line; return the exit code."""
    if words not in ([], ["--check"]):
        print("usage: generate.py [--check]", file=sys.stderr)
        return 2
    if not words:
        write()
        return 0
    old = stale()
    for path in old:
        print(f"{path} is out of date: run python tools/generate.py", file=sys.stderr)
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
