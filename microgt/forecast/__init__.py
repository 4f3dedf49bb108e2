"""Forecasts, beside the model and never in it: a regular series of complete periods in, points with a measured error and a band out."""

from microgt.forecast.forecaster import Forecaster
from microgt.forecast.make import Backtest, Forecast, make_forecast
from microgt.forecast.methods import Drift, Median, Naive, SeasonalDrift, SeasonalNaive
from microgt.forecast.series import Series, season_of

__all__ = [
    "Backtest",
    "Drift",
    "Forecast",
    "Forecaster",
    "Median",
    "Naive",
    "SeasonalDrift",
    "SeasonalNaive",
    "Series",
    "make_forecast",
    "season_of",
]
