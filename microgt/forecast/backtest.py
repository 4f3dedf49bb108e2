"""Forecasts made from earlier ends of a series, compared with what came (rolling origin; Tashman 2000)."""

from __future__ import annotations

import numpy as np

from microgt.forecast.forecaster import Forecaster
from microgt.forecast.rules import MIN_PERIODS

MOST_WINDOWS = 24  # a model is fitted in each


def origins(length: int, horizon: int, season: int) -> np.ndarray:
    """How many values are known in each window [W]: at least half of the series and a season, and `horizon` values come after."""
    first = max(MIN_PERIODS, length // 2, season)
    last = length - horizon
    if last < first:
        return np.zeros(0, dtype=int)
    return np.unique(np.linspace(first, last, min(MOST_WINDOWS, last - first + 1)).round().astype(int))


def errors_of(forecaster: Forecaster, values_N: np.ndarray, horizon: int, season: int) -> np.ndarray:
    """What came minus what was forecast, [W, H]."""
    known = origins(len(values_N), horizon, season)
    found = [values_N[n : n + horizon] - forecaster.points(values_N[:n], horizon, season) for n in known]
    return np.array(found).reshape(len(known), horizon)


def scale_of(values_N: np.ndarray, season: int) -> float:
    """The mean absolute change from one season to the next: the denominator of MASE (Hyndman and Koehler 2006)."""
    return float(np.abs(values_N[season:] - values_N[:-season]).mean())
