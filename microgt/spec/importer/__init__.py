"""SQL -> spec: the way in for queries that people have already written.

tables.py       FROM and JOIN: which instances a block uses and which keys its author joined by
expressions.py  columns, values, arithmetic, aggregates
predicates.py   WHERE and HAVING
selects.py      query blocks and set operations
"""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from microgt.errors import ImportSqlError
from microgt.schema.types import Schema
from microgt.spec.importer.selects import read_query
from microgt.spec.types import Answer, Spec


def import_sql(sql: str, schema: Schema, dialect: str = "duckdb") -> Spec:
    """The spec of one SELECT. Joins become keys, GROUP BY is dropped, COUNT(*) counts the rows of the finest table joined.

    Raises `ImportSqlError` whose code is the reason: syntax, not_a_select, unknown_column, join_path, correlated, function, ...
    """
    try:
        trees = [t for t in sqlglot.parse(sql, read=dialect) if t is not None]
    except SqlglotError as error:
        raise ImportSqlError("syntax", str(error).splitlines()[0]) from None
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        raise ImportSqlError("not_a_select", "exactly one SELECT can be imported")
    return Answer(query=read_query(trees[0], schema))


__all__ = ["import_sql"]
