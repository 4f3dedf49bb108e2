"""What rows promise, and which rows break it."""

from datetime import date
from decimal import Decimal

import pytest

from microgt.engine.result import ResultTable
from microgt.products.contract import Between, Fresh, Rows, contract_of

TODAY = date(2024, 3, 1)
TABLE = ResultTable(("day", "region", "sales"), ((date(2024, 2, 1), "n", 2), (date(2024, 2, 2), None, 3)))
CONTRACT = contract_of(TABLE, ("day", "region"), (Between(column="sales", min=0), Fresh(column="day", max_days=30)))


def rows(*found, columns=TABLE.columns):
    return ResultTable(columns, found)


@pytest.mark.parametrize(
    ("table", "broken"),
    [
        (TABLE, []),
        (rows((date(2024, 2, 9), None, Decimal("0.5"))), ["sales is number, and integer was promised"]),
        (rows(), ["0 rows, and at least 1 are wanted", "day has no date"]),
        (rows((date(2024, 2, 9), "n", -1)), ["-1 of sales is not between 0.0 and None"]),
        (rows((date(2023, 2, 9), "n", 1)), ["the newest date of day is 2023-02-09, 386 days old: at most 30 are wanted"]),
        (
            rows((date(2024, 2, 9), "n", 1), (date(2024, 2, 9), "n", 2)),
            ["2024-02-09, n stands in 2 rows, and day, region is to tell them apart"],
        ),
        (rows((1,), columns=("n",)), ["its columns are n, and day, region, sales were promised"]),
    ],
)
def test_what_breaks_a_contract(table, broken):
    assert CONTRACT.broken_by(table, TODAY) == broken


def test_rows_that_are_wanted_replace_the_default():
    contract = contract_of(TABLE, (), (Rows(min=5, max=9),))
    assert [check for check in contract.checks if isinstance(check, Rows)] == [Rows(min=5, max=9)]
