"""What the methods of the core say, by hand."""

import numpy as np
import pytest

from microgt.forecast import Drift, Median, Naive, SeasonalDrift, SeasonalNaive

RISING = np.array([1.0, 2.0, 4.0, 7.0])


@pytest.mark.parametrize(
    ("method", "season", "points"),
    [
        (Naive(), 1, [7, 7, 7]),
        (SeasonalNaive(), 2, [4, 7, 4]),
        (SeasonalNaive(), 3, [2, 4, 7]),
        (SeasonalNaive(), 9, [7, 7, 7]),
        (Drift(), 1, [9, 11, 13]),
        (SeasonalDrift(), 2, [8, 11, 12]),
        (SeasonalDrift(), 1, [9, 11, 13]),
        (SeasonalDrift(), 4, [9, 11, 13]),
        (Median([Naive(), SeasonalNaive(), Drift()]), 2, [7, 7, 7]),
        (Median([SeasonalNaive(), Drift()]), 2, [6.5, 9, 8.5]),
    ],
)
def test_points(method, season, points):
    assert method.points(RISING, 3, season).tolist() == points


def test_one_value_is_continued():
    for method in (Naive(), SeasonalNaive(), Drift(), SeasonalDrift()):
        assert method.points(np.array([3.0]), 2, 4).tolist() == [3, 3]


def test_a_median_names_its_members():
    assert Median([Naive(), Drift()]).name == "median of naive, drift"
