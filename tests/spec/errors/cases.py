"""What the tests of error texts share: short ways to write specs, and the comparison of a whole error."""

from __future__ import annotations

from typing import Any, NamedTuple

from microgt.errors import SpecError

Json = dict[str, Any]


class Case(NamedTuple):
    """A spec, or what else was wrong; the whole text of its error, `CODE at PLACE: message`; what was given; what would have been accepted."""

    wrong: Any
    text: str
    given: Any = None
    choices: tuple[str, ...] = ()

    @property
    def error(self) -> tuple[str, str, str, Any, tuple[str, ...]]:
        """As `whole` says it."""
        code, _, place = self.text.partition(": ")[0].partition(" at ")
        return self.text, code, place, self.given, self.choices


def named(cases: list[Case]) -> dict[str, Any]:
    """The arguments of `parametrize`: each case under its code and place."""
    return {"argnames": "case", "argvalues": cases, "ids": [case.text.split(": ")[0] for case in cases]}


def whole(error: SpecError) -> tuple[str, str, str, Any, tuple[str, ...]]:
    """All that an error says."""
    return str(error), error.code, error.place, error.given, error.choices


def query(*outputs: Any, **clauses: Any) -> Json:
    return {"query": {"outputs": list(outputs), **clauses}}


def chart(mark: str, *outputs: Any, **refs: Any) -> Json:
    return query(*outputs) | {"view": {"kind": "chart", "mark": mark, **refs}}


def ref(n: int) -> Json:
    return {"kind": "ref", "output": n}


def inner(n: int) -> Json:
    return {"kind": "inner", "output": n}


def rows_of(table: str) -> Json:
    return {"kind": "rows", "table": table}


def agg(fn: str, of: Any, **more: Any) -> Json:
    return {"kind": "aggregate", "fn": fn, "of": of, **more}


def arithmetic(op: str, left: Any, right: Any) -> Json:
    return {"kind": "arithmetic", "op": op, "left": left, "right": right}


def bucket(grain: str, of: str = "orders.day") -> Json:
    return {"kind": "time_bucket", "grain": grain, "of": of}


def equal(left: Any, right: Any) -> Json:
    return {"kind": "compare", "op": "eq", "left": left, "right": right}


def sort(by: Any, direction: str = "asc") -> list[Json]:
    return [{"kind": "sort", "direction": direction, "by": by}]


def limit(n: Any, **more: Any) -> Json:
    return {"kind": "limit", "n": n, **more}


def during(of: str = "orders.day", **period: Any) -> Json:
    return {"kind": "in_period", "of": of, "period": period}


def union(left: list[Any], right: list[Any], **more: Any) -> Json:
    return {"query": {"kind": "set", "op": "union", "left": {"outputs": left}, "right": {"outputs": right}, **more}}


COUNT, TOTAL, AVERAGE = agg("count", rows_of("orders")), agg("sum", "items.price"), agg("avg", "items.price")
MONTH = bucket("month")
