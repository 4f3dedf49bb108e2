"""The smallest difference between two runs that a set of questions can show."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

ALPHA = 0.05  # two-sided
POWER = 0.8
DISCORDANCE = 0.1  # where it is not known
_STEPS = 12  # halvings of the bracket: 1/4096 of it


@lru_cache(maxsize=4096)
def detectable(n: int, discordance: float = DISCORDANCE, power: float = POWER) -> float | None:
    """The smallest gain in accuracy that `mcnemar` over n questions finds at 5%, two-sided, with this power; None when it finds none.

    discordance: the share of questions that only one of the two runs answers right; a gain above it makes it as large as the gain.
    With power 0.5 this comes near 1.96 sqrt(discordance / n), the gain that is just significant when it is observed.

    The power is exact and unconditional: S. W. Duffy, Biometrics 40, 1984. It comes near the normal approximation of R. J. Connor,
    Biometrics 43, 1987: sqrt(n) gain = z(0.975) sqrt(d) + z(power) sqrt(d - gain^2). Questions count as independent of each other;
    where those of one database stand or fall together, less is found.
    """
    if mcnemar_power(n, 1.0, 1.0) < power:
        return None
    low, high = 0.0, 1.0
    if discordance and mcnemar_power(n, discordance, discordance) >= power:
        high = discordance
    step = high / 2**_STEPS
    while high - low > step:
        middle = (low + high) / 2
        if mcnemar_power(n, max(discordance, middle), middle) >= power:
            high = middle
        else:
            low = middle
    return high


def mcnemar_power(n: int, discordance: float, gain: float) -> float:
    """How often the exact two-sided test at 5% finds that the second run is better.

    Of n questions a share `discordance` (above 0) is right in one run only, more often in the second: by `gain` of n.
    """
    middle, spread = n * discordance, 6 * (n * discordance * (1 - discordance)) ** 0.5
    counts = range(max(0, int(middle - spread)), min(n, int(middle + spread) + 1) + 1)
    lost = (discordance - gain) / (2 * discordance)
    found = [_binomial(m, lost)[: _worst(m) + 1].sum() for m in counts]
    return float(_binomial(n, discordance)[counts.start : counts.stop] @ np.array(found))


@lru_cache(maxsize=65536)
def _worst(m: int) -> int:
    """The most losses among m discordant questions that are still significant; -1 when none are."""
    tails = np.cumsum(_binomial(m, 0.5)[: m // 2 + 1])
    return int(np.searchsorted(2 * tails, ALPHA)) - 1


def _binomial(m: int, p: float) -> NDArray[np.float64]:
    """The probabilities of 0 to m successes."""
    k = np.arange(m + 1)
    if p <= 0 or p >= 1:
        return (k == (0 if p <= 0 else m)).astype(np.float64)
    logs = _log_factorials(1 << m.bit_length())
    return np.exp(logs[m] - logs[: m + 1] - logs[m::-1] + k * np.log(p) + (m - k) * np.log1p(-p))


@lru_cache(maxsize=32)
def _log_factorials(most: int) -> NDArray[np.float64]:
    """The logarithms of 0! to most!."""
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, most + 1)))])
