"""Limits per group, ties, and the row "Other", against answers worked out by hand.

One table of sales. Totals by region and product:

    region   pen   ink   pad   cap
    EU        50    30    20     -
    US        10    40     -    10
    (none)     5     -     -     -

so pen 65, ink 70, pad 20, cap 10; EU 100, US 60, no region 5; 165 in all.
"""

import duckdb
import pytest

from microgt.schema.types import Column, ColumnType, Schema, Table
from microgt.spec import check, compile_spec, read_spec
from microgt.spec.compiler.kinds import kinds_of_outputs

ROWS = """
(1, 'EU', 'pen', 30), (2, 'EU', 'pen', 20), (3, 'EU', 'ink', 30), (4, 'EU', 'pad', 20), (5, 'US', 'pen', 10), (6, 'US', 'ink', 40),
(7, 'US', 'cap', 10), (8, NULL, 'pen', 5)
"""
COLUMNS = {"id": ColumnType.NUMBER, "region": ColumnType.TEXT, "product": ColumnType.TEXT, "amount": ColumnType.NUMBER}
SALES = Schema("sales", (Table("sales", ("sales",), tuple(Column("sales", n, t, (n,), n == "id") for n, t in COLUMNS.items())),))

TOTAL = {"kind": "aggregate", "fn": "sum", "of": "sales.amount"}
COUNT = {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "sales"}}


def ref(n):
    return {"kind": "ref", "output": n}


def limit(n, **more):
    return {"kind": "limit", "n": n, **more}


def by(key, direction="desc"):
    return [{"kind": "sort", "direction": direction, "by": key}]


@pytest.fixture(scope="module")
def sales():
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        connection.execute("CREATE TABLE sales (id INTEGER PRIMARY KEY, region VARCHAR, product VARCHAR, amount INTEGER)")
        connection.execute(f"INSERT INTO sales VALUES {ROWS}")
        yield connection


@pytest.fixture
def run(sales):
    def run(*outputs, **query):
        spec = read_spec({"query": {"outputs": list(outputs), **query}})
        assert check(spec, SALES) == []
        return sales.sql(compile_spec(spec, SALES)).fetchall()

    return run


# ------------------------------------------------------------------ per


def test_the_first_of_each_group(run):
    """The best product is pen in the EU (50), ink in the US (40), pen without a region (5); sorted by total."""
    rows = run("sales.region", "sales.product", TOTAL, sort=by(ref(2)), limit=limit(1, per=[ref(0)]))
    assert rows == [("EU", "pen", 50), ("US", "ink", 40), (None, "pen", 5)]


def test_ties_in_a_group_are_broken_by_the_keys(run):
    """Second in the US are cap and pen with 10 each: cap comes first."""
    rows = run("sales.region", "sales.product", TOTAL, sort=by(ref(2)), limit=limit(2, per=["sales.region"]))
    assert rows == [("EU", "pen", 50), ("US", "ink", 40), ("EU", "ink", 30), ("US", "cap", 10), (None, "pen", 5)]


def test_ties_in_a_group_are_kept_on_demand(run):
    """Both of the two that are second in the US stay."""
    rows = run("sales.region", "sales.product", TOTAL, sort=by(ref(2)), limit=limit(2, per=["sales.region"], ties="include"))
    assert sorted(rows, key=str) == [
        ("EU", "ink", 30),
        ("EU", "pen", 50),
        ("US", "cap", 10),
        ("US", "ink", 40),
        ("US", "pen", 10),
        (None, "pen", 5),
    ]


def test_plain_rows_of_each_group(run):
    """The largest sale of each region, which is not shown: 30 (sale 1 before sale 3), 40, 5."""
    assert run("sales.id", "sales.amount", sort=by("sales.amount"), limit=limit(1, per=["sales.region"])) == [(6, 40), (1, 30), (8, 5)]


def test_different_rows_of_each_group(run):
    """EU pen is sold twice and is one row: by largest sale pen 30 comes with ink 30, and ink before pen; then ink 40 of the US."""
    rows = run("sales.region", "sales.product", distinct=True, sort=by("sales.amount"), limit=limit(2, per=["sales.region"]))
    assert rows == [("US", "ink"), ("EU", "ink"), ("EU", "pen"), ("US", "cap"), (None, "pen")]


def test_the_first_of_each_group_by_a_window(run):
    """By share of the product: EU has 50/65 of pen, 30/70 of ink, 20/20 of pad; US 10/65, 40/70 and 10/10 of cap."""
    share = {"kind": "share", "of": TOTAL, "within": ["sales.product"]}
    rows = run("sales.region", "sales.product", share, sort=by(ref(2)), limit=limit(1, per=[ref(0)]))
    assert rows == [("EU", "pad", 1), ("US", "cap", 1), (None, "pen", 5 / 65)]


