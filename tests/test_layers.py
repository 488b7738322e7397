"""Who may know whom, held by the import statements; and who may exit or speak."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import runwrap

PACKAGE = Path(runwrap.__file__).parent
FILES = {path.relative_to(PACKAGE).as_posix(): path for path in PACKAGE.rglob("*.py")}

MAY_IMPORT = {
    "__init__": {"main"},
    "__main__": {"start"},
    "main": {"commands", "cli", "native", "model"},
    "commands": {"job", "trees", "outputs", "cli", "report", "model"},
    "outputs": {"report", "model"},
    "cli": {"report", "model"},
    "report": {"model"},
    "job": {"guard", "watch", "launch", "containment", "native", "model"},
    "guard": {"launch", "watch", "containment", "native", "model"},
    "launch": {"watch", "native", "model"},
    "watch": {"containment", "native", "model"},
    "trees": {"containment", "native", "model"},
    "containment": {"native", "model"},
    "native": {"model"},
    "model": set[str](),
}
OUTSIDE_WORLD = {"os", "sys", "time", "signal", "_signal", "io", "fcntl", "select", "resource"} | {
    "datetime", "pathlib", "posix", "psutil", "shutil", "socket", "subprocess", "tempfile",
    "threading",
}  # fmt: skip

every_file = pytest.mark.parametrize("file", sorted(FILES))


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """Walk a tree, functions included, but not what only a type checker reads."""
    yield node
    for_types = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    inner = node.orelse if isinstance(node, ast.If) and for_types else ast.iter_child_nodes(node)
    for child in inner:
        yield from statements(child)


def imported(file: str) -> set[str]:
    """Return the dotted names that a file imports, of modules and of what is in them."""
    found = set()
    for node in statements(ast.parse(FILES[file].read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: a relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def mentioned(file: str) -> set[str]:
    """Return the names that a file uses or imports, dotted as in `os._exit`."""
    found = imported(file)
    for node in statements(ast.parse(FILES[file].read_text())):
        if isinstance(node, ast.Name | ast.Attribute):
            found.add(ast.unparse(node))
    return found


def files_that_mention(*names: str) -> set[str]:
    return {file for file in FILES if mentioned(file).intersection(names)}


def layer(file: str) -> str:
    return file.partition("/")[0].removesuffix(".py")


def layers_imported(file: str) -> set[str]:
    """Return the layers that a file imports from, without its own."""
    ours = {name.split(".")[1] for name in imported(file) if name.startswith("runwrap.")}
    return ours - {layer(file), "__version__"}


@every_file
def test_every_file_is_in_a_layer(file: str) -> None:
    assert layer(file) in MAY_IMPORT


@every_file
def test_imports_point_down_only(file: str) -> None:
    assert layers_imported(file) <= MAY_IMPORT[layer(file)]


@pytest.mark.parametrize("file", sorted(file for file in FILES if layer(file) == "model"))
def test_the_model_knows_nothing_of_the_outside_world(file: str) -> None:
    # Signals have names and numbers, which the module that deals in them knows.
    allowed = {"signal", "_signal"} if file == "model/signals.py" else set()
    assert {name.partition(".")[0] for name in imported(file)} & OUTSIDE_WORLD <= allowed


def test_only_the_command_line_knows_click() -> None:
    users = {file for file in FILES if "click" in {one.split(".")[0] for one in imported(file)}}
    assert users == {"cli/commands.py"}


def test_only_the_portable_side_knows_psutil() -> None:
    assert files_that_mention("psutil") == {"native/posix_processes.py"}


def test_only_main_exits_and_what_was_forked() -> None:
    ways = ("os._exit", "os.abort", "sys.exit", "SystemExit", "exit", "quit")
    assert files_that_mention(*ways) == {
        "main.py",
        "launch/forked.py",
        "guard/__init__.py",
        "guard/pidns.py",
    }


def test_nothing_is_printed() -> None:
    assert files_that_mention("print", "sys.stderr", "warnings.warn") == set()


def files_that_write_to(descriptor: int) -> set[str]:
    return {
        file
        for file in FILES
        for node in statements(ast.parse(FILES[file].read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node).startswith(f"os.write({descriptor},")
    }


def test_only_the_command_line_writes_to_standard_output() -> None:
    users = files_that_mention("sys.stdout", "click.echo") | files_that_write_to(1)
    assert users == {"cli/console.py"}


def test_only_main_says_or_shows_anything() -> None:
    said = {f"runwrap.cli.console.{name}" for name in ("say", "show")}
    users = {file for file in FILES if said.intersection(imported(file))}
    assert users == {"main.py"}


def test_nothing_but_messages_and_who_could_not_load_them_writes_to_standard_error() -> None:
    assert files_that_write_to(2) == {"cli/console.py", "main.py"}


def modules_imported(file: str) -> set[str]:
    """Return the files that a file imports from, inside of functions too."""
    found = set()
    for name in imported(file):
        path = name.removeprefix("runwrap").lstrip(".").replace(".", "/")
        choices = (f"{path}.py", f"{path}/__init__.py", f"{path.rpartition('/')[0]}.py")
        found |= {one for one in choices if name.startswith("runwrap") and one in FILES}
        parent = f"{path.rpartition('/')[0]}/__init__.py"
        if name.startswith("runwrap") and not found & set(choices[:2]) and parent in FILES:
            found.add(parent)
    return found - {file, "__init__.py"}  # the package itself, which is loaded before any


def test_no_files_import_each_other_in_a_circle() -> None:
    left = {file: modules_imported(file) for file in FILES}
    while free := [file for file, needed in left.items() if not needed & left.keys()]:
        for file in free:
            del left[file]
    assert left == {}


def test_every_module_can_be_imported() -> None:
    # A name that is there for type checkers alone is one that they don't miss.
    names = [f"runwrap.{file[:-3]}".replace("/", ".").removesuffix(".__init__") for file in FILES]
    wanted = sorted(name for name in names if not name.endswith("__"))
    code = "import importlib, sys; [importlib.import_module(name) for name in sys.argv[1:]]"
    subprocess.run([sys.executable, "-c", code, *wanted], check=True)
