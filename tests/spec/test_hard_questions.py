"""Questions that specs of other tools cannot ask: each with its spec, the parts of its SQL that matter, and the answer worked out by hand."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import duckdb
import pytest

from microgt.schema.types import Column, ColumnType, ForeignKey, Schema, Table
from microgt.spec import check, compile_spec, read_spec

# Two customers are called Kim; Oda never ordered; Pia's only order is from the US; order 6 belongs to nobody.
DATA = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name VARCHAR, region VARCHAR, joined DATE);
INSERT INTO customers VALUES (1, 'Kim', 'EU', '2023-01-10'), (2, 'Kim', 'US', '2023-03-01'), (3, 'Oda', 'EU', '2023-03-31'),
    (4, 'Pia', 'EU', '2024-01-05');
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, placed TIMESTAMP, shipped DATE, country VARCHAR);
INSERT INTO orders VALUES (1, 1, '2023-03-06 09:10:00', '2023-03-08', 'DE'), (2, 1, '2023-03-06 09:50:00', '2023-03-06', 'US'),
    (3, 1, '2023-04-02 21:00:00', NULL, 'DE'), (4, 2, '2023-03-31 23:59:59', '2023-04-02', 'US'), (5, 4, '2024-03-04 09:00:00', '2024-03-05', 'US'),
    (6, NULL, '2023-03-05 10:00:00', '2023-03-05', 'DE');
CREATE TABLE items (id INTEGER PRIMARY KEY, order_id INTEGER, product VARCHAR, quantity INTEGER, price DECIMAL(8, 2));
INSERT INTO items VALUES (1, 1, 'pen', 10, 1.50), (2, 1, 'ink', 2, 7.25), (3, 2, 'pen', 4, 1.50), (4, 3, 'ink', 1, 7.25), (5, 4, 'pad', 3, 4.00),
    (6, 5, 'pen', 2, 2.00), (7, 6, 'pad', 1, 4.00);
CREATE TABLE staff (id INTEGER PRIMARY KEY, name VARCHAR, team VARCHAR, salary INTEGER, manager_id INTEGER);
INSERT INTO staff VALUES (1, 'Ann', 'dev', 90, NULL), (2, 'Ben', 'dev', 95, 1), (3, 'Cal', 'dev', 40, 1), (4, 'Dan', 'ops', 50, 1), (5, 'Eli', 'ops', 50, 4),
    (6, 'Flo', 'ops', 20, 4);
"""
KEYS = (
    ForeignKey("orders.customer_id", "customers.id"),
    ForeignKey("items.order_id", "orders.id"),
    ForeignKey("staff.manager_id", "staff.id"),
)
TYPES = {"VARCHAR": ColumnType.TEXT, "DATE": ColumnType.TIME, "TIMESTAMP": ColumnType.TIME}


@dataclass(frozen=True)
class Shop:
    """The database, its schema, and what a query says."""

    connection: duckdb.DuckDBPyConnection
    schema: Schema

    def sql(self, query) -> str:
        spec = read_spec({"query": query})
        assert check(spec, self.schema) == []
        return compile_spec(spec, self.schema)

    def rows(self, query) -> list[tuple]:
        return self.connection.execute(self.sql(query)).fetchall()

    def bag(self, query) -> list[tuple]:
        return sorted(self.rows(query), key=repr)


@pytest.fixture(scope="module")
def shop():
    with duckdb.connect(":memory:") as connection:
        connection.execute(DATA)
        found = connection.execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY table_oid, column_index"
        ).fetchall()
        columns: dict[str, list[Column]] = {}
        for table, name, kind in found:
            column = Column(table, name, TYPES.get(kind, ColumnType.NUMBER), (name,), primary=name == "id")
            columns.setdefault(table, []).append(column)
        tables = tuple(Table(name, (name,), tuple(c)) for name, c in columns.items())
        yield Shop(connection, Schema("shop", tables, KEYS))


def ref(n):
    return {"kind": "ref", "output": n}


def inner(n):
    return {"kind": "inner", "output": n}


def agg(fn, of, **more):
    return {"kind": "aggregate", "fn": fn, "of": of, **more}


def rows_of(table):
    return {"kind": "rows", "table": table}


def compare(left, op, right):
    return {"kind": "compare", "op": op, "left": left, "right": {"value": right} if isinstance(right, str) else right}


def sort(by, direction="asc"):
    return [{"kind": "sort", "direction": direction, "by": by}]


def ratio(over, under):
    return {"kind": "ratio", "numerator": over, "denominator": under}


def part(name, of):
    return {"kind": "date_part", "part": name, "of": of}


