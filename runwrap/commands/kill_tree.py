"""The way of `kill-tree`: TreeRequest -> TreePlan -> TreeResult -> exit."""

from runwrap.model.kill_tree import Refusal, TreeRequest, TreeResult, decide
from runwrap.model.verdict import FAILED, Exit
from runwrap.report.kill_tree import as_json, exit_code, warnings
from runwrap.trees.kill_tree import kill_tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def run(
    request: TreeRequest, say: "Callable[[str], None]", show: "Callable[[str, str], bool]"
) -> Exit:
    """End the trees that were asked for; `say` and `show` are as in `runwrap.commands`."""
    try:
        plan = decide(request)
    except ValueError as error:
        result = TreeResult(refusal=Refusal(kind="usage", operand="", detail=str(error)))
    else:
        result = kill_tree(plan)
    for line in warnings(result):
        say(line)
    shown = True
    if request.json:
        shown = show("result", as_json(result))
    elif request.dry_run and not result.refusal:
        from runwrap.cli.console import drawn

        shown = show("result", drawn(result.found, 1))
    return Exit(code=exit_code(result) if shown else FAILED)
