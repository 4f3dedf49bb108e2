"""SQLite's SQL as DuckDB's."""

import pytest
from sqlglot import exp

from microgt.data.sqlite_sql import to_duckdb, with_bare_columns
from microgt.schema.types import Column, ColumnType, Schema, Table

SCHEMA = Schema("s", (Table("t", ("t",), tuple(Column("t", n, ColumnType.TEXT, (n,)) for n in ("a", "b"))),))


@pytest.mark.parametrize(
    ("sqlite", "duckdb"),
    [
        ('SELECT a FROM t WHERE b = "x"', "SELECT a FROM t WHERE b = 'x'"),
        ('SELECT a FROM t WHERE a = "b"', 'SELECT a FROM t WHERE a = "b"'),
        ("SELECT a FROM t WHERE NOT b LIKE 'x%'", "SELECT a FROM t WHERE NOT b ILIKE 'x%'"),
        ("SELECT a FROM (", None),
    ],
)
def test_text_in_double_quotes_and_like(sqlite, duckdb):
    assert to_duckdb(sqlite, SCHEMA) == duckdb


@pytest.mark.parametrize(
    ("sql", "aggregated"),
    [
        ("SELECT a, COUNT(*) FROM t GROUP BY b", "SELECT MIN(a), COUNT(*) FROM t GROUP BY b"),
        ("SELECT a, b, SUM(a) FROM t GROUP BY A", "SELECT a, MIN(b), SUM(a) FROM t GROUP BY A"),
        ("SELECT a FROM t GROUP BY a ORDER BY b", "SELECT a FROM t GROUP BY a ORDER BY MIN(b)"),
        ("SELECT a AS x, COUNT(*) FROM t GROUP BY a HAVING x > b", "SELECT a AS x, COUNT(*) FROM t GROUP BY a HAVING x > MIN(b)"),
        ("SELECT COUNT(*), a FROM t", "SELECT COUNT(*), MIN(a) FROM t"),
        ("SELECT a FROM t WHERE a IN (SELECT b FROM t)", "SELECT a FROM t WHERE a IN (SELECT b FROM t)"),
    ],
)
def test_bare_columns_are_aggregated(sql, aggregated):
    assert with_bare_columns(sql, exp.Min) == aggregated
