"""Compiled specs against answers worked out by hand from the rows in conftest.py."""

from datetime import date

import pytest

from microgt.spec import compile_spec, read_spec

COUNT_ORDERS = {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "orders"}}
REVENUE = {"kind": "aggregate", "fn": "sum", "of": {"kind": "arithmetic", "op": "mul", "left": "items.qty", "right": "items.price"}}


def ref(n):
    return {"kind": "ref", "output": n}


def agg(fn, of, **more):
    return {"kind": "aggregate", "fn": fn, "of": of, **more}


def rows_of(table):
    return {"kind": "rows", "table": table}


def compare(left, op, right):
    return {"kind": "compare", "op": op, "left": left, "right": {"value": right} if isinstance(right, str) else right}


def in_query(of, query):
    return {"kind": "in_query", "of": of, "query": query}


def no(predicate):
    return {"kind": "not", "arg": predicate}


def during(of, **period):
    return {"kind": "in_period", "of": of, "period": period}


def sort(by, direction="asc"):
    return [{"kind": "sort", "direction": direction, "by": by}]


@pytest.fixture
def run(connection, schema):
    def run(query, **options):
        spec = read_spec({"query": query})
        return connection.sql(compile_spec(spec, schema, **options)).fetchall()

    return run


@pytest.fixture
def bag(run):
    """Rows without their order."""
    return lambda query, **options: sorted(run(query, **options), key=repr)


# ------------------------------------------------------------------ joins


def test_rows_without_a_parent_are_kept_and_counted(bag):
    assert bag({"outputs": ["customers.region", REVENUE]}) == [("EU", 50.0), ("US", 30.0), (None, 25.0)]  # 20 of Cy and 5 of nobody


def test_rows_without_a_parent_are_dropped_on_demand(bag):
    assert bag({"outputs": ["customers.name", COUNT_ORDERS], "orphans": "drop"}) == [("Ada", 2), ("Bob", 1), ("Cy", 1)]


def test_empty_groups_count_zero_on_demand(bag):
    query = {"outputs": ["customers.name", COUNT_ORDERS], "orphans": "drop", "empty_groups": "keep"}
    assert bag(query) == [("Ada", 2), ("Bob", 1), ("Cy", 1), ("Dee", 0)]


def test_empty_groups_and_orphans_together(bag):
    query = {"outputs": ["customers.name", COUNT_ORDERS, agg("count", rows_of("customers"), at="orders")], "empty_groups": "keep"}
    assert bag(query) == [("Ada", 2, 2), ("Bob", 1, 1), ("Cy", 1, 1), ("Dee", 0, 1), (None, 1, 0)]


def test_empty_groups_survive_a_further_join_below(bag):
    query = {"outputs": ["customers.name", agg("sum", "items.qty")], "orphans": "drop", "empty_groups": "keep"}
    assert bag(query) == [("Ada", 7), ("Bob", 3), ("Cy", 1), ("Dee", None)]


def test_two_keys_to_one_table_are_two_instances(bag):
    origin, dest = ({"column": "airports.city", "via": [f"flights.{key}"]} for key in ("origin", "dest"))
    assert bag({"outputs": [origin, dest, "flights.minutes"]}) == [("Oslo", "Oslo", 60), ("Oslo", "Rome", 180), ("Rome", "Oslo", 170)]


def test_a_table_that_refers_to_itself(bag):
    boss = {"column": "employees.name", "via": ["employees.boss_id"]}
    assert bag({"outputs": ["employees.name", boss]}) == [("Eve", None), ("Fay", "Eve"), ("Gus", "Eve")]


def test_a_link_joins_what_no_key_connects(bag):
    query = {
        "outputs": ["customers.region", "notes.Full Text"],
        "through": [{"kind": "link", "left": "notes.who", "right": "customers.name"}],
        "orphans": "drop",
    }
    assert bag(query) == [("EU", "100% sure"), ("EU", "call back")]


def test_through_a_table_that_is_not_used(bag):
    query = {"outputs": ["customers.name"], "through": [{"kind": "through", "table": "orders"}], "orphans": "drop"}
    assert bag(query) == [("Ada",), ("Ada",), ("Bob",), ("Cy",)]


# ------------------------------------------------------------------ fan-out


def test_a_finer_condition_does_not_multiply(run):
    # Ada has pens in two orders and is one customer.
    assert run({"outputs": [agg("count", rows_of("customers"))], "where": compare("items.product", "eq", "pen")}) == [(1,)]


def test_finer_conditions_hold_for_the_same_row(run):
    both = {"kind": "and", "args": [compare("orders.channel", "eq", "shop"), compare("items.product", "eq", "ink")]}
    assert run({"outputs": [agg("count", rows_of("customers"))], "where": both}) == [(0,)]  # Ada's ink came by web


