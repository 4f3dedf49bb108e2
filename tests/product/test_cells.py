from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from microgt.engine.result import ResultTable
from microgt.product.cells import days, plain, shown


@pytest.mark.parametrize(
    ("cell", "json"),
    [
        (None, None),
        (True, True),
        (3, 3),
        ("x", "x"),
        (Decimal("1.50"), 1.5),
        (float("nan"), None),
        (float("inf"), None),
        (date(2024, 2, 1), "2024-02-01"),
        (datetime(2024, 2, 1), "2024-02-01T00:00:00"),
        (timedelta(minutes=2), 120.0),
        (b"\x01\xff", "01ff"),
        ([date(2024, 2, 1), None], ["2024-02-01", None]),
        ({1: Decimal(2)}, {"1": 2.0}),
    ],
)
def test_cells_as_json(cell, json):
    assert plain(cell) == json
    assert type(plain(cell)) is type(json)


@pytest.mark.parametrize(
    ("cell", "text"),
    [(None, ""), (True, "yes"), (1234567, "1,234,567"), (1234.0, "1,234"), (1234.567, "1,234.57"), (0.012346, "0.01235"), ("EU", "EU")],
)
def test_cells_for_people(cell, text):
    assert shown(cell) == text


def test_a_column_of_midnights_becomes_days_and_a_mixed_one_stays():
    rows = ((datetime(2024, 1, 1), datetime(2024, 1, 1)), (None, datetime(2024, 1, 1, 12)))
    table = days(ResultTable(("month", "at"), rows, False))
    assert table.rows == ((date(2024, 1, 1), datetime(2024, 1, 1)), (None, datetime(2024, 1, 1, 12)))
