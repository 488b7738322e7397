"""Make one module of those that a plain start loads.

Finding, opening and checking a module's file takes longer than running what is in it. A wheel
therefore holds these modules again, together in `runwrap/bundle.py`, with which the script begins.
A checkout has no such file, and loads the modules themselves.

`python tools/bundle.py FOLDER` writes it there.
"""

import ast
import symtable
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE = "bundle.py"

# Where every plain start begins: with these, and with what they import when they are made.
START = (
    "runwrap.main",
    "runwrap.commands",
    "runwrap.containment.reaper",
    "runwrap.native.linux",
)
# What many starts load besides, and then out of the bundle.
OFTEN = (
    "runwrap.cli.options.limits",
    "runwrap.cli.options.stopping",
    "runwrap.cli.values",
    "runwrap.model.gnu_escalation",
    "runwrap.cli.options.gnu_timeout",
    "runwrap.model.pipeline",
    "runwrap.model.plain_spec",
    "runwrap.launch.stages",
)

_Placed = ast.expr | ast.stmt | ast.arg

_HEAD = '''\
"""Some modules in one file, which loads sooner. Made from them when the wheel was built."""

# fmt: off
# ruff: noqa
# mypy: ignore-errors
'''

# Each module is a function whose names are all global, so that its code, run in a module's
# namespace, does what the module's own would.
_TAIL = '''\
class _Bundle:
    """Finds and loads what is in here, before anybody looks for its file."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name not in _CODES:
            return None
        spec = _Spec(name, _Bundle, is_package=name in _PACKAGES)
        if spec.submodule_search_locations is not None:
            spec.submodule_search_locations.append(_FOLDER + name[7:].replace(".", "/"))
        return spec

    @staticmethod
    def create_module(spec):
        return None

    @staticmethod
    def exec_module(module):
        exec(_CODES[module.__name__], module.__dict__)


import sys

_Spec, _Module = type(__spec__), type(sys)
_FOLDER = __file__.rpartition("/")[0]
for name in _AT_ONCE:
    module = sys.modules[name] = _Module(name)
    spec = module.__spec__ = _Bundle.find_spec(name)
    module.__loader__, module.__package__ = _Bundle, spec.parent
    if name in _PACKAGES:
        module.__path__ = spec.submodule_search_locations
try:
    for name in _AT_ONCE:
        module = sys.modules[name]
        _Bundle.exec_module(module)
        parent, _, own = name.rpartition(".")
        setattr(sys.modules[parent], own, module)
except BaseException:
    for name in _AT_ONCE:
        del sys.modules[name]
    raise
sys.meta_path.insert(0, _Bundle)
'''


def at_once() -> list[str]:
    """Return the modules that every plain start loads, in an order to make them in.

    They are made at once: to ask the import system for each would take longer than the modules
    themselves.
    """
    return _order(START)


def modules() -> list[str]:
    """Return all that is in the bundle."""
    return _order(START + OFTEN)


def text() -> str:
    """Return the text of the bundle."""
    functions, codes, packages = [], [], []
    for number, name in enumerate(modules()):
        if _is_package(name):
            packages.append(name)
        functions.append(_as_function(f"_{number}", _source(name)))
        codes.append(f"    {name!r}: _{number}.__code__,\n")
    tables = (
        f"_CODES = {{\n{''.join(codes)}}}\n_PACKAGES = {packages!r}\n_AT_ONCE = {at_once()!r}\n\n\n"
    )
    return "\n\n".join((_HEAD, *functions, tables + _TAIL))


def _is_package(name: str) -> bool:
    return (ROOT / name.replace(".", "/")).is_dir()


def _exists(name: str) -> bool:
    """Tell a module from what is in one."""
    return _is_package(name) or (ROOT / name.replace(".", "/")).with_suffix(".py").exists()


