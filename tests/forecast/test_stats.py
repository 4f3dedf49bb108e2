"""Models of statsforecast as methods: what is done where one cannot be fitted, and without the package."""

import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from microgt.forecast import stats
from microgt.forecast.make import SIMPLE

VALUES = np.array([3.0, 1, 2, 4, 2, 3, 5, 3, 4, 6, 4, 5])


class Model:
    """Continues by its season, and fails as those of statsforecast do."""

    def __init__(self, season, worst):
        self.season, self.worst = season, worst

    def forecast(self, y, h):
        if self.season >= self.worst:
            if self.season > 1:
                raise ValueError("no model able to be fitted")
            return {"mean": np.full(h, np.nan)}
        return {"mean": np.full(h, 10.0 * self.season)}


@pytest.mark.parametrize(("worst", "points"), [(9, [30, 30]), (3, [10, 10]), (1, [6, 4])])
def test_where_a_model_fails_it_goes_without_its_season_then_by_seasonal_naive(monkeypatch, worst, points):
    module = ModuleType("statsforecast")
    module.models = SimpleNamespace()
    monkeypatch.setitem(sys.modules, "statsforecast", module)
    method = stats.Stats("made up", lambda _, season: Model(season, worst))
    assert method.points(VALUES, 2, 3).tolist() == points


def test_without_the_package_there_are_the_simple_methods(monkeypatch):
    monkeypatch.setattr(stats, "installed", lambda: False)
    assert stats.forecasters() is SIMPLE


def test_its_models_continue_short_and_seasonal_series():
    pytest.importorskip("statsforecast", reason="the extra `forecast` is not installed")
    best = stats.forecasters()[0]
    assert best.name == "median of ETS, Theta, ARIMA"
    year = 20 + 5 * np.sin(np.arange(48) * np.pi / 6)
    assert best.points(year, 3, 12) == pytest.approx(year[:3], abs=0.5)
    for length in (8, 9, 13):
        found = best.points(year[:length], 2, 12)
        assert np.isfinite(found).all()
        assert found.tolist() == best.points(year[:length], 2, 12).tolist()
