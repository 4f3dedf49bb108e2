"""What a gold spec asks for that benchmarks of SQL hardly have, so that accuracy can be told kind by kind."""

from __future__ import annotations

from collections.abc import Callable

from microgt.spec.types import (
    And,
    Arithmetic,
    DateDiff,
    DatePart,
    InPeriod,
    InQuery,
    Node,
    Not,
    Or,
    Percentile,
    Ratio,
    Select,
    Spec,
    TimeBucket,
    Window,
)
from microgt.spec.walk import Query, children, walk


def _holds_query(node: Node) -> bool:
    """Whether it is a query with another inside."""
    return isinstance(node, Query) and any(isinstance(inner, Query) for _, child in children(node) for _, inner in walk(child))


_HOLDS: dict[str, Callable[[Node], bool]] = {
    "dates": lambda n: isinstance(n, TimeBucket | DatePart | DateDiff | InPeriod),
    "ratios": lambda n: isinstance(n, Ratio) or (isinstance(n, Arithmetic) and n.op == "div"),
    "windows": lambda n: isinstance(n, Window),
    "arithmetic": lambda n: isinstance(n, Arithmetic) and n.op != "div",
    "brackets": lambda n: isinstance(n, And | Or | Not) and any(isinstance(c, And | Or) and type(c) is not type(n) for _, c in children(n)),
    "without": lambda n: isinstance(n, Not) and isinstance(n.arg, InQuery),
    "empty groups": lambda n: isinstance(n, Select) and n.empty_groups == "keep",
    "nested": _holds_query,
    "percentiles": lambda n: isinstance(n, Percentile),
}
KINDS = tuple(_HOLDS)


def kinds_of(spec: Spec) -> tuple[str, ...]:
    """The kinds of `KINDS` that a spec is of, in their order; none for a plain one.

    brackets: conditions of one connective inside those of another. without: an anti-join. empty groups: a left join from the parents.
    """
    nodes = [node for _, node in walk(spec)]
    return tuple(kind for kind, holds in _HOLDS.items() if any(map(holds, nodes)))
