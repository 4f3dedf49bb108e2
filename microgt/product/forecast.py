"""A forecast that was asked for. This version computes none: it shows the past, and says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from microgt.spec.types import Answer, Chart, Edit, Forecast, Ref, Select, TimeBucket
from microgt.spec.walk import has_measure


@dataclass(frozen=True)
class ForecastAsked:
    """of: the column to be continued. by: the column of its periods, `unit` each (`month`). horizon: how many more of them.

    level: percent of cases in which the value is to lie within the band. past: the chart of what is known.
    """

    of: str
    by: str
    unit: str
    horizon: int
    level: int
    past: Chart

    def __str__(self) -> str:
        periods = self.unit if self.horizon == 1 else f"{self.horizon} {self.unit}s"
        return (
            f"the forecast of {self.of} for the next {periods} is described by the spec and not computed by this version: "
            "all numbers shown are of the past"
        )

    def to_json(self) -> dict[str, Any]:
        """What was asked for, and that it was not computed."""
        return {"of": self.of, "by": self.by, "unit": self.unit, "horizon": self.horizon, "level": self.level, "computed": False}


def asked_for(spec: Answer | Edit, columns: tuple[str, ...]) -> ForecastAsked | None:
    """What a spec that the checker accepts asks to be forecast. columns: names of its outputs."""
    answer = spec.answer if isinstance(spec, Edit) else spec
    view, query = answer.view, answer.query
    if not isinstance(view, Forecast) or not isinstance(query, Select):
        return None
    by, bucket = next((i, output) for i, output in enumerate(query.outputs) if isinstance(output, TimeBucket))
    series = [i for i, output in enumerate(query.outputs) if i != by and not has_measure(output)]
    return ForecastAsked(
        of=columns[view.of.output],
        by=columns[by],
        unit=bucket.grain,
        horizon=int(view.horizon.value),
        level=view.level,
        past=Chart(mark="line", x=_ref(by), y=view.of, color=_ref(series[0]) if series else None),
    )


def _ref(output: int) -> Ref:
    return Ref.model_validate({"output": output})
