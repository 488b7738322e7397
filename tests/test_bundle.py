"""The bundle that a wheel has beside its modules does what they do, and only sooner."""

import json
import shutil
import subprocess
import sys
from importlib.util import source_from_cache
from pathlib import Path

import pytest

from tests.support import RUNWRAP, Result, clean_environment, runwrap
from tests.test_start_up import OURS, PLAIN_RUN, loaded

PROJECT = Path(__file__).parent.parent
sys.path.insert(0, str(PROJECT / "tools"))

import bundle  # noqa: E402

# What a pipeline loads besides; and one whose spec has to be read.
PIPELINE = {"runwrap.model.pipeline", "runwrap.model.plain_spec", "runwrap.launch.stages"}
SPEC = {f"runwrap.model.spec{name}" for name in ("", ".reading", ".refusals", ".tokens", ".words")}

# Prints, for each of some modules, its names, and who loaded it: a bundle, or the import system.
INSPECT = """
import importlib, json, sys
if sys.argv[1]:
    importlib.import_module("runwrap." + sys.argv[1])
found = {}
for name in sys.argv[2:]:
    importlib.import_module(name)
for name in sys.argv[2:]:
    module = sys.modules[name]
    loader = getattr(module.__loader__, "__name__", type(module.__loader__).__name__)
    names = vars(module).keys() - {"__cached__", "__file__", "__annotations__"}
    found[name] = [loader, module.__package__, sorted(names)]
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds what a wheel does: the package, its bundle and the script."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(PROJECT / "runwrap", folder / "runwrap", ignore=lambda *_: ["__pycache__"])
    (folder / "runwrap" / bundle.FILE).write_text(bundle.text())
    shutil.copy(PROJECT / "scripts/runwrap", folder / "start")
    return folder


def from_wheel(wheel: Path, *words: str) -> Result:
    """Run the script with the package of a wheel's folder."""
    start = (sys.executable, str(wheel / "start"))
    return runwrap(*words, program=start, env={"PYTHONPATH": str(wheel)})


def modules(wheel: Path, first: str, names: list[str]) -> dict[str, list[object]]:
    ran = subprocess.run(
        [sys.executable, "-c", INSPECT, first, *names],
        cwd=wheel,
        capture_output=True,
        check=True,
    )
    found: dict[str, list[object]] = json.loads(ran.stdout)
    return found


def test_it_makes_at_once_just_what_a_plain_start_loads() -> None:
    assert set(bundle.at_once()) == OURS


@pytest.mark.parametrize(
    ("words", "added"),
    [
        (("--", "true", "|", "true"), PIPELINE),
        (("true | true",), PIPELINE),
        (("true | 'true'",), PIPELINE | SPEC),
        (("--", *["true", "|"] * 49, "true"), PIPELINE),
    ],
    ids=["words", "plain spec", "spec", "fifty stages"],
)
def test_a_pipeline_loads_just_these_modules_more(words: tuple[str, ...], added: set[str]) -> None:
    ours = {name for name in loaded(RUNWRAP, "pipe", *words) if name.startswith("runwrap.")}
    assert ours - PLAIN_RUN == added


def test_it_provides_each_of_its_modules(wheel: Path) -> None:
    found = modules(wheel, "bundle", bundle.modules())
    assert {loader for loader, *_ in found.values()} == {"_Bundle"}


def test_they_have_the_names_that_the_files_give_them(wheel: Path) -> None:
    names = bundle.modules()
    bundled, single = modules(wheel, "bundle", names), modules(wheel, "", names)
    assert {name: rest for name, (_, *rest) in bundled.items()} == {
        name: rest for name, (_, *rest) in single.items()
    }


@pytest.mark.parametrize("words", [("true",), ("-t", "5", "true")], ids=" ".join)
def test_the_script_loads_them_from_it(wheel: Path, words: tuple[str, ...]) -> None:
    ran = subprocess.run(
        [sys.executable, "-v", wheel / "start", *words],
        env=clean_environment() | {"PYTHONPATH": str(wheel)},
        capture_output=True,
        text=True,
        check=True,
    )
    names = {line.split()[-1] for line in ran.stderr.splitlines() if "code object from" in line}
    files = {name.strip("'") for name in names if str(wheel) in name}
    # Who ran before may have left compiled ones.
    ours = {source_from_cache(name) if name.endswith(".pyc") else name for name in files}
    assert ours == {str(wheel / "runwrap/__init__.py"), str(wheel / "runwrap/bundle.py")}


@pytest.mark.parametrize(
    "words",
    [
        ("sh", "-c", "exit 7"),
        ("sh", "-c", "kill -9 $$"),
        ("-v", "-t", "0.1", "sleep", "60"),
        ("--dry-run", "-t", "1m", "true"),
        ("timeout", "0.1", "sleep", "60"),
        ("pipe", "seq 3 | sort -r | sh -c 'cat; exit 4'"),
        ("pipe", "-v", "--", "seq", "3", "|", "cat"),
        ("pipe", "a && b"),
        ("pipe", "cat </dev/null | cat >/dev/full"),
        ("timeout", "-s", "0x", "1", "true"),
        ("--nonsense",),
        ("/nonexistent/program",),
        ("--help",),
        ("--version",),
    ],
    ids=" ".join,
)
def test_a_run_from_it_ends_as_one_from_the_modules(wheel: Path, words: tuple[str, ...]) -> None:
    from_bundle = from_wheel(wheel, *words)
    from_modules = runwrap(*words)
    assert (from_bundle.status, from_bundle.out) == (from_modules.status, from_modules.out)
    assert steady(from_bundle.err) == steady(from_modules.err)


def steady(text: str) -> str:
    """Leave out the figures, which differ from run to run."""
    return "".join(one for one in text if not one.isdigit() and one != ".")


def test_an_internal_error_is_one_line_there_too(wheel: Path) -> None:
    shutil.move(wheel / "runwrap/cli/commands.py", wheel / "runwrap/cli/gone.py")
    ran = from_wheel(wheel, "--help")
    shutil.move(wheel / "runwrap/cli/gone.py", wheel / "runwrap/cli/commands.py")
    assert ran.status == 125
    assert ran.err.count("\n") == 1


HOOK = """
import sys
sys.version_info = (3, 9, 18)
import build_hook
data = {"force_include": {}}
build_hook.Hook("", {}, None, None, "", "").initialize("standard", data)
assert not data["force_include"] and "bundle" not in sys.modules
"""


def test_a_python_that_is_too_old_can_build_what_pip_refuses_it() -> None:
    pytest.importorskip("hatchling")
    words = [sys.executable, "-c", HOOK]
    ran = subprocess.run(words, cwd=PROJECT / "tools", capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_the_modules_themselves_do_where_it_cannot_be_read(wheel: Path) -> None:
    path = wheel / "runwrap" / bundle.FILE
    text = path.read_text()
    path.write_text("not Python")
    ran = from_wheel(wheel, "pipe", "echo 'text' | cat")
    path.write_text(text)
    assert (ran.status, ran.out, ran.err) == (0, "text\n", "")