ORDERS, CUSTOMERS = agg("count", rows_of("orders")), agg("count", rows_of("customers"))
REVENUE = agg("sum", {"kind": "arithmetic", "op": "mul", "left": "items.quantity", "right": "items.price"})
MANAGER = {"via": ["staff.manager_id"]}
SAME_TEAM = {"through": [{"kind": "link", "left": "staff.team", "right": "staff.team"}]}


def mate(name):
    """A column of somebody of the same team."""
    return {"column": name, "via": ["staff.team"]}


def test_group_by_id_but_show_the_name(shop):
    """Kim of the EU has 3 orders, Kim of the US 1: grouped by name there would be one Kim with 4."""
    query = {"outputs": ["customers.name", ORDERS], "by": ["customers.id"], "orphans": "drop"}
    assert "GROUP BY\n  customers.name,\n  customers.id" in shop.sql(query)
    assert shop.bag(query) == [("Kim", 1), ("Kim", 3), ("Pia", 1)]


def test_maximum_in_each_group(shop):
    """dev 95, ops 50."""
    query = {"outputs": ["staff.team", agg("max", "staff.salary")]}
    assert "GROUP BY\n  staff.team" in shop.sql(query)
    assert shop.bag(query) == [("dev", 95), ("ops", 50)]


def test_above_the_average_of_all(shop):
    """The average of 90, 95, 40, 50, 50 and 20 is 57.5."""
    query = {"outputs": ["staff.name"], "where": compare("staff.salary", "gt", {"outputs": [agg("avg", "staff.salary")]})}
    assert "AVG(staff.salary)" in shop.sql(query)
    assert shop.bag(query) == [("Ann",), ("Ben",)]


def test_employee_above_manager(shop):
    """Ben has 95 and Ann 90; Eli has Dan's 50 and no more; Ann has no manager."""
    query = {"outputs": ["staff.name"], "where": compare("staff.salary", "gt", {"column": "staff.salary", **MANAGER})}
    assert "ON staff.manager_id = staff_manager_id.id" in shop.sql(query)
    assert "staff.salary > staff_manager_id.salary" in shop.sql(query)
    assert shop.bag(query) == [("Ben",)]


def test_above_the_average_of_ones_own_group(shop):
    """dev: (90 + 95 + 40) / 3 = 75, above it Ann and Ben; ops: (50 + 50 + 20) / 3 = 40, above it Dan and Eli. Of all, 57.5 is the average."""
    average = agg("avg", mate("staff.salary"), at="staff")
    query = {"outputs": ["staff.name"], "by": ["staff.id", "staff.salary"], "having": compare("staff.salary", "gt", average), **SAME_TEAM}
    assert "ON staff.team = staff_team.team" in shop.sql(query)
    assert "HAVING\n  staff.salary > AVG(staff_team.salary)" in shop.sql(query)
    assert shop.bag(query) == [("Ann",), ("Ben",), ("Dan",), ("Eli",)]


def test_above_the_average_of_ones_own_group_without_a_join(shop):
    """The same of each employee as a group, beside the average over the rows of the team."""
    average = {"kind": "overall", "of": agg("avg", "staff.salary"), "within": ["staff.team"]}
    above = {"kind": "compare", "op": "gt", "left": agg("sum", "staff.salary"), "right": average}
    query = {"outputs": ["staff.name"], "by": ["staff.id", "staff.team"], "having": above}
    assert "OVER (PARTITION BY grouped.team)" in shop.sql(query)
    assert shop.bag(query) == [("Ann",), ("Ben",), ("Dan",), ("Eli",)]


def test_groups_above_the_average_group_of_their_kind(shop):
    """By customer: Kim 29.5 + 6 + 7.25 = 42.75 and Pia 4 in the EU, on average 23.375; the Kim of the US, 12, is the only one there."""
    totals = {"outputs": ["customers.region", "customers.id", "customers.name", REVENUE], "orphans": "drop"}
    average = {"kind": "overall", "of": agg("avg", inner(3)), "within": [inner(0)]}
    above = {"kind": "compare", "op": "gt", "left": agg("sum", inner(3)), "right": average}
    query = {"source": totals, "outputs": [inner(2)], "by": [inner(0), inner(1)], "having": above}
    assert shop.rows(query) == [("Kim",)]
    assert shop.rows(query | {"outputs": [inner(1), inner(2)], "by": [inner(0)]}) == [(1, "Kim")]


def test_a_self_join_on_no_key(shop):
    """Who earns more than whom of the same team: Ben than Ann and Cal, Ann than Cal; Dan and Eli than Flo."""
    more = compare("staff.salary", "gt", mate("staff.salary"))
    query = {"outputs": ["staff.name", mate("staff.name")], "where": more, **SAME_TEAM}
    assert "ON staff.team = staff_team.team" in shop.sql(query)
    assert shop.bag(query) == [("Ann", "Cal"), ("Ben", "Ann"), ("Ben", "Cal"), ("Dan", "Flo"), ("Eli", "Flo")]