def test_at_says_that_multiplying_is_meant(bag):
    query = {"outputs": ["items.product", agg("count", "orders.id", at="items")]}
    assert bag(query) == [("ink", 2), ("pad", 1), ("pen", 3)]


def test_safe_aggregates_may_stand_on_a_finer_join(bag):
    query = {"outputs": ["items.product", agg("count_distinct", "orders.id"), agg("max", "orders.day")]}
    assert bag(query) == [("ink", 2, date(2024, 3, 31)), ("pad", 1, date(2024, 2, 29)), ("pen", 3, date(2024, 3, 31))]


def test_two_facts_do_not_multiply_each_other(bag):
    query = {"outputs": ["customers.name", REVENUE, agg("sum", "payments.amount"), agg("count", rows_of("payments"))]}
    # A plain join would give Ada 100 and 120.
    assert bag(query) == [("Ada", 50.0, 40, 2), ("Bob", 30.0, 30, 1), ("Cy", 20.0, None, 0), (None, 5.0, 7, 1)]


def test_two_facts_leave_out_none_of_each_others_groups(bag):
    """A plain join would lose Cy, who paid nothing, and the order and the payment of nobody known."""
    query = {"outputs": ["customers.name", agg("min", "orders.day"), agg("max", "payments.amount")]}
    ada, bob, cy = (date(2023, 12, 31), 25), (date(2024, 2, 29), 30), (date(2024, 3, 31), None)
    assert bag(query) == [("Ada", *ada), ("Bob", *bob), ("Cy", *cy), (None, date(2024, 3, 31), 7)]
    joined = {"outputs": ["customers.name", agg("min", "orders.day", at="orders"), agg("max", "payments.amount")]}
    assert bag(joined | {"orphans": "drop"}) == [("Ada", *ada), ("Bob", *bob)]


def test_two_facts_without_dimensions(run):
    assert run({"outputs": [REVENUE, agg("sum", "payments.amount")]}) == [(105.0, 77)]


def test_two_facts_in_one_ratio_sorted_and_cut(run):
    paid = {"kind": "ratio", "numerator": agg("sum", "payments.amount"), "denominator": REVENUE}
    query = {"outputs": ["customers.name", paid], "sort": sort(ref(1), "desc"), "limit": {"kind": "limit", "n": 2}}
    assert run(query) == [(None, 1.4), ("Bob", 1.0)]


def test_two_facts_under_a_window(bag):
    # Revenue less payments: Ada 50 - 40, Bob 30 - 30, nobody 5 - 7; Cy paid nothing that is known, and has no rank.
    less = {"kind": "arithmetic", "op": "sub", "left": REVENUE, "right": agg("sum", "payments.amount")}
    query = {"outputs": ["customers.name", {"kind": "rank", "method": "rank", "of": less}]}
    assert bag(query) == [("Ada", 1), ("Bob", 2), ("Cy", None), (None, 3)]


# ------------------------------------------------------------------ measures


def test_a_ratio_is_the_ratio_of_totals(bag):
    ratio = {"kind": "ratio", "numerator": REVENUE, "denominator": agg("sum", "items.qty")}
    assert bag({"outputs": ["items.product", ratio]}) == [("ink", 20.0), ("pad", 10.0), ("pen", 5.0)]
    assert bag({"outputs": [ratio]}) == [(105 / 12,)]  # the average of the three ratios would be 11.67


def test_a_ratio_over_nothing_is_unknown(run):
    none = agg("count", rows_of("orders"), where=compare("orders.channel", "eq", "fax"))
    assert run({"outputs": [{"kind": "ratio", "numerator": COUNT_ORDERS, "denominator": none}]}) == [(None,)]


def test_a_measure_has_its_own_condition(run):
    web = agg("count", rows_of("orders"), where=compare("orders.channel", "eq", "web"))
    assert run({"outputs": [{"kind": "ratio", "numerator": web, "denominator": COUNT_ORDERS}]}) == [(0.6,)]


def test_hidden_keys_group(bag):
    assert bag({"outputs": [COUNT_ORDERS], "by": ["orders.channel"]}) == [(2,), (3,)]


def test_a_condition_on_groups_and_a_hidden_sort_key(run):
    query = {"outputs": ["orders.channel"], "having": compare(COUNT_ORDERS, "ge", 2), "sort": sort(COUNT_ORDERS, "desc")}
    assert run(query) == [("web",), ("shop",)]


def test_numbers_in_text_are_added_and_what_is_no_number_is_left_out(run):
    assert run({"outputs": [agg("sum", "readings.level"), agg("count", "readings.level")]}) == [(19.0, 3)]


