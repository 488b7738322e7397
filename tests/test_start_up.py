"""What a plain run loads: start-up is held by the modules, which are exact, and not by a clock."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import RUNWRAP, runwrap

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems load other modules")

sys.path.insert(0, str(Path(__file__).parent.parent / "tools"))


FRACTIONS, VALUES, OPTIONS, GNU_RULES = (
    "runwrap.model.gnu_durations", "runwrap.cli.values", "runwrap.cli.options",
    "runwrap.model.gnu_escalation",
)  # fmt: skip
# What a plain start makes of ours; each more needs a reason.
OURS = {
    "runwrap.cli",
    "runwrap.cli.argv",
    "runwrap.commands",
    "runwrap.containment",
    "runwrap.containment.reaper",
    "runwrap.guard",
    "runwrap.guard.front",
    "runwrap.job",
    "runwrap.launch",
    "runwrap.launch.inherited",
    "runwrap.launch.spawn",
    "runwrap.main",
    "runwrap.model",
    "runwrap.model.decide",
    "runwrap.model.durations",
    "runwrap.model.escalation",
    "runwrap.model.outcome",
    "runwrap.model.plan",
    "runwrap.model.request",
    "runwrap.model.signals",
    "runwrap.model.verdict",
    "runwrap.native",
    "runwrap.native.linux",
    "runwrap.watch",
    "runwrap.watch.loop",
}
# The bundle is looked for as well, which a wheel has with all of them in it.
PLAIN_RUN = {"_ctypes", "gc", "runwrap", "runwrap.bundle", *OURS}
COSTLY = {
    "click", "ctypes", "dataclasses", "enum", "importlib.metadata", "json", "psutil", "re",
    "shutil", "signal", "subprocess", "threading", "typing",
}  # fmt: skip
CHANGING = ("RUNWRAP_", "PYTHON", "COV_", "COVERAGE_")  # variables that load more


def loaded(*words: str) -> set[str]:
    """Run this interpreter without a terminal; return every module that it imports on the way."""
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", *words],
        env={name: value for name, value in os.environ.items() if not name.startswith(CHANGING)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
        check=True,
    )
    rows = [line for line in ran.stderr.splitlines() if line.startswith("import time:")]
    assert len(rows) == len(ran.stderr.splitlines()), "something else was said"
    return {row.rpartition("|")[2].strip() for row in rows}


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Return what this interpreter loads for a script that does nothing."""
    script = tmp_path_factory.mktemp("start") / "empty"
    script.touch()
    return loaded(str(script))


def tables(*names: str) -> set[str]:
    """Return the modules that hold some tables of options."""
    return {OPTIONS, *(f"{OPTIONS}.{name}" for name in names)}


@pytest.mark.parametrize(
    "words",
    [("-t", "5", "--", "true"), ("--timeout=5", "true"), ("run", "-t", "5", "true")],
    ids=" ".join,
)
def test_a_plain_run_loads_just_these_modules(words: tuple[str, ...], bare: set[str]) -> None:
    assert loaded(RUNWRAP, *words) - bare == (PLAIN_RUN | tables("limits")) - bare


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("-k", "1"), ("limits", "stopping")),
        (("--report=/dev/null", "--dry-run"), ("limits", "stopping", "general")),
        (("--leak", "wait"), ("limits", "stopping", "general", "containment")),
        (
            ("--session=new", "-k", "1", "-e", "A=1"),
            ("limits", "stopping", "general", "containment", "command"),
        ),
    ],
    ids=" ".join,
)
def test_tables_are_loaded_until_an_option_is_found(
    words: tuple[str, ...], names: tuple[str, ...]
) -> None:
    found = {name for name in loaded(RUNWRAP, *words, "true") if name.startswith(OPTIONS)}
    assert found == tables(*names)


@pytest.mark.parametrize("words", [("true",), ("--", "true"), ("run", "true")], ids=" ".join)
def test_one_without_options_loads_no_table_of_them(words: tuple[str, ...], bare: set[str]) -> None:
    assert loaded(RUNWRAP, *words) - bare == PLAIN_RUN - bare


@pytest.mark.parametrize(
    ("words", "more"),
    [(("5",), set()), (("0.5",), {FRACTIONS}), (("-k", "1", "5"), tables("gnu_timeout"))],
    ids=["whole", "fraction", "option"],
)
def test_a_plain_timeout_loads_just_these_modules(
    words: tuple[str, ...], more: set[str], bare: set[str]
) -> None:
    assert (
        loaded(RUNWRAP, "timeout", *words, "true") - bare
        == (PLAIN_RUN | {VALUES, GNU_RULES} | more) - bare
    )


def test_nothing_costly_is_among_them() -> None:
    assert PLAIN_RUN.isdisjoint(COSTLY)


def test_the_script_is_our_own_and_not_an_installers() -> None:
    script = Path(RUNWRAP).read_text().partition("\n")[2]
    assert (
        script == (Path(__file__).parent.parent / "scripts/runwrap").read_text().partition("\n")[2]
    )
    assert "import re" not in script


def test_the_folder_of_the_script_is_no_place_for_modules(tmp_path: Path) -> None:
    script = shutil.copy(RUNWRAP, tmp_path / "runwrap")
    for name in ("_ctypes", "click"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(99)")
    (tmp_path / "link").symlink_to(script)
    for program in (script, tmp_path / "link"):
        assert runwrap("true", program=(str(program),)).status == 0
        assert runwrap("--help", program=(str(program),)).status == 0


def test_python_takes_modules_from_the_current_folder_only_where_it_may(tmp_path: Path) -> None:
    (tmp_path / "click.py").write_text("raise SystemExit(99)")
    isolated = (sys.executable, "-I", "-m", "runwrap")
    assert runwrap("--help", program=isolated, cwd=tmp_path).status == 0


def test_where_python_cannot_start_the_code_is_1(tmp_path: Path) -> None:
    assert runwrap("true", env={"PYTHONHOME": str(tmp_path)}).status == 1
