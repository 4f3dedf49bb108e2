"""Small random helpers of the generated databases: skewed choices, dates with seasons, NULLs, names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

FIRST = (
    "Alice", "Bruno", "Carla", "Daniel", "Elena", "Farid", "Grace", "Hugo", "Irene", "Jonas", "Karin", "Liam", "Maya", "Nadia", "Oscar",
    "Priya", "Quentin", "Rosa", "Samuel", "Tara", "Umar", "Vera", "Walter", "Xenia", "Yusuf", "Zoe", "Amara", "Bence", "Chloe", "Dmitri",
    "Esther", "Felix", "Giulia", "Hannah", "Ivan", "Julia", "Kenji", "Lucia", "Marco", "Nora",
)  # fmt: skip
LAST = (
    "Abbott", "Berger", "Costa", "Dubois", "Eriksen", "Fischer", "Garcia", "Haddad", "Ivanov", "Jensen", "Kowalski", "Larsen", "Moreau",
    "Novak", "Okafor", "Patel", "Quinn", "Rossi", "Schmidt", "Tanaka", "Ueda", "Vargas", "Weber", "Xu", "Yilmaz", "Zimmer", "Ahmed",
    "Brandt", "Conti", "Diaz", "Evans", "Ferrari", "Gupta", "Hansen", "Ito", "Jankowski", "Keller", "Lopez", "Mancini", "Nguyen",
)  # fmt: skip


def people(rng: np.random.Generator, n: int) -> np.ndarray:
    """n full names, all different while n is at most 1,600."""
    pairs = [f"{first} {last}" for first in FIRST for last in LAST]
    picked = rng.permutation(len(pairs))[:n] if n <= len(pairs) else rng.integers(0, len(pairs), n)
    return np.array(pairs)[picked]


def skewed(rng: np.random.Generator, items: Sequence[Any] | np.ndarray, n: int, power: float = 0.8) -> np.ndarray:
    """n draws in which the k-th item has weight 1 / k^power (items are first shuffled, so that ids say nothing)."""
    order = rng.permutation(len(items))
    weights = (np.arange(len(items)) + 1.0) ** -power
    return np.asarray(items)[order[rng.choice(len(items), n, p=weights / weights.sum())]]


def weighted(rng: np.random.Generator, shares: Mapping[str, float], n: int) -> np.ndarray:
    """n draws of the keys in proportion to their shares."""
    weights = np.array(list(shares.values()))
    return np.array(list(shares))[rng.choice(len(shares), n, p=weights / weights.sum())]


def blanks(rng: np.random.Generator, values: np.ndarray, share: float) -> np.ma.MaskedArray:
    """The values with a share of them NULL."""
    return np.ma.masked_array(values, mask=rng.random(len(values)) < share)


def days(
    rng: np.random.Generator,
    first: str,
    last: str,
    n: int,
    *,
    growth: float = 0.0,
    season: Sequence[float] = (),
    without: str | None = None,
) -> np.ndarray:
    """n sorted days from `first` to `last`. growth: yearly. season: 12 monthly weights. without: a month such as 2024-02 with no day."""
    calendar = np.arange(np.datetime64(first), np.datetime64(last) + 1)
    weight = (1 + growth) ** ((calendar - calendar[0]).astype(int) / 365.25)
    months = calendar.astype("datetime64[M]")
    if season:
        weight = weight * np.asarray(season)[months.astype(int) % 12]
    if without:
        weight = np.where(months == np.datetime64(without), 0.0, weight)
    return np.sort(rng.choice(calendar, n, p=weight / weight.sum()))


def money(values: np.ndarray) -> np.ndarray:
    """Rounded to cents."""
    return np.round(values, 2)
