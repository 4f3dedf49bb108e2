"""Windows in words."""

from __future__ import annotations

from typing import Protocol

from microgt.spec.types import Arithmetic, Delta, Moving, Node, Overall, PercentChange, Prior, Rank, Ratio, RunningTotal, Share, Window

_AGGREGATES = {"avg": "average", "sum": "total", "min": "minimum", "max": "maximum"}


class Speaker(Protocol):
    """What says operands."""

    def of(self, node: Node) -> str:
        """An operand in words."""
        ...


def window(node: Window, say: Speaker) -> str:
    """A window in words."""
    of = f"({say.of(node.of)})" if isinstance(node.of, Arithmetic | Ratio | Window) else say.of(node.of)
    match node:
        case RunningTotal():
            return f"the running total of {of}" + ("" if node.reset == "never" else f" from the start of each {node.reset}")
        case Moving():
            n = node.periods.value
            return f"the moving {_AGGREGATES[node.agg]} of {of} over {f'{n} period' if n == 1 else f'{n} periods'}"
        case Prior():
            return f"{of} {_earlier(node)}"
        case Delta():
            return f"the change of {of} against {_earlier(node)}"
        case PercentChange():
            return f"the relative change of {of} against {_earlier(node)}"
        case Share():
            return f"the share of {of}{_within(node, say)}"
        case Rank():
            return f"the rank by {of} ({_ends(node)}){_within(node, say)}"
        case Overall():
            return f"the overall {of.removeprefix('the ')}{_within(node, say)}"
    raise TypeError(f"no words for {type(node).__name__}")


def _earlier(node: Prior | Delta | PercentChange) -> str:
    n = node.n.value
    return f"{n} {node.unit if n == 1 else f'{node.unit}s'} earlier"


def _ends(node: Rank) -> str:
    first = "largest first" if node.order == "desc" else "smallest first"
    return first + {"row_number": ", no ties", "rank": "", "dense_rank": ", no gaps"}[node.method]


def _within(node: Share | Rank | Overall, say: Speaker) -> str:
    return f" within each {' and '.join(say.of(key) for key in node.within)}" if node.within else ""
