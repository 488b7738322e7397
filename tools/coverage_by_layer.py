"""Say how much of each layer the tests have run, branch by branch.

Run it after `coverage run -m pytest`, from the project's folder; `make coverage` does both.
"""

import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path, PurePath

_FIGURES = ("num_statements", "covered_lines", "num_branches", "covered_branches")


def main() -> None:
    """Print a table, the layers from the top down."""
    layers: dict[str, Counter[str]] = {}
    for file, found in _measured()["files"].items():
        inside = PurePath(file).relative_to("runwrap")
        layer = inside.parts[0] if len(inside.parts) > 1 else "main and what is beside it"
        sums = layers.setdefault(layer, Counter())
        sums.update({name: found["summary"][name] for name in _FIGURES})
    print("| layer | statements | run | branches | taken |\n| --- | ---: | ---: | ---: | ---: |")
    everything: Counter[str] = sum(layers.values(), Counter())
    for name, sums in [*sorted(layers.items()), ("all", everything)]:
        print(f"| {name} | {_share(sums, 'statements', 'covered_lines')} "
              f"| {_share(sums, 'branches', 'covered_branches')} |")  # fmt: skip


def _measured() -> dict[str, dict[str, dict[str, dict[str, int]]]]:
    coverage = [sys.executable, "-m", "coverage"]
    subprocess.run([*coverage, "combine", "-q"], check=True)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "coverage.json")
        subprocess.run([*coverage, "json", "-q", "-o", file], check=True)
        measured: dict[str, dict[str, dict[str, dict[str, int]]]] = json.loads(file.read_text())
    return measured


def _share(sums: "Counter[str]", what: str, covered: str) -> str:
    every = sums[f"num_{what}"]
    return f"{every} | {100 * sums[covered] / every if every else 100:.1f} %"


if __name__ == "__main__":
    main()
