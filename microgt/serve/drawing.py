"""Charts of answers."""

from __future__ import annotations

from typing import Any

from microgt.engine.result import ResultTable
from microgt.errors import ConfigError
from microgt.product.chart import vega_lite
from microgt.product.forecast import Forecasted
from microgt.serve.stopwatch import Stopwatch
from microgt.spec.types import Chart, View


def drawn(
    table: ResultTable, view: View, title: str, forecast: Forecasted | None, watch: Stopwatch
) -> tuple[dict[str, Any] | None, list[str]]:
    """The chart as Vega-Lite's JSON, when the view is one, and a warning when it cannot be drawn."""
    if not isinstance(view, Chart) or not table.rows:
        return None, []
    try:
        with watch.stage("chart"):
            return vega_lite(table, view, title=title, forecast=forecast), []
    except ConfigError as error:
        return None, [str(error)]
