"""Series of periods and windows in other dialects, from trees such as the compiler makes."""

import sqlite3
from contextlib import closing

import pytest
from sqlglot import exp, parse_one

from microgt.errors import CompileError
from microgt.spec.dialects import DIALECTS, write

WINDOW = "SELECT t.x, RANK() OVER (PARTITION BY t.g ORDER BY t.x NULLS LAST) AS place, LAG(t.x, 1) OVER (ORDER BY t.d) AS before FROM t"


def series(start, end, step, array=exp.GenerateDateArray):
    """WITH spine AS (SELECT period AS month FROM UNNEST(...) AS periods(period)) SELECT spine.month FROM spine ORDER BY spine.month"""
    ends = {key: parse_one(sql, read="duckdb") for key, sql in (("start", start), ("end", end), ("step", f"INTERVAL {step}"))}
    alias = exp.TableAlias(this=exp.to_identifier("periods"), columns=[exp.to_identifier("period")])
    spine = exp.select("period AS month").from_(exp.Unnest(expressions=[array(**ends)], alias=alias))
    return exp.select("spine.month").from_("spine").order_by("spine.month").with_("spine", as_=spine)


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (series("'2023-11-01'", "'2024-02-01'", "'1' MONTH"), ["2023-11-01", "2023-12-01", "2024-01-01", "2024-02-01"]),
        (series("'2023-10-01'", "'2024-04-01'", "'3' MONTH"), ["2023-10-01", "2024-01-01", "2024-04-01"]),
        (series("'2024-02-26'", "'2024-03-11'", "'7' DAY"), ["2024-02-26", "2024-03-04", "2024-03-11"]),
        (series("'2024-01-01'", "'2024-01-01'", "'1' YEAR"), ["2024-01-01"]),
        (series("NULL", "NULL", "'1' MONTH"), []),
        (series("'2024-02-28 23:00:00'", "'2024-02-29 01:00:00'", "'1' HOUR", exp.GenerateTimestampArray),
         ["2024-02-28 23:00:00", "2024-02-29 00:00:00", "2024-02-29 01:00:00"]),
    ],
)  # fmt: skip
def test_a_series_in_sqlite(tree, expected):
    with closing(sqlite3.connect(":memory:")) as connection:
        assert [period for (period,) in connection.execute(write(tree, "sqlite"))] == expected


@pytest.mark.parametrize(
    ("dialect", "part"),
    [
        ("postgres", "GENERATE_SERIES"),
        ("bigquery", "GENERATE_DATE_ARRAY"),
        ("spark", "EXPLODE(SEQUENCE("),
        ("trino", "UNNEST(SEQUENCE("),
        ("snowflake", "WITH RECURSIVE spine"),
        ("clickhouse", "max_recursive_cte_evaluation_depth = 1000000"),
        ("mysql", "/*+ SET_VAR(cte_max_recursion_depth = 1M) */"),
        ("tsql", "DATEADD(MONTH, 1, spine.month)"),
    ],
)
def test_how_a_series_is_said(dialect, part):
    assert part in write(series("'2023-11-01'", "'2024-02-01'", "'1' MONTH"), dialect)


@pytest.mark.parametrize("dialect", [d for d in DIALECTS if d != "duckdb"])
def test_a_series_elsewhere_is_refused(dialect):
    with pytest.raises(CompileError, match=f"E_DIALECT: UNNEST cannot be said in {dialect} with the same meaning"):
        write(exp.select("period").from_(exp.Unnest(expressions=[exp.column("periods")])), dialect)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_nulls_come_last_in_windows(dialect):
    said = write(parse_one(WINDOW, read="duckdb"), dialect)
    if dialect in ("bigquery", "mysql", "tsql"):
        assert "ORDER BY CASE WHEN t.x IS NULL THEN 1 ELSE 0 END, t.x)" in said
    elif dialect in ("spark", "sqlite"):
        assert "ORDER BY t.x NULLS LAST)" in said
    else:
        assert "ORDER BY t.x)" in said


def test_before_the_first_row_there_is_nothing():
    assert "lag(toNullable(t.x), 1)" in write(parse_one(WINDOW, read="duckdb"), "clickhouse")


def test_a_window_over_a_range_of_values_is_refused():
    tree = parse_one("SELECT SUM(x) OVER (ORDER BY d RANGE BETWEEN INTERVAL 3 DAY PRECEDING AND CURRENT ROW) FROM t", read="duckdb")
    with pytest.raises(CompileError, match="E_DIALECT: a window over a range cannot be said in postgres"):
        write(tree, "postgres")
