"""The past that a forecast continues: complete periods, none left out, one series for each value of the other outputs."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from microgt.engine.duckdb import DuckDBEngine
from microgt.engine.result import ResultTable
from microgt.errors import EngineError, InsufficientData, SpecError
from microgt.forecast import Series, make_forecast
from microgt.forecast.series import as_period
from microgt.forecast.stats import forecasters
from microgt.product.forecast import ForecastAsked, Forecasted
from microgt.product.reach import Reach, Run
from microgt.spec.types import Aggregate, Answer, Select, TimeBucket
from microgt.spec.walk import walk

MOST_ROWS = 20_000
MOST_SERIES = 12
_ZERO_WHEN_EMPTY = ("count", "count_distinct", "sum")

Cells = dict[tuple[Any, ...], dict[Any, Any]]  # series -> period -> value


@dataclass(frozen=True)
class History:
    """What `select` returned, and where it reaches to. run: rows of a query, up to MOST_ROWS."""

    select: Select
    asked: ForecastAsked
    table: ResultTable
    reach: Reach | None
    run: Run

    def forecast(self) -> Forecasted:
        """One forecast a series; what cannot be continued is told with its reason."""
        found, refused = [], []
        try:
            cells = self._cells()
            first, last = self._ends(cells)
            if any(None in values for values in cells.values()):
                refused.append("rows without a date are not in the past that was continued")
        except InsufficientData as error:
            return self._forecasted([], [self._refusal(str(error))])
        for name, values in cells.items():
            try:
                series = Series.regular(values, self.asked.unit, first=first, last=last, fill=self._fill, name=name)
                found.append(make_forecast(series, self.asked.horizon, self.asked.level, forecasters()))
            except InsufficientData as error:
                refused.append(self._refusal(str(error), name))
        return self._forecasted(found, refused)

    def _forecasted(self, found: list, refused: list[str]) -> Forecasted:
        named = tuple(self.table.written_as(i) for i in self.asked.series)
        return Forecasted(self.asked, self.table.columns, tuple(found), tuple(refused), named)

    def _refusal(self, why: str, name: tuple[Any, ...] = ()) -> str:
        of = self.table.columns[self.asked.of] + (f" of {', '.join(map(str, name))}" if name else "")
        return f"no forecast of {of} for the next {self.asked.periods}: {why}"

    @property
    def _fill(self) -> float | None:
        """What stands for a period without rows: zero of counts and sums; of averages, and where the query leaves periods out, nothing."""
        of = self.select.outputs[self.asked.of]
        counted = isinstance(of, Aggregate) and of.fn in _ZERO_WHEN_EMPTY
        return 0.0 if counted and not (self.select.limit or self.select.having) else None

    def _cells(self) -> Cells:
        asked, cells = self.asked, {}
        for row in self._rows():
            cells.setdefault(tuple(row[i] for i in asked.series), {})[as_period(row[asked.by], asked.unit)] = row[asked.of]
        if len(cells) > MOST_SERIES:
            raise InsufficientData(f"it would be of {len(cells)} series, and at most {MOST_SERIES} are forecast: ask for fewer")
        return cells

    def _rows(self) -> tuple[tuple[Any, ...], ...]:
        table = self.run(Answer(query=self.select)) if self.table.truncated else self.table
        if table.truncated:
            raise InsufficientData(f"it has more than {MOST_ROWS:,} rows: ask for longer periods or fewer series")
        return table.rows

    def _ends(self, cells: Cells) -> tuple[Any, Any]:
        """The first and the last period that are whole. A series that ended before the data did has zeros up to there."""
        shown = [period for values in cells.values() for period in values if period is not None]
        if not shown:
            raise InsufficientData(f"there is no complete {self.asked.unit}")
        whole = self.reach.first_whole(self.asked.unit) if self.reach else None
        first = max(min(shown), as_period(whole, self.asked.unit)) if whole else min(shown)
        return first, max(shown + self._periods_of_all())

    def _periods_of_all(self) -> list[Any]:
        """The periods of the measure in all rows, when the question leaves some out for another reason than their time."""
        asked, select = self.asked, self.select
        bucket = select.outputs[asked.by]
        if select.where is None or (isinstance(bucket, TimeBucket) and any(node == bucket.of for _, node in walk(select.where))):
            return []
        whole = Select(outputs=(bucket, select.outputs[asked.of]), through=select.through)
        with suppress(SpecError, EngineError):
            return [as_period(row[0], asked.unit) for row in self.run(Answer(query=whole)).rows if row[0] is not None]
        return []


def wide(engine: DuckDBEngine) -> DuckDBEngine:
    """The same database with room for long series."""
    return DuckDBEngine(engine.path, replace(engine.limits, rows=MOST_ROWS, strict_rows=False), engine.worker)
