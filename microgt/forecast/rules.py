"""What a series must have before it is continued. Each rule refuses with what is missing."""

from __future__ import annotations

import numpy as np

from microgt.errors import InsufficientData
from microgt.forecast.series import Series, season_of

MIN_PERIODS = 8  # AutoETS failed on 6 and less
MIN_SEASONAL = 24
MIN_DISTINCT = 5
MOST_ZEROS = 0.5
LONGEST = 3  # a horizon is at most the n-th part of the past


def refuse_too_little(series: Series, horizon: int) -> None:
    """Raises `InsufficientData` when the past does not bear the forecast."""
    refuse_too_short(series, horizon)
    distinct = len(np.unique(series.values))
    if distinct < MIN_DISTINCT:
        raise InsufficientData(f"it has {distinct} different values in {len(series)} {series.unit}s, and {MIN_DISTINCT} are needed")


def refuse_too_short(series: Series, horizon: int) -> None:
    """As `refuse_too_little`, by the periods alone: as many rows a month as ever are no reason against a forecast of what is in them."""
    n, unit = len(series), series.unit
    if n < MIN_PERIODS:
        raise InsufficientData(f"it needs {MIN_PERIODS} complete {unit}s, and there are {n}: {MIN_PERIODS - n} are missing")
    if horizon > n // LONGEST:
        missing = horizon * LONGEST - n
        raise InsufficientData(
            f"{horizon} {unit}s ahead need {horizon * LONGEST} complete {unit}s, and there are {n}: {missing} are missing; "
            f"at most {n // LONGEST} ahead can be forecast"
        )
    zeros = int((series.values == 0).sum())
    if zeros >= MOST_ZEROS * n:
        raise InsufficientData(f"{zeros} of its {n} {unit}s are zero: too few {unit}s have a value; longer periods may have")


def seasonal_from(unit: str) -> int:
    """How many periods of a unit show its seasons: two whole ones, and 24."""
    return max(MIN_SEASONAL, 2 * season_of(unit))


def season_in(series: Series) -> int:
    """The season that the past is long enough to show; otherwise 1."""
    return season_of(series.unit) if len(series) >= seasonal_from(series.unit) else 1