def test_pairs_of_one_group_counted(shop):
    """Three in each team make three pairs in each."""
    query = {"outputs": ["staff.team", agg("count", rows_of("staff"))], "where": compare("staff.id", "lt", mate("staff.id")), **SAME_TEAM}
    assert shop.bag(query) == [("dev", 3), ("ops", 3)]


def test_share_of_the_total_by_region(shop):
    """EU 29.5 + 6 + 7.25 + 4 = 46.75, US 12, nobody's order 4: of 62.75, in which that order is."""
    total = {"outputs": [REVENUE]}
    query = {"outputs": ["customers.region", ratio(REVENUE, total)], "sort": sort(ref(1), "desc")}
    assert "/ NULLIF(\n    (\n      SELECT\n        SUM(items.quantity * items.price)" in shop.sql(query)
    expected = [("EU", 46.75 / 62.75), ("US", 12 / 62.75), (None, 4 / 62.75)]
    assert shop.rows(query) == [(region, pytest.approx(share)) for region, share in expected]


def test_a_count_over_an_intersection(shop):
    """Customer 1 has orders from DE and from US; 2 and 4 from US only; the order of nobody is from DE: 1 and no more."""
    de, us = ({"outputs": ["orders.customer_id"], "where": compare("orders.country", "eq", c)} for c in ("DE", "US"))
    query = {"source": {"kind": "set", "op": "intersect", "left": de, "right": us}, "outputs": [agg("count", inner(0))]}
    assert "INTERSECT" in shop.sql(query)
    assert "COUNT(source.customer_id)" in shop.sql(query)
    assert shop.rows(query) == [(1,)]


def test_different_pairs_counted(shop):
    """Pairs of product and country: pen DE, ink DE, pen US, pad US, pad DE. By country DE has three, US two."""
    pairs = {"outputs": ["orders.country", "items.product"], "distinct": True}
    query = {"source": pairs, "outputs": [agg("count", 1)]}
    assert "COUNT(1)" in shop.sql(query)
    assert "SELECT DISTINCT\n    orders.country,\n    items.product" in shop.sql(query)
    assert shop.rows(query) == [(5,)]
    assert shop.bag(query | {"outputs": [inner(0), agg("count", 1)]}) == [("DE", 3), ("US", 2)]


def test_sum_of_quantity_times_price(shop):
    """pen 10*1.50 + 4*1.50 + 2*2 = 25; ink 2*7.25 + 7.25 = 21.75; pad 3*4 + 4 = 16."""
    query = {"outputs": ["items.product", REVENUE], "sort": sort(ref(1), "desc")}
    assert "SUM(items.quantity * items.price)" in shop.sql(query)
    assert shop.rows(query) == [("pen", Decimal("25.00")), ("ink", Decimal("21.75")), ("pad", Decimal("16.00"))]


def test_days_between_two_dates(shop):
    """Order 4 of 31 March 23:59:59, shipped on 2 April: 2 days, not the 1 that hours would make. Order 3 is not shipped."""
    query = {"outputs": ["orders.id", {"kind": "date_diff", "unit": "day", "start": "orders.placed", "end": "orders.shipped"}]}
    assert "DATE_DIFF('DAY', CAST(orders.placed AS DATE), CAST(orders.shipped AS DATE))" in shop.sql(query)
    assert shop.bag(query) == [(1, 2), (2, 0), (3, None), (4, 2), (5, 1), (6, 0)]


def test_average_days_to_ship(shop):
    """(2 + 0 + 2 + 1 + 0) / 5; the order that is not shipped does not count."""
    query = {"outputs": [agg("avg", {"kind": "date_diff", "unit": "day", "start": "orders.placed", "end": "orders.shipped"})]}
    assert shop.rows(query) == [(1.0,)]


def test_median_orders_per_customer(shop):
    """Those who ordered: 3, 1 and 1, so 1. With those who never did: 3, 1, 1 and 0, so still 1, while the average falls to 1.25."""
    ordered = {"outputs": ["orders.customer_id", ORDERS], "where": {"kind": "not", "arg": {"kind": "is_null", "of": "orders.customer_id"}}}
    query = {"source": ordered, "outputs": [agg("median", inner(1)), agg("avg", inner(1))]}
    assert "MEDIAN(CAST(source.count_orders AS DOUBLE))" in shop.sql(query)
    assert shop.rows(query) == [(1.0, pytest.approx(5 / 3))]
    everyone = {"outputs": ["customers.id", ORDERS], "orphans": "drop", "empty_groups": "keep"}
    assert shop.rows(query | {"source": everyone}) == [(1.0, 1.25)]