def test_a_query_over_a_query(run):
    source = {"outputs": ["orders.customer_id", COUNT_ORDERS]}
    query = {"source": source, "outputs": [agg("avg", {"kind": "inner", "output": 1}), agg("max", {"kind": "inner", "output": 1})]}
    assert run(query) == [(1.25, 2)]


# ------------------------------------------------------------------ conditions


def test_not_equal_keeps_nulls(bag):
    assert bag({"outputs": ["orders.id"], "where": compare("orders.status", "ne", "void")}) == [(1,), (2,), (4,), (5,)]


def test_a_null_in_the_query_does_not_empty_not_in(bag):
    payers = {"outputs": ["payments.customer_id"]}  # holds a NULL
    assert bag({"outputs": ["customers.name"], "where": no(in_query("customers.id", payers))}) == [("Cy",), ("Dee",)]
    assert bag({"outputs": ["customers.name"], "where": in_query("customers.id", payers)}) == [("Ada",), ("Bob",)]


def test_not_in_a_query_over_the_same_table(bag):
    bosses = {"outputs": ["employees.boss_id"]}
    assert bag({"outputs": ["employees.name"], "where": no(in_query("employees.id", bosses))}) == [("Fay",), ("Gus",)]


def test_not_in_a_query_for_a_measure(bag):
    counts = {"outputs": [agg("count", rows_of("payments"))], "by": ["payments.customer_id"]}  # 2, 1, 1
    assert bag({"outputs": ["orders.channel"], "having": no(in_query(COUNT_ORDERS, counts))}) == [("web",)]


def test_a_query_as_a_value(bag):
    average = {"outputs": [agg("avg", "payments.amount")]}  # 19.25
    assert bag({"outputs": ["payments.id"], "where": compare("payments.amount", "gt", average)}) == [(2,), (3,)]


def test_types_that_differ_still_compare(bag):
    readings = {"outputs": ["readings.id"]}
    assert bag(readings | {"where": compare("readings.level", "gt", 7)}) == [(2,)]  # as numbers: '7' < '12'
    assert bag(readings | {"where": compare("readings.level", "eq", 7)}) == [(1,)]
    assert bag({"outputs": ["orders.id"], "where": compare("orders.id", "eq", "3")}) == [(3,)]
    assert bag({"outputs": ["orders.id"], "where": compare("orders.id", "eq", "three")}) == []
    assert bag({"outputs": ["orders.id"], "where": compare("orders.day", "eq", 2023)}) == [(1,)]
    assert bag({"outputs": ["orders.id"], "where": compare("orders.day", "gt", "2024-01")}) == [(3,), (4,), (5,)]
    assert bag({"outputs": ["customers.id"], "where": compare("customers.vip", "eq", "yes")}) == [(1,)]
    assert bag({"outputs": ["readings.id"], "where": in_query("readings.level", {"outputs": ["payments.amount"]})}) == [(1,)]


def test_signs_of_patterns_are_plain_characters(bag):
    def found(how, text):
        return bag({"outputs": ["notes.who"], "where": {"kind": "like", "how": how, "of": "notes.Full Text", "text": {"value": text}}})

    assert found("contains", "100%") == [("Ada",)]
    assert found("contains", "0_") == []
    assert found("starts", "CALL") == [("Ada",)]
    assert found("pattern", "%t") == [("Zoe",)]


# ------------------------------------------------------------------ periods


def orders_in(bag, period, **options):
    return [i for (i,) in bag({"outputs": ["orders.id"], "where": during("orders.day", **period)}, **options)]


def test_periods_are_half_open_and_count_from_the_last_date(bag):
    assert orders_in(bag, {"kind": "previous", "unit": "year"}) == [1]
    assert orders_in(bag, {"kind": "this", "unit": "year"}) == [2, 3, 4, 5]
    assert orders_in(bag, {"kind": "this", "unit": "quarter"}) == [2, 3, 4, 5]
    assert orders_in(bag, {"kind": "previous", "unit": "month"}) == [3]
    assert orders_in(bag, {"kind": "last", "unit": "month", "n": 2}) == [3, 4, 5]
    assert orders_in(bag, {"kind": "to_date", "unit": "month"}) == [4, 5]


def test_periods_count_from_a_given_day(bag):
    day = date(2024, 2, 15)
    assert orders_in(bag, {"kind": "previous", "unit": "month"}, as_of=day) == [2]
    assert orders_in(bag, {"kind": "to_date", "unit": "year"}, as_of=day) == [2]
    assert orders_in(bag, {"kind": "last", "unit": "quarter", "n": 2}, as_of=day) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("2023", [1]),
        (2024, [2, 3, 4, 5]),
        ("February 2024", [3]),
        ("2024-03", [4, 5]),
        ("Q1 2024", [2, 3, 4, 5]),
        ("H1 2024", [2, 3, 4, 5]),
        ("H2 2023", [1]),
        ("2024-02-29", [3]),
    ],
)
def test_named_periods(bag, name, ids):
    assert orders_in(bag, {"kind": "at", "value": {"value": name}}) == ids


