"""The simple methods of Hyndman and Athanasopoulos, Forecasting: Principles and Practice (3rd ed., 5.2), and the median of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from microgt.forecast.forecaster import Forecaster


@dataclass(frozen=True)
class Naive:
    """The last value again."""

    name: str = "naive"

    def points(self, values_N: np.ndarray, horizon: int, season: int) -> np.ndarray:
        """Of shape [horizon]."""
        return np.full(horizon, values_N[-1], dtype=float)


@dataclass(frozen=True)
class SeasonalNaive:
    """The value of one season before; of a series shorter than a season, the last value."""

    name: str = "seasonal naive"

    def points(self, values_N: np.ndarray, horizon: int, season: int) -> np.ndarray:
        """Of shape [horizon]."""
        last = values_N[-season:] if len(values_N) >= season else values_N[-1:]
        return np.resize(last, horizon).astype(float)


@dataclass(frozen=True)
class Drift:
    """The line through the first and the last value."""

    name: str = "drift"

    def points(self, values_N: np.ndarray, horizon: int, season: int) -> np.ndarray:
        """Of shape [horizon]."""
        slope = (values_N[-1] - values_N[0]) / max(len(values_N) - 1, 1)
        return values_N[-1] + slope * np.arange(1, horizon + 1)


@dataclass(frozen=True)
class SeasonalDrift:
    """The season before, and the mean change from one season to the next; of a series no longer than a season, drift."""

    name: str = "seasonal drift"

    def points(self, values_N: np.ndarray, horizon: int, season: int) -> np.ndarray:
        """Of shape [horizon]."""
        if len(values_N) <= season:
            return Drift().points(values_N, horizon, season)
        change = (values_N[season:] - values_N[:-season]).mean()
        return np.resize(values_N[-season:], horizon) + change * (np.arange(horizon) // season + 1)


class Median:
    """The median of several methods, period by period: one that goes astray does not take the others with it."""

    def __init__(self, members: Sequence[Forecaster]):
        self.members = tuple(members)

    @property
    def name(self) -> str:
        """Of the members."""
        return f"median of {', '.join(member.name for member in self.members)}"

    def points(self, values_N: np.ndarray, horizon: int, season: int) -> np.ndarray:
        """Of shape [horizon]."""
        return np.median([member.points(values_N, horizon, season) for member in self.members], axis=0)
