"""Refusals, the choice of a method by backtest, bands."""

from datetime import date

import numpy as np
import pytest

from microgt.errors import InsufficientData
from microgt.forecast import Drift, Naive, Series, make_forecast
from microgt.forecast.backtest import errors_of, origins
from microgt.forecast.conformal import half_widths


def series(*values, unit="month"):
    return Series(unit, date(2020, 1, 1), np.array(values, dtype=float))


@pytest.mark.parametrize(
    ("values", "horizon", "said"),
    [
        (range(5), 1, "it needs 8 complete months, and there are 5: 3 are missing"),
        (range(12), 5, "5 months ahead need 15 complete months, and there are 12: 3 are missing; at most 4 ahead can be forecast"),
        ([0] * 6 + list(range(6)), 1, "7 of its 12 months are zero: too few months have a value; longer periods may have"),
        ([1, 2] * 6, 1, "it has 2 different values in 12 months, and 5 are needed"),
    ],
)
def test_what_the_past_does_not_bear_is_refused(values, horizon, said):
    with pytest.raises(InsufficientData) as error:
        make_forecast(series(*values), horizon, 80)
    assert str(error.value) == said


def test_a_line_is_continued_by_drift():
    found = make_forecast(series(*range(10, 50)), 3, 80)
    assert (found.method, found.points) == ("drift", (50, 51, 52))
    assert (found.low, found.high) == (found.points, found.points)  # drift was never wrong
    assert found.backtest.mae == found.backtest.against == 0
    assert [str(p) for p in found.periods] == ["2023-05-01", "2023-06-01", "2023-07-01"]


def test_the_reference_is_kept_when_nothing_beats_it():
    year = [5, 1, 9, 2, 8, 3, 7, 4, 6, 0, 11, 10]
    found = make_forecast(series(*year * 3), 4, 80)
    assert (found.method, found.reference, found.points) == ("seasonal naive", "seasonal naive", (5, 1, 9, 2))
    assert found.notes == ("no method was better than seasonal naive in the backtest",)
    assert found.backtest.mase is None  # no change from season to season to measure it by


def test_seasons_need_two_of_them():
    year = [5, 1, 9, 2, 8, 3, 7, 4, 6, 0, 11, 10]
    assert make_forecast(series(*(year * 2)[:23]), 2, 80).reference == "naive"
    assert make_forecast(series(*year * 2), 2, 80).reference == "seasonal naive"


def test_a_band_needs_windows():
    values = np.random.default_rng(0).normal(50, 9, 40)
    found = make_forecast(series(*values[:9], unit="year"), 2, 80)
    assert (found.low, found.high) == (None, None)
    assert found.notes[-1] == "too little history for a range of 80%: it needs 6 backtest windows, and there are 0"
    assert found.backtest is None
    assert make_forecast(series(*values[:30], unit="year"), 2, 95).low is None
    found = make_forecast(series(*values, unit="year"), 2, 95)
    assert all(low < point < high for low, point, high in zip(found.low, found.points, found.high, strict=True))


def test_what_was_never_negative_is_not_forecast_to_be():
    found = make_forecast(series(*range(40, 0, -1)), 9, 80)
    assert found.points[-1] == 0
    assert min(found.low) == 0


def test_windows_do_not_see_what_comes():
    known = origins(40, 3, 12)
    assert (known[0], known[-1]) == (20, 37)
    values = np.arange(40.0)
    changed = values.copy()
    changed[37:] = 1e6
    before, after = errors_of(Drift(), values, 3, 1), errors_of(Drift(), changed, 3, 1)
    assert (before[:-3] == after[:-3]).all()
    assert errors_of(Naive(), values, 3, 1)[0].tolist() == [1, 2, 3]


def test_a_band_is_the_quantile_of_the_errors():
    errors = np.array([[1.0, 5], [-2, 0], [3, -1], [-4, 1], [5, 2], [6, -3], [7, 3], [-8, 4], [9, 0]])
    assert half_widths(errors, 80).tolist() == [8, 8]  # the 8th of 9; a later step is not surer than an earlier one
    assert half_widths(errors, 50).tolist() == [5, 5]
    assert half_widths(errors[:5], 80) is None
