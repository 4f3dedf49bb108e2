"""A forecast that was asked for: what of, and what came of it. Its numbers come from a forecaster, the past from the engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from microgt.engine.result import ResultTable
from microgt.forecast import Forecast
from microgt.product.cells import plain
from microgt.product.drawable import view_in
from microgt.product.written import Written, of_measure
from microgt.spec.types import Answer, Chart, Edit, Ref, Select, TimeBucket, View
from microgt.spec.types import Forecast as ForecastView
from microgt.spec.walk import has_measure


@dataclass(frozen=True)
class ForecastAsked:
    """of: the output to be continued. by: the output of its periods, `unit` each (`month`). series: outputs whose values have one each.

    horizon: how many more periods. level: percent of cases in which the value is to lie within the band. written: how its numbers are.
    """

    of: int
    by: int
    series: tuple[int, ...]
    unit: str
    horizon: int
    level: int
    written: Written = Written.NUMBER

    @property
    def past(self) -> Chart:
        """The chart of what is known."""
        return Chart(mark="line", x=_ref(self.by), y=_ref(self.of), color=_ref(self.series[0]) if self.series else None)

    @property
    def periods(self) -> str:
        """`month` or `3 months`."""
        return self.unit if self.horizon == 1 else f"{self.horizon} {self.unit}s"


def asked_for(answer: Answer) -> ForecastAsked | None:
    """What a spec that the checker accepts asks to be forecast."""
    view, query = answer.view, answer.query
    if not isinstance(view, ForecastView) or not isinstance(query, Select):
        return None
    by, bucket = next((i, output) for i, output in enumerate(query.outputs) if isinstance(output, TimeBucket))
    series = tuple(i for i, output in enumerate(query.outputs) if i != by and not has_measure(output))
    written = of_measure(query.outputs[view.of.output])
    return ForecastAsked(view.of.output, by, series, bucket.grain, int(view.horizon.value), view.level, written)


def answer_in(spec: Answer | Edit) -> Answer:
    """The answer of a spec that has one."""
    return spec.answer if isinstance(spec, Edit) else spec


@dataclass(frozen=True)
class Forecasted:
    """columns: of the result. found: one forecast a series. refused: why others have none, and why parts of the past were left out.
    named: how numbers that name a series are written, for each output of `asked.series`."""

    asked: ForecastAsked
    columns: tuple[str, ...]
    found: tuple[Forecast, ...]
    refused: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    @property
    def table(self) -> ResultTable:
        """The periods to come: period, series, value, and the band where there is one."""
        asked, columns = self.asked, self.columns
        band = any(forecast.low for forecast in self.found)
        names = (columns[asked.by], *(columns[i] for i in asked.series), columns[asked.of], *(("low", "high") if band else ()))
        rows = [
            (period, *forecast.name, point, *((low, high) if band else ()))
            for forecast in self.found
            for period, point, low, high in zip(
                forecast.periods, forecast.points, *(side or (None,) * asked.horizon for side in (forecast.low, forecast.high)), strict=True
            )
        ]
        named = self.named or (Written.NUMBER,) * len(asked.series)
        return ResultTable(names, tuple(rows), written=(Written.NUMBER, *named, *(asked.written,) * (3 if band else 1)))

    def told(self) -> list[str]:
        """How each forecast was made and how far it is off, in a line each."""
        return [f"{_named(forecast.name)}{_told(forecast, self.asked)}" for forecast in self.found]

    def to_json(self) -> dict[str, Any]:
        """Only what JSON has."""
        asked = self.asked
        return {
            "of": self.columns[asked.of],
            "by": self.columns[asked.by],
            "unit": asked.unit,
            "horizon": asked.horizon,
            "level": asked.level,
            "computed": bool(self.found),
            "series": [_json(forecast) for forecast in self.found],
            "refused": list(self.refused),
        }


def view_of(spec: Answer | Edit, forecast: Forecasted | None) -> View:
    """How rows are shown: as the spec says, and whether they add up; a forecast as the line of its past."""
    return forecast.asked.past if forecast else view_in(answer_in(spec))


def _named(name: tuple[Any, ...]) -> str:
    return f"{', '.join(str(plain(cell)) for cell in name)}: " if name else ""


def _told(forecast: Forecast, asked: ForecastAsked) -> str:
    text = f"forecast by {forecast.method}"
    tested = forecast.backtest
    if tested:
        share = "" if tested.against is None or forecast.method == forecast.reference else f", {tested.against:.2f} of {forecast.reference}"
        mase = "" if tested.mase is None else f", MASE {tested.mase:.2f}"
        text += f": off by {tested.mae:,.4g} on average in {tested.windows} backtests{share}{mase}"
    band = f"; the range is to hold {asked.level}% of cases" if forecast.low else ""
    return f"{text}{band}" + "".join(f"; {note}" for note in forecast.notes)


def _json(forecast: Forecast) -> dict[str, Any]:
    tested = forecast.backtest
    return {
        "name": [plain(cell) for cell in forecast.name],
        "periods": [plain(period) for period in forecast.periods],
        "points": list(forecast.points),
        "low": list(forecast.low) if forecast.low else None,
        "high": list(forecast.high) if forecast.high else None,
        "method": forecast.method,
        "reference": forecast.reference,
        "backtest": {"windows": tested.windows, "mae": tested.mae, "mase": tested.mase, "against": tested.against} if tested else None,
        "notes": list(forecast.notes),
    }


def _ref(output: int) -> Ref:
    return Ref.model_validate({"output": output})
