"""A band from the errors of backtests, step by step: split conformal prediction (Vovk et al. 2005; Lei et al. 2018).

The errors of windows that overlap are not exchangeable, so the promise of the theory does not hold exactly: it has to be measured.
"""

from __future__ import annotations

import math

import numpy as np

MIN_WINDOWS = 6


def windows_for(level: int) -> int:
    """The fewest windows whose errors can bound `level` percent of cases."""
    return max(MIN_WINDOWS, math.ceil(level / (100 - level)))


def half_widths(errors_WH: np.ndarray, level: int) -> np.ndarray | None:
    """How far from the forecast the value lies in `level` percent of cases, for each step [H]; never less at a later step.

    None when there are fewer windows than `windows_for`.
    """
    windows = len(errors_WH)
    if windows < windows_for(level):
        return None
    rank = min(math.ceil((windows + 1) * level / 100), windows)
    return np.maximum.accumulate(np.sort(np.abs(errors_WH), axis=0)[rank - 1])
