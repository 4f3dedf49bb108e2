"""From when to when data reach, and which of their periods are whole."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from microgt.engine.result import ResultTable
from microgt.errors import EngineError, SpecError
from microgt.forecast.series import count_from, periods, start_of
from microgt.spec.types import Aggregate, Answer, Node, Select, TimeBucket

_HEAD = 0.1  # data that begin within this part of a period have the whole of it: its first day may be a holiday
Run = Callable[[Answer], ResultTable]


@dataclass(frozen=True)
class Reach:
    """The first and the last moment of a column in the rows that a query reads, and how many different ones there are."""

    first: datetime
    last: datetime
    different: int

    def one_a_period(self, unit: str) -> bool:
        """Is there one date a period, always the same day of it or its last, as in a table that has a row a month? Then each is whole."""
        start, end = start_of(self.first, unit), start_of(self.last, unit)
        same = self.first - start == self.last - end or _left(self.first, start, unit) == _left(self.last, end, unit)
        return same and self.different <= count_from(start, end, unit)

    def first_whole(self, unit: str) -> date | None:
        """The first period that is whole, when the first in the data is not."""
        start = start_of(self.first, unit)
        following = _moment(periods(start, unit, 2)[1])
        late = self.first >= start + max((following - start) * _HEAD, timedelta(days=1))
        return periods(start, unit, 2)[1] if late and not self.one_a_period(unit) else None


def reach_of(bucket: TimeBucket, select: Select, run: Run) -> Reach | None:
    """Of the dates behind a time bucket; None when it cannot be told, as for dates that another query has computed."""
    with suppress(SpecError, EngineError, ValueError):
        outputs = tuple(Aggregate.model_validate({"fn": fn, "of": bucket.of}) for fn in ("min", "max", "count_distinct"))
        within = Select(outputs=outputs, where=select.where, through=select.through)
        first, last, different = run(Answer(query=within)).rows[0]
        if isinstance(first, date) and isinstance(last, date):
            return Reach(_moment(first), _moment(last), int(different))
    return None


def completed(select: Select, by: int) -> Select:
    """The query without the period that has only begun."""
    bucket: Node = select.outputs[by].model_copy(update={"complete": True})
    return select.model_copy(update={"outputs": (*select.outputs[:by], bucket, *select.outputs[by + 1 :])})


def _left(moment: datetime, start: datetime, unit: str) -> int:
    return (_moment(periods(start, unit, 2)[1]) - moment).days


def _moment(day: date) -> datetime:
    return day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)
