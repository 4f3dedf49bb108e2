"""Methods of statsforecast (extra `forecast`): exponential smoothing, Theta, ARIMA. Imported when they are first asked for."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from microgt.forecast.forecaster import Forecaster
from microgt.forecast.make import SIMPLE
from microgt.forecast.methods import Median, SeasonalNaive


@dataclass(frozen=True)
class Stats:
    """make: a model of `statsforecast.models`, given that module and the season."""

    name: str
    make: Callable[[Any, int], Any]

    def points(self, values_N: np.ndarray, horizon: int, season: int) -> np.ndarray:
        """Of shape [horizon]. Where the model cannot be fitted with its season, without; where not at all, seasonal naive."""
        for length in dict.fromkeys((season, 1)):
            found = self._fitted(np.ascontiguousarray(values_N, dtype=float), horizon, length)
            if found is not None:
                return found
        return SeasonalNaive().points(values_N, horizon, season)

    def _fitted(self, values_N: np.ndarray, horizon: int, season: int) -> np.ndarray | None:
        from statsforecast import models  # pyright: ignore[reportMissingImports]

        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                found = np.asarray(self.make(models, season).forecast(y=values_N, h=horizon)["mean"], dtype=float)
        except Exception:  # a short or constant series: each model fails in a way of its own
            return None
        return found if np.isfinite(found).all() else None


def _ets(models: Any, season: int) -> Any:
    return models.AutoETS(season_length=season)


def _theta(models: Any, season: int) -> Any:
    return models.Theta(season_length=season)


def _arima(models: Any, season: int) -> Any:
    """The airline model of Box and Jenkins: a search for orders takes ten times as long, and would be made in each backtest."""
    return models.ARIMA(order=(0, 1, 1), season_length=season, seasonal_order=(0, 1, 1) if season > 1 else (0, 0, 0))


def installed() -> bool:
    """Is statsforecast there?"""
    return importlib.util.find_spec("statsforecast") is not None


def forecasters() -> Sequence[Forecaster]:
    """What there is to choose from: the simple methods, and with statsforecast the median of its three."""
    if not installed():
        return SIMPLE
    return (Median([Stats("ETS", _ets), Stats("Theta", _theta), Stats("ARIMA", _arima)]), *SIMPLE)
