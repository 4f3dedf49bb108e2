"""One form for all specs that mean the same.

Two specs mean the same when they give the same rows in the same columns on every database of the schema. The order of outputs and of the
sides of a set operation is part of the meaning; the order of conditions, of operands that may be swapped and of rows that nothing
sorts is not.

order.py        what comes first where order means nothing
values.py       values as the engine gets to see them, periods
expressions.py  operands and measures
conditions.py   predicates: NOT at the single conditions, lists and ranges put together, sorted
joins.py        what the joins come out the same without
queries.py      query blocks and set operations
"""

from __future__ import annotations

from typing import Any, TypeVar

from microgt.schema.types import Schema
from microgt.spec.canonical.queries import canonical_query
from microgt.spec.compiler.structure import structure_errors
from microgt.spec.types import Chart, Node
from microgt.spec.walk import Query, with_children

AnySpec = TypeVar("AnySpec", bound=Node)


def canonical(spec: AnySpec, schema: Schema) -> AnySpec:
    """The spec in its one form; `write_spec` makes its JSON. A query that is not right means nothing and stays as it is."""
    return _whole(spec, schema)


def _whole(node: Any, schema: Schema) -> Any:
    if isinstance(node, Query):
        return node if structure_errors(node, schema) else canonical_query(node, schema)
    if isinstance(node, Chart) and node.mark == "histogram":  # counts the values of x itself
        return node.model_copy(update={"y": Chart.model_fields["y"].default})
    return with_children(node, lambda _, child: _whole(child, schema))


__all__ = ["canonical"]
