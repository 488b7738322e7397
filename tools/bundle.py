"""Make one module of those that a plain start loads, and another of those that a pipeline does.

Finding, opening and checking a module's file takes longer than running what is in it. A wheel
therefore holds these modules again, together in `runwrap/bundle.py` and in `bundle_pipe.py`;
`runwrap.start` begins with one of them. A checkout has no such file, and loads the modules
themselves.

`python tools/bundle.py FOLDER` writes them there.
"""

import ast
import symtable
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# What a plain `run` and a plain `timeout`, of a fraction of a second too, load; a test compares.
MODULES = (
    "runwrap.containment",
    "runwrap.containment.reaper",
    "runwrap.launch",
    "runwrap.launch.inherited",
    "runwrap.guard",
    "runwrap.guard.guardian",
    "runwrap.commands",
    "runwrap.commands.run",
    "runwrap.job",
    "runwrap.launch.program",
    "runwrap.launch.scene",
    "runwrap.launch.spawn",
    "runwrap.watch",
    "runwrap.watch.loop",
    "runwrap.guard.sweep",
    "runwrap.cli",
    "runwrap.cli.argv",
    "runwrap.cli.options",
    "runwrap.cli.subcommands",
    "runwrap.cli.values",
    "runwrap.main",
    "runwrap.model",
    "runwrap.model.codec",
    "runwrap.model.decide",
    "runwrap.model.durations",
    "runwrap.model.escalation",
    "runwrap.model.gnu_durations",
    "runwrap.model.outcome",
    "runwrap.model.plan",
    "runwrap.model.request",
    "runwrap.model.signals",
    "runwrap.model.verdict",
    "runwrap.native",
    "runwrap.native.linux",
)

# What a plain pipeline adds; and what one does whose spec has to be read, in a bundle of its own
# that is loaded when the first of these modules is.
PIPELINE = (
    "runwrap.model.pipeline",
    "runwrap.model.plain_spec",
    "runwrap.watch.pipeline",
    "runwrap.launch.stages",
)
SPEC = (
    "runwrap.model.spec",
    "runwrap.model.spec.commands",
    "runwrap.model.spec.expansions",
    "runwrap.model.spec.reading",
    "runwrap.model.spec.refusals",
    "runwrap.model.spec.tokens",
    "runwrap.model.spec.words",
)
BUNDLES = {"bundle": MODULES, "bundle_pipe": MODULES + PIPELINE, "bundle_spec": SPEC}
# Where each begins. What these import is made at once and in order: to ask the import system for
# each of them would take longer than the modules themselves.
_START = ("runwrap.main", "runwrap.commands.run", "runwrap.containment.reaper")
_BEGIN = {"bundle": _START, "bundle_pipe": _START + PIPELINE, "bundle_spec": ()}

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
        if name in _OTHERS:
            try:
                __import__(_OTHERS.pop(name))
            except Exception:
                return None  # it can't be read: the modules themselves do
            return sys.meta_path[0].find_spec(name)
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


def texts() -> dict[str, str]:
    """Return the text of every bundle, by the name of its file."""
    return {
        f"{name}.py": _text(modules, _order(_BEGIN[name], modules))
        for name, modules in BUNDLES.items()
    }


def _text(modules: tuple[str, ...], at_once: list[str]) -> str:
    functions, codes, packages = [], [], []
    for number, name in enumerate(modules):
        if _is_package(name):
            packages.append(name)
        functions.append(_as_function(f"_{number}", _source(name)))
        codes.append(f"    {name!r}: _{number}.__code__,\n")
    others = {SPEC[0]: "runwrap.bundle_spec"} if at_once else {}
    tables = (
        f"_CODES = {{\n{''.join(codes)}}}\n_PACKAGES = {packages!r}\n_OTHERS = {others!r}\n"
        f"_AT_ONCE = {at_once!r}\n\n\n"
    )
    return "\n\n".join((_HEAD, *functions, tables + _TAIL))


def _is_package(name: str) -> bool:
    return (ROOT / name.replace(".", "/")).is_dir()


def _source(name: str) -> str:
    path = ROOT / name.replace(".", "/")
    return (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text("utf-8")


def _order(begin: tuple[str, ...], modules: tuple[str, ...]) -> list[str]:
    """Return those of the modules that a start is sure to need, in an order to make them in."""
    seen: set[str] = set()
    order: list[str] = []

    def add(name: str) -> None:
        if name in modules and name not in seen:
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
    for file, made in texts().items():
        Path(sys.argv[1], file).write_text(made, encoding="utf-8")
