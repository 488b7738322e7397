"""The way of `kill-tree`: TreeRequest -> TreePlan -> TreeResult -> exit."""

from runwrap.model.kill_tree import Refusal, TreeResult, decide
from runwrap.model.verdict import FAILED, Exit
from runwrap.report.kill_tree import exit_code, warnings
from runwrap.trees.kill_tree import kill_tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from runwrap.model.kill_tree import TreeRequest


def run(
    request: "TreeRequest", say: "Callable[[str], None]", show: "Callable[[str], None]"
) -> Exit:
    """End the trees that were asked for.

    `say` is for what must be told, `show` for what was asked for: OSError if it can't be.
    """
    result = _result(request)
    for line in warnings(result):
        say(line)
    if request.json or (request.dry_run and not result.refusal):
        try:
            show(_as_json(result) if request.json else _drawn(result))
        except OSError as error:
            say(f"cannot print the result: {error.strerror}")
            return Exit(code=FAILED)
    return Exit(code=exit_code(result))


def _result(request: "TreeRequest") -> TreeResult:
    try:
        plan = decide(request)
    except ValueError as error:
        return TreeResult(refusal=Refusal(kind="usage", operand="", detail=str(error)))
    return kill_tree(plan)


def _as_json(result: "TreeResult") -> str:
    from runwrap.report.kill_tree import as_json

    return as_json(result)


def _drawn(result: "TreeResult") -> str:
    from runwrap.cli.drawing import drawn

    return drawn(result.found, 1)