# ------------------------------------------------------------------ other


def test_the_rest_becomes_one_row(run):
    """ink 70 and pen 65 stay; pad 20 and cap 10 are together. The whole is still 165, and Other is last though 8 rows count 2 in it."""
    rows = run("sales.product", TOTAL, COUNT, sort=by(ref(1)), limit=limit(2, other=True))
    assert rows == [("ink", 70, 2), ("pen", 65, 4), ("Other", 30, 2)]


def test_a_group_without_a_name_is_not_other(run):
    """By total upwards: no region (5) stays, EU and US are the rest."""
    assert run("sales.region", TOTAL, sort=by(ref(1), "asc"), limit=limit(1, other=True)) == [(None, 5), ("Other", 160)]


def test_nothing_is_left_over(run):
    assert run("sales.region", TOTAL, sort=by(ref(1)), limit=limit(5, other=True)) == [("EU", 100), ("US", 60), (None, 5)]


def test_the_rest_of_each_group(run):
    """EU: pen 50, the rest 30 + 20; US: ink 40, the rest 10 + 10; no region: pen 5 and no rest."""
    rows = run("sales.region", "sales.product", TOTAL, sort=by(ref(2)), limit=limit(1, per=[ref(0)], other=True))
    assert rows == [("EU", "pen", 50), ("US", "ink", 40), (None, "pen", 5), ("EU", "Other", 50), ("US", "Other", 20)]


def test_sums_of_measures_add_up_too(run):
    """Twice the total less the number of sales: pen 130 - 4, ink 140 - 2; the rest 60 - 2."""
    twice = {"kind": "arithmetic", "op": "mul", "left": TOTAL, "right": 2}
    less = {"kind": "arithmetic", "op": "sub", "left": twice, "right": COUNT}
    assert run("sales.product", less, sort=by(ref(1)), limit=limit(2, other=True)) == [("ink", 138), ("pen", 126), ("Other", 58)]


def test_a_condition_on_groups_comes_first(run):
    """Of products sold more than once, pen and ink: ink stays, and the rest is pen alone."""
    more = {"kind": "compare", "op": "gt", "left": COUNT, "right": 1}
    assert run("sales.product", TOTAL, having=more, sort=by(ref(1)), limit=limit(1, other=True)) == [("ink", 70), ("Other", 65)]


def test_a_number_beside_other_is_text(run):
    rows = run("sales.id", TOTAL, sort=by(ref(1)), limit=limit(1, other=True))
    assert rows == [("6", 40), ("Other", 125)]
    query = read_spec({"query": {"outputs": ["sales.id", TOTAL], "limit": limit(1, other=True)}}).query
    assert kinds_of_outputs(query, SALES) == (ColumnType.TEXT, ColumnType.NUMBER)


# ------------------------------------------------------------------ what is refused

AVERAGE = TOTAL | {"fn": "avg"}
BOTH = {"kind": "set", "op": "union", "left": {"outputs": ["sales.id"]}, "right": {"outputs": ["sales.id"]}}


@pytest.mark.parametrize(
    ("query", "code", "place", "says"),
    [
        ({"outputs": ["sales.region", AVERAGE], "limit": limit(1, other=True)}, "E_NON_ADDITIVE", "/query/outputs/1", "only counts and sums"),
        ({"outputs": ["sales.region", TOTAL | {"fn": "max"}], "limit": limit(1, other=True)}, "E_NON_ADDITIVE", "/query/outputs/1", ""),
        ({"outputs": ["sales.region", {"kind": "share", "of": TOTAL}], "limit": limit(1, other=True)}, "E_NON_ADDITIVE", "/query/limit/other", "windows"),
        ({"outputs": ["sales.region", "sales.product", TOTAL], "limit": limit(1, other=True)}, "E_OTHER", "/query/limit/other", "besides `per`"),
        ({"outputs": ["sales.region"], "limit": limit(1, other=True)}, "E_OTHER", "/query/limit/other", ""),
        ({"outputs": ["sales.region", TOTAL], "limit": limit(1, per=["sales.product"])}, "E_WITHIN", "/query/limit/per/0", "keys: sales.region"),
        ({"outputs": ["sales.region"], "distinct": True, "limit": limit(1, per=["sales.id"])}, "E_WITHIN", "/query/limit/per/0", ""),
        ({"outputs": ["sales.region"], "limit": limit(1, per=[ref(4)])}, "E_REF", "/query/limit/per/0", "outputs: 0 to 0"),
        (BOTH | {"limit": limit(1, per=["sales.id"])}, "E_LIMIT", "/query/limit/per", "has no per"),
    ],
)  # fmt: skip
def test_refused(query, code, place, says):
    errors = check(read_spec({"query": query}), SALES)
    assert [(e.code, e.place) for e in errors] == [(code, place)]
    assert says in str(errors[0])
