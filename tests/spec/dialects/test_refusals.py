"""What a dialect cannot say with the same meaning is refused: which construct, which dialect, and who can."""

import itertools
import re
from pathlib import Path

import pytest
from sqlglot import parse_one

from microgt.errors import CompileError
from microgt.spec import compile_spec, read_spec
from microgt.spec.dialects import DIALECTS, write

PAGE = (Path(__file__).parents[3] / "microgt" / "spec" / "README.md").read_text(encoding="utf-8")
OTHERS = [dialect for dialect in DIALECTS if dialect != "duckdb"]


def rows_of(table):
    return {"kind": "rows", "table": table}


def agg(fn, of):
    return {"kind": "aggregate", "fn": fn, "of": of}


def refusal(tree, dialect) -> CompileError:
    with pytest.raises(CompileError) as caught:
        write(tree, dialect)
    return caught.value


@pytest.mark.parametrize(
    ("query", "dialect", "construct"),
    [
        ({"outputs": [agg("median", "payments.amount")]}, "sqlite", "MEDIAN"),
        ({"outputs": [agg("median", "payments.paid")]}, "postgres", "MEDIAN of dates"),
        ({"outputs": [agg("avg", "orders.placed")]}, "snowflake", "AVG of dates"),
        ({"outputs": [agg("max", "customers.vip")]}, "postgres", "MAX of true and false"),
        ({"outputs": [agg("sum", "readings.level")]}, "mysql", "TRY_CAST"),
        ({"outputs": [agg("count_distinct", rows_of("seats"))]}, "tsql", "COUNT(DISTINCT ...) of several columns"),
        ({"outputs": ["customers.name", agg("count", rows_of("orders"))], "empty_groups": "keep"}, "mysql", "FULL JOIN"),
        ({"outputs": [{"kind": "date_diff", "unit": "month", "start": "orders.placed", "end": "orders.due"}]}, "trino", "whole months between dates"),
        ({"outputs": ["orders.id"], "where": {"kind": "like", "how": "contains", "of": "orders.id", "text": {"value": "1"}}}, "spark", "text of a number"),
        ({"outputs": ["orders.id"], "where": {"kind": "like", "how": "contains", "of": "orders.channel", "text": {"value": "é"}}}, "sqlite",
         "a match without regard to the case of letters beyond ASCII"),
    ],
)  # fmt: skip
def test_a_construct_that_a_dialect_cannot_say(shop, query, dialect, construct):
    with pytest.raises(CompileError) as caught:
        compile_spec(read_spec({"query": query}), shop.schema, dialect=dialect)
    error = caught.value
    assert str(error) == f"E_DIALECT: {construct} cannot be said in {dialect} with the same meaning"
    assert (error.code, error.place, error.given, error.choices) == ("E_DIALECT", "", construct, ("duckdb",))


def test_an_unknown_dialect(shop):
    with pytest.raises(CompileError) as caught:
        compile_spec(read_spec({"query": {"outputs": ["orders.id"]}}), shop.schema, dialect="postgre")
    assert str(caught.value) == "E_DIALECT: unknown dialect 'postgre'; did you mean 'postgres'?"
    assert (caught.value.given, caught.value.choices) == ("postgre", DIALECTS)


@pytest.mark.parametrize("dialect", OTHERS)
@pytest.mark.parametrize(
    ("sql", "construct"),
    [
        ("SELECT LIST(x) FROM t", "ARRAY_AGG"),
        ("SELECT x FROM t WHERE REGEXP_MATCHES(x, 'a')", "REGEXP_LIKE"),
        ("SELECT MY_OWN(x) FROM t", "MY_OWN"),
        ("SELECT x FROM t POSITIONAL JOIN u", "POSITIONAL JOIN"),
    ],
)
def test_what_is_not_known_to_mean_the_same_everywhere(sql, construct, dialect):
    assert refusal(parse_one(sql, read="duckdb"), dialect).given == construct


@pytest.mark.parametrize(
    ("sql", "dialect", "construct"),
    [
        ("SELECT x - INTERVAL '1' MONTH FROM t", "sqlite", "months from a day within a month"),
        ("SELECT x - INTERVAL '1' DAY FROM t", "sqlite", "days from a time of day"),
        ("SELECT x FROM t WHERE x ILIKE '!%' ESCAPE '!'", "bigquery", "ESCAPE"),
        ("SELECT x FROM t WHERE x ILIKE '!%' ESCAPE '!'", "clickhouse", "ESCAPE"),
        ("SELECT x FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.x = t.x AND u.y = t.y)", "clickhouse",
         "a correlated EXISTS that is no comparison of one column"),
    ],
)  # fmt: skip
def test_what_one_engine_does_otherwise(sql, dialect, construct):
    assert refusal(parse_one(sql, read="duckdb"), dialect).given == construct


def test_the_page_lists_what_is_refused(fixtures):
    """Each construct that a dialect refuses in a snapshot, with the dialects that do."""
    head, *rows = re.findall(r"^\| (.*) \|$", PAGE[PAGE.index("| refused |") : PAGE.index("All else gives")], re.MULTILINE)
    dialects = head.split(" | ")[1:]
    listed = {
        re.search("`(.+?)`", name)[1]: {d for d, mark in zip(dialects, marks, strict=True) if mark.strip()}
        for name, *marks in (row.split(" | ") for row in rows)
    }
    found = {}
    for fixture, dialect in itertools.product(fixtures, DIALECTS):
        if not fixture.runs_on(dialect):
            construct = re.fullmatch(f"-- E_DIALECT: (.+) cannot be said in {dialect} with the same meaning", fixture.text(dialect))[1]
            found.setdefault(re.sub(r"whole \w+ between", "whole months between", construct), set()).add(dialect)
    assert listed == found
