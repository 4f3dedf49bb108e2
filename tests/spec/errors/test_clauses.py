"""The whole text of each error about types, dates, bins, windows and limits."""

from typing import get_args

import pytest

from microgt.spec import check, read_spec
from microgt.spec.named import EXAMPLES
from microgt.spec.types import DatePart
from tests.spec.errors.cases import (
    AVERAGE,
    COUNT,
    MONTH,
    TOTAL,
    Case,
    agg,
    arithmetic,
    bucket,
    during,
    limit,
    named,
    query,
    ref,
    rows_of,
    union,
    whole,
)

GRAINS = ("day", "week", "month", "quarter", "year")
PARTS = tuple(part for part in get_args(DatePart.model_fields["part"].annotation) if part != "hour")
SUMS = ("count", "sum")


def window(kind, of, **more):
    return {"kind": kind, "of": of, **more}


def bins(by, n):
    return query({"kind": "bin", "by": by, "of": "items.price", "n": n})


def percentile(p):
    return query({"kind": "percentile", "of": "items.price", "p": p})


CASES = [
    # types
    Case(query(bucket("day", "orders.id")), "E_TYPE at /query/outputs/0/of: TimeBucket needs a date, not a number", "number", ("time", "text")),
    Case(query(agg("sum", "orders.day")),
         "E_TYPE at /query/outputs/0/of: Aggregate needs numbers, not dates; for those there is date_diff", "time", ("number", "date_diff")),
    Case(query(agg("sum", rows_of("orders"))), "E_TYPE at /query/outputs/0: rows can be counted, not sum", "sum", ("count", "count_distinct")),
    Case(bins("width", 0), "E_BIN at /query/outputs/0/n: bins are wider than nothing, and 0 is no such number", 0),
    Case(bins("quantiles", 12), "E_BIN at /query/outputs/0/n: there are 2 to 10 quantiles, not 12", 12, tuple(map(str, range(2, 11)))),
    Case(percentile(100), "E_PERCENTILE at /query/outputs/0/p: a percentile lies between 0 and 100, such as 90; 100 does not", 100),
    Case(query("orders.id", where={"kind": "between", "of": "orders.id", "low": 3, "high": 2}),
         "E_EMPTY at /query/where: nothing lies between 3 and 2: the lower bound comes first", [3, 2], ("2 to 3",)),
    # dates
    Case(query("orders.id", where=during(kind="at", value={"value": "soon"})),
         f"E_PERIOD at /query/where/period/value: 'soon' names no period; periods look like {', '.join(EXAMPLES)}", "soon", EXAMPLES),
    Case(query("orders.id", where=during(kind="last", unit="day", n=0)),
         "E_PERIOD at /query/where/period/n: last needs a whole number of units from 1 on, not 0", 0),
    Case(query("orders.id", where=during(kind="absolute", start={"value": "March 2024"}, end={"value": "2023"})),
         "E_EMPTY at /query/where/period: March 2024 comes after 2023: nothing lies between them", ["March 2024", "2023"], ("2023 to March 2024",)),
    Case(query(bucket("hour"), COUNT),
         "E_GRAIN_FINER_THAN_DATA at /query/outputs/0/grain: orders.day has dates without a time of day: there are no hours in it", "hour", GRAINS),
    Case(query({"kind": "date_part", "part": "hour", "of": "orders.day"}, COUNT),
         "E_GRAIN_FINER_THAN_DATA at /query/outputs/0/part: orders.day has dates without a time of day: there are no hours in it", "hour", PARTS),
    Case(query("orders.id", where=during(kind="last", unit="hour", n=3)),
         "E_GRAIN_FINER_THAN_DATA at /query/where/period/unit: orders.day has dates without a time of day: there are no hours in it", "hour", GRAINS),
    # windows
    Case(query("orders.channel", window("running_total", COUNT)),
         "E_WINDOW_NEEDS_TIME at /query/outputs/1: running_total runs over the periods of one time bucket among the keys, and there are none", 0),
    Case(query(MONTH, bucket("year"), window("running_total", COUNT)),
         "E_WINDOW_NEEDS_TIME at /query/outputs/2: running_total runs over the periods of one time bucket among the keys, and there are 2",
         2, ("month of orders.day", "year of orders.day")),
    Case(query(MONTH, window("prior", COUNT, n=1, unit="week")),
         "E_WINDOW_UNIT at /query/outputs/1/unit: a week has no fixed number of months; choices: month, quarter, year",
         "week", ("month", "quarter", "year")),
    Case(query(MONTH, window("running_total", COUNT, reset="week")),
         "E_WINDOW_UNIT at /query/outputs/1/reset: a week does not start anew between months; choices: never, quarter, year",
         "week", ("never", "quarter", "year")),
    Case(query(MONTH, window("moving", COUNT, agg="avg", periods=2.5)),
         "E_WINDOW_SIZE at /query/outputs/1/periods: a window needs a whole number from 1 on, not 2.5", 2.5),
    Case(query("orders.channel", window("rank", arithmetic("add", 1, 2), method="rank")),
         "E_MEASURE at /query/outputs/1/of: rank is of a measure: an aggregate, a ratio, or another window",
         "arithmetic", ("aggregate", "percentile", "ratio", "window")),
    Case(query("orders.channel", window("share", AVERAGE)),
         "E_NON_ADDITIVE at /query/outputs/1/of: share adds up the groups: only counts and sums can be, not averages, ratios, distinct counts "
         "or other windows", "avg of items.price", SUMS),
    Case(query("orders.channel", window("overall", AVERAGE | {"fn": "median"})),
         "E_NON_ADDITIVE at /query/outputs/1/of: overall puts the groups together: not medians, percentiles, distinct counts or other windows",
         "median of items.price", ("count", "sum", "avg", "min", "max")),
    Case(query(MONTH, window("share", COUNT, within=["orders.channel"])),
         "E_WITHIN at /query/outputs/1/within/0: orders.channel is no key of the groups; keys: month of orders.day",
         "orders.channel", ("month of orders.day",)),
    # limits
    Case(query("orders.id", limit=limit({"value": "few"})), "E_LIMIT at /query/limit/n: a limit is a whole number of rows, not 'few'", "few"),
    Case(union(["orders.id"], ["items.id"], limit=limit(1, per=["orders.id"])),
         "E_LIMIT at /query/limit/per: a limit of a union has no per: read from it (source) and limit that", "per", ("n", "ties")),
    Case(union(["orders.id"], ["items.id"], limit=limit(1, other=True)),
         "E_LIMIT at /query/limit/other: a limit of a union has no other: read from it (source) and limit that", "other", ("n", "ties")),
    Case(query("orders.channel", COUNT, limit=limit(1, per=["orders.status"])),
         "E_WITHIN at /query/limit/per/0: orders.status is no key of the groups; keys: orders.channel", "orders.status", ("orders.channel",)),
    Case(query("orders.channel", "orders.status", COUNT, limit=limit(1, other=True)),
         'E_OTHER at /query/limit/other: a row "Other" takes the place of groups by one key that is shown, besides `per`',
         ["orders.channel", "orders.status"], ("orders.channel", "orders.status")),
    Case(query("items.product", AVERAGE, limit=limit(1, other=True)),
         'E_NON_ADDITIVE at /query/outputs/1: the row "Other" adds up groups: only counts and sums can be, not averages, ratios or distinct counts',
         "avg of items.price", SUMS),
    Case(query("items.product", TOTAL, window("share", ref(1)), limit=limit(1, other=True)),
         'E_NON_ADDITIVE at /query/limit/other: there is no row "Other" beside windows: they cannot be added up',
         ["share of sum of items.price"], SUMS),
]  # fmt: skip


@pytest.mark.parametrize(**named(CASES))
def test_the_text(schema, case):
    assert [whole(error) for error in check(read_spec(case.wrong), schema)] == [case.error]