def test_customers_who_never_ordered(shop):
    """Oda. The order of nobody must not empty the answer."""
    ordered = {"outputs": ["orders.customer_id"]}
    query = {"outputs": ["customers.name"], "where": {"kind": "not", "arg": {"kind": "in_query", "of": "customers.id", "query": ordered}}}
    assert "NOT EXISTS" in shop.sql(query)
    assert shop.rows(query) == [("Oda",)]


def test_customers_with_zero_orders_kept_in_a_count(shop):
    query = {"outputs": ["customers.name", ORDERS], "by": ["customers.id"], "orphans": "drop", "empty_groups": "keep"}
    assert "LEFT JOIN orders" in shop.sql(query)
    assert "COUNT(orders.id)" in shop.sql(query)
    assert shop.bag(query) == [("Kim", 1), ("Kim", 3), ("Oda", 0), ("Pia", 1)]


def test_by_weekday_and_hour(shop):
    """6 March 2023 and 4 March 2024 were Mondays, 31 March 2023 a Friday, 5 March and 2 April 2023 Sundays."""
    query = {"outputs": [part("weekday", "orders.placed"), part("hour", "orders.placed"), ORDERS], "sort": [*sort(ref(0)), *sort(ref(1))]}
    assert "EXTRACT(ISODOW FROM orders.placed)" in shop.sql(query)
    assert shop.rows(query) == [(1, 9, 3), (5, 23, 1), (7, 10, 1), (7, 21, 1)]


def test_in_march_2023(shop):
    """To the last second of 31 March, and not in March 2024."""
    period = {"kind": "at", "value": {"value": "March 2023"}}
    query = {"outputs": ["orders.id"], "where": {"kind": "in_period", "of": "orders.placed", "period": period}}
    assert "orders.placed >= '2023-03-01' AND orders.placed < '2023-04-01'" in shop.sql(query)
    assert shop.bag(query) == [(1,), (2,), (4,), (6,)]


def test_percent_of_customers_in_the_eu(shop):
    """3 of 4."""
    eu = agg("count", rows_of("customers"), where=compare("customers.region", "eq", "EU"))
    query = {"outputs": [{"kind": "arithmetic", "op": "mul", "left": ratio(eu, CUSTOMERS), "right": 100}]}
    assert "FILTER(WHERE" in shop.sql(query)
    assert "NULLIF(COUNT(*), 0)" in shop.sql(query)
    assert shop.rows(query) == [(75.0,)]


def test_orders_of_those_in_one_group_as_a_part_of_all(shop):
    """Orders of customers in the EU: 1, 2, 3 and 5 of the 6; the order of nobody counts among all."""
    eu = ORDERS | {"where": compare("customers.region", "eq", "EU")}
    assert shop.rows({"outputs": [ratio(eu, ORDERS)]}) == [(pytest.approx(4 / 6),)]


def test_a_chart_on_a_union(shop):
    """One bar for each product that sold from DE or from US: DE pen, ink, pad; US pen, pad."""
    de, us = (
        {"outputs": ["items.product", "items.quantity"], "where": compare("orders.country", "eq", country)} for country in ("DE", "US")
    )
    both = {"kind": "set", "op": "union_all", "left": de, "right": us}
    query = {"source": both, "outputs": [inner(0), agg("sum", inner(1))], "sort": sort(ref(1), "desc")}
    spec = read_spec({"query": query, "view": {"kind": "chart", "mark": "bar", "x": ref(0), "y": ref(1)}})
    assert check(spec, shop.schema) == []
    assert "UNION ALL" in compile_spec(spec, shop.schema)
    assert shop.rows(query) == [("pen", 16), ("pad", 4), ("ink", 3)]


def test_first_and_last_of_each(shop):
    """Of those who ordered, by id: the first order of customer 1 is of 9:10 on 6 March."""
    query = {
        "outputs": ["customers.id", agg("min", "orders.placed")],
        "orphans": "drop",
        "sort": sort(ref(0)),
        "limit": {"kind": "limit", "n": 1},
    }
    assert shop.rows(query) == [(1, datetime(2023, 3, 6, 9, 10))]


def test_joined_in_the_month_of_the_first_order(shop):
    """A filter on a day beside one on a time: customers who joined by the end of March 2023."""
    query = {"outputs": ["customers.joined"], "where": compare("customers.joined", "le", "March 2023"), "sort": sort("customers.joined")}
    assert shop.rows(query) == [(date(2023, 1, 10),), (date(2023, 3, 1),), (date(2023, 3, 31),)]
