"""SQL -> spec: the way in for queries that people have already written.

common.py       WITH: its queries stand where they are named
aliases.py      FROM and JOIN as written: aliases and the columns equated
naming.py       which instance of a table each alias is, and what must be said of the joins
tables.py       both together: what the columns of a block belong to
expressions.py  columns, values, arithmetic, aggregates
predicates.py   WHERE and HAVING (exists.py: EXISTS as IN)
canonical.py    one spec for SQL that means the same
selects.py      query blocks and set operations
"""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from microgt.errors import ImportSqlError
from microgt.schema.types import Schema
from microgt.spec.importer.common import inlined
from microgt.spec.importer.selects import read_query
from microgt.spec.types import Answer, Spec


def import_sql(sql: str, schema: Schema, dialect: str = "duckdb") -> Spec:
    """The spec of one SELECT. Joins become keys, GROUP BY is dropped, COUNT(*) counts the rows of the finest table joined.

    Raises `ImportSqlError` whose code is the reason: syntax, not_a_select, unknown_table, unknown_column, correlated, cross_join,
    self_join, join_path, outer_join, natural_join, derived_table, function, predicate, exists, long_list, many_outputs, offset, ...
    """
    try:
        trees = [t for t in sqlglot.parse(sql, read=dialect) if t is not None]
    except SqlglotError as error:
        raise ImportSqlError("syntax", str(error).splitlines()[0]) from None
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        raise ImportSqlError("not_a_select", "exactly one SELECT can be imported")
    return Answer(query=read_query(inlined(trees[0]), schema))


__all__ = ["import_sql"]
