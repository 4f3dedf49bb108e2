"""What continues a series."""

from __future__ import annotations

from typing import Protocol

import numpy as np


class Forecaster(Protocol):
    """Any method: `microgt.forecast.methods` has those of numpy, `microgt.forecast.stats` those of statsforecast."""

    @property
    def name(self) -> str:
        """As people read it."""
        ...

    def points(self, values_N: np.ndarray, horizon: int, season: int) -> np.ndarray:
        """The next `horizon` values after `values_N` (finite, at least one). season: periods after which the series repeats itself; 1 when
        it is not known to. The same input gives the same output."""
        ...
