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
        (2**53 - 1, 9007199254740991),
        (2**53 + 1, "9007199254740993"),
        (-(2**63), "-9223372036854775808"),
        ([2**53 + 1], ["9007199254740993"]),
        (Decimal("12345678901234567.89"), "12345678901234567.89"),
        (Decimal("99999999999999.99"), "99999999999999.99"),
        (Decimal("1234567890123.45"), 1234567890123.45),
        (Decimal("1E+20"), 1e20),
        (Decimal("NaN"), None),
    ],
)
def test_cells_as_json(cell, json):
    assert plain(cell) == json
    assert type(plain(cell)) is type(json)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (True, "yes"),
        (1234567, "1,234,567"),
        (1234.0, "1,234"),
        (1234.567, "1,234.57"),
        (0.012346, "0.01235"),
        ("EU", "EU"),
        (9007199254740993, "9,007,199,254,740,993"),
        (Decimal("12345678901234567.89"), "12,345,678,901,234,567.89"),
        (Decimal("99999999999999.99"), "99,999,999,999,999.99"),
        (Decimal("-12345678901234567890123456789012345.678"), "-12,345,678,901,234,567,890,123,456,789,012,345.68"),
        (Decimal("12345678901234567890.00"), "12,345,678,901,234,567,890"),
        (Decimal("0.5000"), "0.5"),
        (Decimal("0.00"), "0"),
        (Decimal("NaN"), "nan"),
        (float("inf"), "inf"),
    ],
)
def test_cells_for_people(cell, text):
    assert shown(cell) == text


@pytest.mark.parametrize(
    ("cell", "how", "text"),
    [
        (9007199254740993, "label", "9007199254740993"),
        (Decimal("9007199254740993"), "label", "9007199254740993"),
        (Decimal("0.1234"), "share", "12.3%"),
    ],
)
def test_labels_and_shares_keep_their_digits(cell, how, text):
    assert shown(cell, how) == text


def test_a_column_of_midnights_becomes_days_and_a_mixed_one_stays():
    rows = ((datetime(2024, 1, 1), datetime(2024, 1, 1)), (None, datetime(2024, 1, 1, 12)))
    table = days(ResultTable(("month", "at"), rows, False))
    assert table.rows == ((date(2024, 1, 1), datetime(2024, 1, 1)), (None, datetime(2024, 1, 1, 12)))
