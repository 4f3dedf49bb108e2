"""Changes of how a result is shown, and views that fit what is shown after other changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from microgt.errors import CannotRefine
from microgt.refine.change import VIEW
from microgt.refine.groups import Grain
from microgt.refine.selects import first_measure, measures, moved, needed_dates, ref, select_of, with_select
from microgt.schema.types import Schema
from microgt.spec.checker import check
from microgt.spec.grains import counts_in
from microgt.spec.types import Answer, Chart, Forecast, NumberView, Select, TableView, TimeBucket, Value, View

_LINES = ("line", "area")
_WITHOUT_COLOR = ("donut", "pie", "histogram")


@dataclass(frozen=True)
class As:
    """`as a line`, `as a donut`."""

    mark: Any
    turn: ClassVar[int] = VIEW

    def made(self, answer: Answer, schema: Schema) -> list[Answer]:
        if isinstance(answer.view, Forecast) and self.mark in _LINES:
            return [answer]  # a forecast is drawn as the line of its past
        views = list(_charts(answer, self.mark))
        found = [answer.model_copy(update={"view": view}) for view in views]
        return [next((a for a in found if not check(a, schema)), found[0])]


@dataclass(frozen=True)
class Plain:
    """`as a table`, `as a number`."""

    view: TableView | NumberView
    turn: ClassVar[int] = VIEW

    def made(self, answer: Answer, schema: Schema) -> list[Answer]:
        return [answer.model_copy(update={"view": self.view})]


@dataclass(frozen=True)
class Forecasting:
    """`forecast three months`. Periods of the answer's bucket where they make up the unit, else the bucket becomes the unit."""

    n: int
    unit: Any
    turn: ClassVar[int] = VIEW

    def made(self, answer: Answer, schema: Schema) -> list[Answer]:
        select = select_of(answer)
        buckets = [(i, o) for i, o in enumerate(select.outputs) if isinstance(o, TimeBucket)]
        first_measure(select)
        if len(buckets) > 1:
            raise CannotRefine("a forecast is of one kind of period, and the answer shows several")
        if not buckets:
            needed_dates(select, schema)
            return [found for key in Grain(self.unit).keys(select, schema) for found in self._shown(_bucketed(answer, key), self.n)]
        place, bucket = buckets[0]
        each = counts_in(bucket.grain).get(self.unit)
        if each:
            return self._shown(answer, self.n * each)
        longer = bucket.model_copy(update={"grain": self.unit})
        outputs = (*select.outputs[:place], longer, *select.outputs[place + 1 :])
        return self._shown(with_select(answer, outputs=outputs), self.n)

    @staticmethod
    def _shown(answer: Answer, periods: int) -> list[Answer]:
        whole = with_select(answer, sort=(), limit=None)
        level = answer.view.level if isinstance(answer.view, Forecast) else 80
        view = [Forecast(of=ref(i), horizon=Value(value=periods), level=level) for i in measures(select_of(answer))]
        return [whole.model_copy(update={"view": v}) for v in view]


@dataclass(frozen=True)
class AskedHowFar:
    """`forecast it`, which does not say how far."""

    turn: ClassVar[int] = VIEW

    def made(self, answer: Answer, schema: Schema) -> list[Answer]:
        select = select_of(answer)
        needed_dates(select, schema)
        grain = next((o.grain for o in select.outputs if isinstance(o, TimeBucket)), "month")
        raise CannotRefine("how far is it to be forecast?", [f"forecast {n} {grain}s" for n in (3, 6, 12)])


@dataclass(frozen=True)
class NoForecast:
    """`without the forecast`: the line of its past."""

    turn: ClassVar[int] = VIEW

    def made(self, answer: Answer, schema: Schema) -> list[Answer]:
        if not isinstance(answer.view, Forecast):
            raise CannotRefine("the answer has no forecast")
        return As("line").made(answer.model_copy(update={"view": TableView()}), schema)


def fitted(answer: Answer, schema: Schema) -> Answer:
    """The answer with its view, or where what is shown does not bear it any more with bars, else as a table."""
    views: list[View] = [answer.view]
    if isinstance(answer.view, Chart):
        views += [*_charts(answer, answer.view.mark), *_charts(answer, "bar")]
    found = [answer.model_copy(update={"view": view}) for view in [*views, TableView()]]
    return next((a for a in found if not check(a, schema)), found[0])


def _bucketed(answer: Answer, key: Any) -> Answer:
    found = moved(answer, lambda i: i + 1)
    return with_select(found, outputs=(key, *select_of(found).outputs))


def _charts(answer: Answer, mark: Any) -> Iterator[Chart]:
    """Charts of that mark, the likeliest first."""
    query = answer.query
    if not isinstance(query, Select):
        yield Chart(mark=mark)
        return
    values = measures(query)
    dims = [i for i in range(len(query.outputs)) if i not in values]
    dims.sort(key=lambda i: not isinstance(query.outputs[i], TimeBucket))  # time runs along x
    order = [*values, *dims] if mark in ("scatter", "histogram") else [*dims, *values]
    if mark == "heatmap" or len(dims) < 2 or mark in _WITHOUT_COLOR or mark == "scatter":
        x, y, *rest = [*order, 0, 1][: max(2, len(order))] if len(order) < 2 else order
        color = rest[0] if rest and mark not in _WITHOUT_COLOR and mark != "scatter" else None
    else:
        x, color, y = dims[0], dims[1], values[0] if values else dims[2 % len(dims)]
    if color is not None:
        yield Chart(mark=mark, x=ref(x), y=ref(y), color=ref(color))
    yield Chart(mark=mark, x=ref(x), y=ref(y))