def _source(name: str) -> str:
    path = ROOT / name.replace(".", "/")
    return (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text("utf-8")


def _order(begin: tuple[str, ...]) -> list[str]:
    """Return some modules and all of ours that they import, those first that others need."""
    seen = {"runwrap"}  # which is loaded by then
    order: list[str] = []

    def add(name: str) -> None:
        if name not in seen and name.startswith("runwrap.") and _exists(name):
            seen.add(name)
            for needed in (name.rpartition(".")[0], *_imported(name)):
                add(needed)
            order.append(name)

    for name in begin:
        add(name)
    return order


def _imported(name: str) -> list[str]:
    """Return what a module may import when it is made, not in its functions."""
    found = []
    for node in _statements(ast.parse(_source(name)).body):
        if isinstance(node, ast.ImportFrom) and node.module:
            found += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
    return found


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.If):
            if ast.unparse(node.test) != "TYPE_CHECKING":
                yield from _statements(node.body)
            if ast.unparse(node.test) != "sys.platform == 'linux'":  # others load files
                yield from _statements(node.orelse)
        else:
            yield node


def _as_function(name: str, source: str) -> str:
    """Return a module's source as that of a function with global names."""
    lean = _Cutter(source).cut()
    inside = {
        line
        for node in ast.walk(ast.parse(lean))
        if isinstance(node, ast.Constant | ast.JoinedStr)
        for line in range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)
    }
    indented = "".join(
        line if number in inside or not line.strip() else "    " + line
        for number, line in enumerate(lean.splitlines(keepends=True), start=1)
    )
    names = sorted(
        symbol.get_name()
        for symbol in symtable.symtable(lean, name, "exec").get_symbols()
        if symbol.is_assigned() or symbol.is_imported()
    )
    declared = f"    global {', '.join(names)}\n" if names else ""
    return f"def {name}():\n{declared}{indented or '    pass'}"


class _Cutter(ast.NodeVisitor):
    """Leaves out what only people and type checkers read: it would be loaded, too.

    The fields of a Record keep their names, but what type each has would be worked out for nobody.
    """

    def __init__(self, source: str) -> None:
        self._text = source.encode()
        self._starts = [0]
        for line in self._text.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._cuts: list[tuple[int, int, bytes]] = []

    def cut(self) -> str:
        """Return what is left of the source."""
        tree = ast.parse(self._text)
        for statement in tree.body:
            if isinstance(statement, ast.AnnAssign):  # a global name can't be annotated
                self._leave_out(self._end(statement.target), self._end(statement.annotation))
        self.visit(tree)
        text = self._text
        for first, last, instead in sorted(self._cuts, reverse=True):
            text = text[:first] + instead + text[last:]
        return text.decode()

    def visit_Module(self, node: ast.Module) -> None:
        self._leave_out_docstring(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for statement in node.body:
            if isinstance(statement, ast.AnnAssign):
                annotation = statement.annotation
                self._leave_out(self._begin(annotation), self._end(annotation), b"0")
        self._leave_out_docstring(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if node.returns:
            arrow = self._text.rindex(b"->", 0, self._begin(node.returns))
            self._leave_out(arrow, self._end(node.returns))
        self._leave_out_docstring(node)

    def visit_arg(self, node: ast.arg) -> None:
        if node.annotation:
            self._leave_out(self._begin(node) + len(node.arg), self._end(node.annotation))

    def visit_If(self, node: ast.If) -> None:
        if ast.unparse(node.test) == "TYPE_CHECKING" and not node.orelse:
            self._leave_out(self._begin(node), self._end(node))
        else:
            self.generic_visit(node)

    def _leave_out_docstring(self, node: "ast.Module | ast.ClassDef | ast.FunctionDef") -> None:
        if ast.get_docstring(node) is not None:
            self._leave_out(self._begin(node.body[0]), self._end(node.body[0]), b"...")
        self.generic_visit(node)

    def _leave_out(self, first: int, last: int, instead: bytes = b"") -> None:
        self._cuts.append((first, last, instead))

    def _begin(self, node: _Placed) -> int:
        return self._starts[node.lineno - 1] + node.col_offset

    def _end(self, node: _Placed) -> int:
        assert node.end_lineno is not None and node.end_col_offset is not None
        return self._starts[node.end_lineno - 1] + node.end_col_offset


if __name__ == "__main__":
    Path(sys.argv[1], FILE).write_text(text(), encoding="utf-8")