def test_a_month_without_a_year_is_the_latest_that_has_begun(bag):
    assert orders_in(bag, {"kind": "at", "value": {"value": "December"}}) == [1]
    assert orders_in(bag, {"kind": "at", "value": {"value": "Mar"}}) == [4, 5]
    assert orders_in(bag, {"kind": "at", "value": {"value": "March"}}, as_of=date(2024, 2, 15)) == []


def test_both_ends_of_a_span_are_included(bag):
    assert orders_in(bag, {"kind": "absolute", "start": {"value": "2023-12-31"}, "end": {"value": "January 2024"}}) == [1, 2]
    assert orders_in(bag, {"kind": "absolute", "start": {"value": "December"}, "end": {"value": "February"}}) == [1, 2, 3]


def test_dates_in_text(run):
    assert run({"outputs": ["readings.id"], "where": during("readings.taken", kind="previous", unit="month")}) == [(1,)]
    bucket = {"kind": "time_bucket", "grain": "month", "of": "readings.taken"}
    query = {"outputs": [bucket, agg("count", rows_of("readings"))], "sort": sort(ref(0))}
    assert run(query) == [(date(2024, 1, 1), 1), (date(2024, 2, 1), 1), (None, 2)]


def test_date_arithmetic(run):
    parts = [{"kind": "date_part", "part": p, "of": "orders.day"} for p in ("year", "quarter", "month", "day", "weekday")]
    diffs = [{"kind": "date_diff", "unit": u, "start": "orders.day", "end": {"value": "2024-04-30"}} for u in ("day", "month")]
    query = {"outputs": [*parts, *diffs], "where": compare("orders.id", "eq", 3)}
    assert run(query) == [(2024, 1, 2, 29, 4, 61, 2)]  # a Thursday; two whole months to 29 April


# ------------------------------------------------------------------ order


def test_a_limit_cuts_where_the_dimensions_say(run):
    query = {"outputs": ["customers.name", "customers.region"], "sort": sort("customers.region"), "limit": {"kind": "limit", "n": 2}}
    assert run(query) == [("Ada", "EU"), ("Dee", "EU")]
    grouped = {"outputs": ["items.product"], "sort": sort(agg("count", rows_of("items")), "desc"), "limit": {"kind": "limit", "n": 3}}
    assert run(grouped) == [("pen",), ("ink",), ("pad",)]


def test_ties_with_the_last_row_on_demand(run):
    query = {
        "outputs": ["orders.day", COUNT_ORDERS],
        "sort": sort(ref(1)),
        "limit": {"kind": "limit", "n": 1, "ties": "include"},
    }
    assert sorted(run(query)) == [(date(2023, 12, 31), 1), (date(2024, 1, 1), 1), (date(2024, 2, 29), 1)]


def test_distinct_sorted_by_what_is_not_shown(run):
    query = {"outputs": ["items.product"], "distinct": True, "sort": sort("items.price", "desc"), "limit": {"kind": "limit", "n": 2}}
    assert run(query) == [("ink",), ("pad",)]


def test_set_operations_with_sort_and_limit(run):
    names = {"outputs": ["customers.name"], "sort": sort("customers.name", "desc"), "limit": {"kind": "limit", "n": 2}}  # Dee, Cy
    staff = {"outputs": ["employees.name"]}
    both = {"kind": "set", "op": "union", "left": names, "right": staff, "sort": sort(ref(0), "desc"), "limit": {"kind": "limit", "n": 3}}
    assert run(both) == [("Gus",), ("Fay",), ("Eve",)]


def test_set_operations(bag):
    web, shop = ({"outputs": ["orders.customer_id"], "where": compare("orders.channel", "eq", c)} for c in ("web", "shop"))

    def both(op):
        return bag({"kind": "set", "op": op, "left": web, "right": shop})

    assert both("union") == [(1,), (2,), (3,), (9,)]
    assert both("union_all") == [(1,), (1,), (2,), (3,), (9,)]
    assert both("intersect") == [(1,)]
    assert both("except") == [(2,), (3,)]


def test_a_limit_inside_a_condition(bag):
    top = {"outputs": ["payments.customer_id"], "sort": sort("payments.amount", "desc"), "limit": {"kind": "limit", "n": 1}}
    assert bag({"outputs": ["customers.name"], "where": in_query("customers.id", top)}) == [("Bob",)]
