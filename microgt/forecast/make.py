"""From a series to its forecast: refuse, choose the method by backtest, continue, put a band around."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from microgt.forecast.backtest import errors_of, scale_of
from microgt.forecast.conformal import half_widths, windows_for
from microgt.forecast.forecaster import Forecaster
from microgt.forecast.methods import Drift, Naive, SeasonalDrift, SeasonalNaive
from microgt.forecast.rules import refuse_too_little, season_in
from microgt.forecast.series import Series

SIMPLE: tuple[Forecaster, ...] = (Naive(), Drift(), SeasonalDrift())


@dataclass(frozen=True)
class Backtest:
    """windows: forecasts that were compared with what came. mae: mean absolute error, in the unit of the values. mase: that, in mean
    absolute changes from one season to the next. against: the mae as a share of that of the reference, the naive method."""

    windows: int
    mae: float
    mase: float | None
    against: float | None


@dataclass(frozen=True)
class Forecast:
    """points, and low and high of the band, for each of `periods`. low, high: None without a band; `notes` say why.

    method: that made it. reference: the naive method that it was compared with, and that is taken when none is better.
    """

    name: tuple[Any, ...]
    periods: tuple[Any, ...]
    points: tuple[float, ...]
    low: tuple[float, ...] | None
    high: tuple[float, ...] | None
    method: str
    reference: str
    backtest: Backtest | None
    notes: tuple[str, ...] = ()


def make_forecast(series: Series, horizon: int, level: int, forecasters: Sequence[Forecaster] = SIMPLE) -> Forecast:
    """Continue a series for `horizon` periods, by the method of least backtest error.

    The reference is seasonal naive where the past shows seasons, else naive. level: percent of cases that the band is to hold.
    Raises `InsufficientData` when the past does not bear it.
    """
    refuse_too_little(series, horizon)
    values, season = series.values, season_in(series)
    reference: Forecaster = SeasonalNaive() if season > 1 else Naive()
    errors = {reference: errors_of(reference, values, horizon, season)}
    errors |= {f: errors_of(f, values, horizon, season) for f in forecasters if f.name != reference.name}
    chosen = min(errors, key=lambda f: _mae(errors[f])) if len(errors[reference]) else reference  # the first of equals: the reference
    points = chosen.points(values, horizon, season)
    low, high, notes = _band(points, errors[chosen], level, values)
    if chosen is reference and len(errors[reference]) and len(errors) > 1:
        notes = (f"no method was better than {reference.name} in the backtest", *notes)
    return Forecast(
        name=series.name,
        periods=series.next(horizon),
        points=_clipped(points, values),
        low=low,
        high=high,
        method=chosen.name,
        reference=reference.name,
        backtest=_backtest(errors[chosen], errors[reference], scale_of(values, season)),
        notes=notes,
    )


def _mae(errors_WH: np.ndarray) -> float:
    return float(np.abs(errors_WH).mean())


def _backtest(errors_WH: np.ndarray, reference_WH: np.ndarray, scale: float) -> Backtest | None:
    if not len(errors_WH):
        return None
    mae, naive = _mae(errors_WH), _mae(reference_WH)
    return Backtest(len(errors_WH), mae, mae / scale if scale else None, mae / naive if naive else None)


def _band(points: np.ndarray, errors_WH: np.ndarray, level: int, values: np.ndarray) -> tuple[Any, Any, tuple[str, ...]]:
    half = half_widths(errors_WH, level)
    if half is None:
        text = f"too little history for a range of {level}%: it needs {windows_for(level)} backtest windows, and there are {len(errors_WH)}"
        return None, None, (text,)
    return _clipped(points - half, values), _clipped(points + half, values), ()


def _clipped(points: np.ndarray, values: np.ndarray) -> tuple[float, ...]:
    """What was never negative is not forecast to be."""
    return tuple(map(float, np.maximum(points, 0.0) if values.min() >= 0 else points))
