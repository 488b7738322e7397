"""The way of `kill-tree`: TreeRequest -> TreePlan -> TreeResult -> exit."""

import os

from runwrap.engine.kill_tree import kill_tree
from runwrap.model.kill_tree import decide
from runwrap.report import FAILED, Ending
from runwrap.report.kill_tree import exit_code, warnings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from runwrap.model.kill_tree import TreeRequest, TreeResult


def run(request: "TreeRequest", say: "Callable[[str], None]") -> Ending:
    """End the trees that were asked for, and tell what must be told; ValueError for bad usage."""
    result = kill_tree(decide(request))
    for line in warnings(result):
        say(line)
    if request.json or (request.dry_run and not result.refusal):
        try:
            _print(_as_json(result) if request.json else _drawn(result))
        except OSError as error:
            say(f"cannot print the result: {error.strerror}")
            return Ending(code=FAILED)
    return Ending(code=exit_code(result))


def _as_json(result: "TreeResult") -> str:
    from runwrap.report.kill_tree import as_json

    return as_json(result)


def _drawn(result: "TreeResult") -> str:
    from runwrap.drawing import drawn

    return drawn(result.found, 1)


def _print(text: str) -> None:
    rest = os.fsencode(text)
    while rest:
        rest = rest[os.write(1, rest) :]
