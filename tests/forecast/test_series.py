"""Regular series: no period is left out, and none is made up unless something stands for it."""

from datetime import date, datetime

import pytest

from microgt.errors import InsufficientData
from microgt.forecast import Series
from microgt.forecast.series import as_period


@pytest.mark.parametrize(
    ("unit", "first", "following"),
    [
        ("year", date(2022, 1, 1), [date(2024, 1, 1), date(2025, 1, 1)]),
        ("quarter", date(2023, 7, 1), [date(2024, 1, 1), date(2024, 4, 1)]),
        ("month", date(2023, 12, 1), [date(2024, 2, 1), date(2024, 3, 1)]),
        ("week", date(2024, 2, 19), [date(2024, 3, 4), date(2024, 3, 11)]),
        ("day", date(2024, 2, 27), [date(2024, 2, 29), date(2024, 3, 1)]),
        ("hour", datetime(2024, 2, 28, 22), [datetime(2024, 2, 29), datetime(2024, 2, 29, 1)]),
    ],
)
def test_the_next_periods(unit, first, following):
    last = Series(unit, first, [0, 0]).next(0)
    assert last == ()
    assert list(Series(unit, first, [0, 0]).next(2)) == following


MARCH = {date(2024, 1, 1): 5, date(2024, 3, 1): 7}


def test_a_gap_is_filled_or_refused():
    series = Series.regular(MARCH, "month", first=date(2024, 1, 1), last=date(2024, 4, 1), fill=0.0)
    assert series.values.tolist() == [5, 0, 7, 0]
    with pytest.raises(InsufficientData) as error:
        Series.regular(MARCH, "month", first=date(2023, 12, 1), last=date(2024, 5, 1), fill=None)
    assert str(error.value) == "4 of 6 months have no value (2023-12-01, 2024-02-01, 2024-04-01, ...), and a forecast needs all of them"


def test_what_is_no_number_is_refused():
    with pytest.raises(InsufficientData, match="infinite or no number"):
        Series.regular({date(2024, 1, 1): float("inf")}, "month", first=date(2024, 1, 1), last=date(2024, 1, 1), fill=0.0)


def test_a_month_may_come_as_a_moment():
    assert as_period(datetime(2024, 3, 1), "month") == date(2024, 3, 1)
    assert as_period(datetime(2024, 3, 1, 5), "hour") == datetime(2024, 3, 1, 5)
    assert as_period(None, "month") is None
