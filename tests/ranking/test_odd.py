"""Signs of a spec that nobody asks for."""

import pytest

from microgt.ranking.odd import Odd, odd
from microgt.spec import read_spec
from microgt.spec.types import Answer

YEAR = {"kind": "col", "column": "planes.build_year"}
MAKER = {"kind": "col", "column": "planes.maker"}
DAY = {"kind": "col", "column": "planes.seen"}
COUNT = {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "planes"}}
BOEING = {"kind": "compare", "op": "eq", "left": MAKER, "right": {"kind": "value", "value": "Boeing"}}


def in_period(period: dict) -> dict:
    return {"kind": "in_period", "of": DAY, "period": period}


def by(grain: str) -> dict:
    return {"kind": "time_bucket", "grain": grain, "of": DAY}


def total(of: dict, **more) -> dict:
    return {"kind": "aggregate", "fn": "sum", "of": of, **more}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"outputs": [MAKER, COUNT]}, Odd(0, 0, 0, 0)),
        ({"outputs": [MAKER, COUNT, COUNT]}, Odd(1, 0, 0, 0)),
        ({"outputs": [total(YEAR)]}, Odd(0, 1, 0, 0)),
        ({"outputs": [total({"kind": "col", "column": "planes.seats"})]}, Odd(0, 0, 0, 0)),
        ({"outputs": [MAKER, COUNT], "where": BOEING}, Odd(0, 0, 1, 0)),
        ({"outputs": [YEAR, COUNT], "where": BOEING}, Odd(0, 0, 0, 0)),
        (
            {"outputs": [by("quarter"), COUNT], "where": in_period({"kind": "at", "value": {"kind": "value", "value": "Q1 2025"}})},
            Odd(0, 0, 1, 0),
        ),
        (
            {"outputs": [by("month"), COUNT], "where": in_period({"kind": "at", "value": {"kind": "value", "value": "Q1 2025"}})},
            Odd(0, 0, 0, 0),
        ),
        ({"outputs": [by("year"), COUNT], "where": in_period({"kind": "to_date", "unit": "year"})}, Odd(0, 0, 1, 0)),
        ({"outputs": [by("month"), COUNT], "where": in_period({"kind": "to_date", "unit": "year"})}, Odd(0, 0, 0, 0)),
        ({"outputs": [{**COUNT, "where": BOEING}], "where": BOEING}, Odd(0, 0, 0, 1)),
    ],
)
def test_what_is_odd(query, expected):
    spec = read_spec({"kind": "answer", "query": {"kind": "select", **query}})
    assert isinstance(spec, Answer)
    assert odd(spec) == expected
