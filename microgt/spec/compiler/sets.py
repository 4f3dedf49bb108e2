"""Set operations to SQL."""

from __future__ import annotations

from sqlglot import exp

from microgt.schema.types import ColumnType
from microgt.spec.compiler.kinds import kinds_of_outputs
from microgt.spec.compiler.names import output_names
from microgt.spec.compiler.ordering import add_set_order
from microgt.spec.compiler.scope import Context, noted
from microgt.spec.types import SetOperation
from microgt.spec.walk import Query

_OPERATIONS = {"union": exp.Union, "union_all": exp.Union, "intersect": exp.Intersect, "except": exp.Except}


def set_sql(node: SetOperation, context: Context) -> exp.Query:
    """The SQL of a set operation. Raises `CompileError`."""
    left, right = (_side(side, context) for side in (node.left, node.right))
    both = _OPERATIONS[node.op](this=left, expression=right, distinct=node.op != "union_all")
    if kinds_of_outputs(node.left, context.schema) != kinds_of_outputs(node.right, context.schema):
        noted(both, ColumnType.OTHER)  # DuckDB finds a type for both sides, usually text
    return add_set_order(both, node, output_names(node, context.schema))


def _side(query: Query, context: Context) -> exp.Query:
    """In brackets where it has an order of its own, names queries of its own, or is a set operation."""
    sql = context.query(query)
    return exp.Subquery(this=sql) if isinstance(query, SetOperation) or query.sort or query.limit or sql.args.get("with_") else sql
