"""What rows promise, and which rows break it."""

from datetime import date
from decimal import Decimal

import pytest

from microgt.engine.result import ResultTable
from microgt.errors import ConfigError
from microgt.products.contract import Between, Contract, Fresh, NotNull, Rows, contract_of

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


def test_checks_that_somebody_asks_for_are_told_from_those_that_rows_show():
    asked = (NotNull(column="day"), Between(column="sales", min=0))
    contract = contract_of(TABLE, ("day",), asked[:1]).with_checks(asked)
    assert contract.asked == asked
    assert len(contract.checks) == len(set(contract.checks)) == 5  # that no day is missing is shown, and was asked for
    with pytest.raises(ConfigError, match="a check names gone, and the columns are day, region, sales"):
        contract.with_checks((NotNull(column="gone"),))


def test_of_a_contract_that_does_not_say_so_some_kinds_were_asked_for():
    written = contract_of(TABLE, ("day",), (Rows(min=2), Between(column="sales", min=0))).model_dump(exclude={"given", "series"})
    assert Contract.model_validate(written).asked == (Rows(min=2), Between(column="sales", min=0))
    assert Contract.model_validate(contract_of(TABLE, ()).model_dump(exclude={"given"})).asked == ()
