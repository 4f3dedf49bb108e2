"""Pairs of results with the verdict that a careful person gives, and the reason."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest

from microgt.engine.result import ResultTable
from microgt.evaluation.comparator import Difference, compare, judge

NAN, INF = float("nan"), float("inf")


def table(*rows, columns=None):
    width = len(rows[0]) if rows else 1
    return ResultTable(tuple(columns or [f"c{i}" for i in range(width)]), tuple(rows), False)


def one(cell):
    return table((cell,))


EQUAL = {
    "the same": (table((1, "a"), (2, "b")), table((1, "a"), (2, "b"))),
    "rows in another order": (table((1, "a"), (2, "b")), table((2, "b"), (1, "a"))),
    "columns permuted": (table((1, "a"), (2, "b")), table(("a", 1), ("b", 2))),
    "columns and rows permuted": (table((1, "a", 9), (2, "b", 8)), table((8, "b", 2), (9, "a", 1))),
    "column names do not matter": (table((1,), columns=["n"]), table((1,), columns=["count_star()"])),
    "names mislead, values decide": (table((1, 2), columns=["a", "b"]), table((2, 1), columns=["a", "b"])),
    "duplicates kept": (table((1,), (1,), (2,)), table((2,), (1,), (1,))),
    "sum of floats": (one(0.1 + 0.2), one(0.3)),
    "float and integer": (one(3.0), one(3)),
    "decimal and float": (one(Decimal("12.50")), one(12.5)),
    "decimal and integer": (one(Decimal("7.00")), one(7)),
    "large sums": (one(1e12), one(1e12 + 1e5)),
    "nearly zero": (one(0.0), one(1e-10)),
    "negative zero": (one(-0.0), one(0)),
    "NULL and NULL": (table((None, 1)), table((None, 1))),
    "NaN and NaN": (one(NAN), one(NAN)),
    "infinite": (one(INF), one(INF)),
    "date and midnight": (one(date(2024, 2, 1)), one(datetime(2024, 2, 1))),
    "two zones": (one(datetime(2024, 1, 1, 12, tzinfo=UTC)), one(datetime(2024, 1, 1, 14, tzinfo=timezone(timedelta(hours=2))))),
    "composed and decomposed": (one("café"), one("cafe\u0301")),
    "all rows equal": (table((0, 0), (0, 0)), table((0, 0), (0, 0))),
    "empty": (table(columns=["a", "b"]), table(columns=["x", "y"])),
    "lists": (one([1, 2]), one([1, 2])),
    "close numbers sorted differently in two columns": (
        table((1.0, 5.0), (1.0 + 1e-9, 3.0)),
        table((1.0 + 1e-9, 5.0), (1.0, 3.0)),
    ),
    "twin columns": (table((1, 1, 2), (3, 3, 4)), table((2, 1, 1), (4, 3, 3))),
}

DIFFERENT = {
    "one row more": (table((1,), (1,)), table((1,)), Difference.ROWS),
    "duplicate lost": (table((1,), (1,), (2,)), table((1,), (2,), (2,)), Difference.VALUES),
    "a column more": (table((1, "a")), table((1, "a", 5)), Difference.COLUMNS),
    "a column less": (table((1, "a")), table((1,)), Difference.COLUMNS),
    "rows scrambled": (table((1, "a"), (2, "b")), table((1, "b"), (2, "a")), Difference.VALUES),
    "rows scrambled, every pair of columns right somewhere": (
        table((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)),
        table((1, 1, 1), (1, 0, 0), (0, 1, 0), (0, 0, 1)),
        Difference.VALUES,
    ),
    "columns within a row swapped": (table((1, 2), (3, 4)), table((1, 2), (4, 3)), Difference.VALUES),
    "NULL and zero": (one(None), one(0), Difference.VALUES),
    "NULL and empty text": (one(None), one(""), Difference.VALUES),
    "NULL and NaN": (one(None), one(NAN), Difference.VALUES),
    "NaN and zero": (one(NAN), one(0.0), Difference.VALUES),
    "NULL and the word": (one(None), one("NULL"), Difference.VALUES),
    "small numbers": (one(0.005), one(0.009), Difference.VALUES),
    "rounded": (one(3.14159), one(3.14), Difference.VALUES),
    "percent and fraction": (one(0.25), one(25.0), Difference.VALUES),
    "just outside the tolerance": (one(1.0), one(1.0 + 1.1e-6), Difference.VALUES),
    "neighbouring large ids": (one(10_000_001), one(10_000_002), Difference.VALUES),
    "true and one": (one(True), one(1), Difference.VALUES),
    "false and zero": (one(False), one(0), Difference.VALUES),
    "false and NULL": (one(False), one(None), Difference.VALUES),
    "number and its text": (one(7), one("7"), Difference.VALUES),
    "true and its text": (one(True), one("true"), Difference.VALUES),
    "date and its text": (one(date(2024, 2, 1)), one("2024-02-01"), Difference.VALUES),
    "date and noon": (one(date(2024, 2, 1)), one(datetime(2024, 2, 1, 12)), Difference.VALUES),
    "year and new year": (one(2024), one(date(2024, 1, 1)), Difference.VALUES),
    "time and its text": (one(time(9)), one("09:00:00"), Difference.VALUES),
    "case": (one("Boston"), one("boston"), Difference.VALUES),
    "trailing blank": (one("Boston"), one("Boston "), Difference.VALUES),
    "infinite with another sign": (one(INF), one(-INF), Difference.VALUES),
    "infinite and large": (one(INF), one(1e308), Difference.VALUES),
    "another sign": (one(5), one(-5), Difference.VALUES),
    "empty and a row": (table(columns=["a"]), table((1,)), Difference.ROWS),
    "empty and a row of NULL": (table(columns=["a"]), one(None), Difference.ROWS),
    "empty with another number of columns": (table(columns=["a", "b"]), table(columns=["a"]), Difference.COLUMNS),
    "lists in another order": (one([1, 2]), one([2, 1]), Difference.VALUES),
    "ends of a chain of close numbers": (
        table((1.0,), (1.0,), (1.0 + 0.9e-6,), (1.0 + 1.8e-6,)),
        table((1.0,), (1.0 + 0.9e-6,), (1.0 + 1.8e-6,), (1.0 + 1.8e-6,)),
        None,  # close in pairs: 1 with 1, 1 with 1+0.9e-6, and so on
    ),
    "beyond a chain of close numbers": (
        table((1.0,), (1.0,), (1.0 + 0.9e-6,), (1.0 + 1.8e-6,)),
        table((1.0,), (1.0 + 1.8e-6,), (1.0 + 1.8e-6,), (1.0 + 1.8e-6,)),
        Difference.VALUES,
    ),
}


@pytest.mark.parametrize("name", EQUAL)
def test_equal(name):
    gold, predicted = EQUAL[name]
    assert judge(gold, predicted).why is None
    assert compare(predicted, gold)


@pytest.mark.parametrize("name", DIFFERENT)
def test_different(name):
    gold, predicted, why = DIFFERENT[name]
    assert judge(gold, predicted).why == why
    assert judge(predicted, gold).why == why


ORDERED = {
    "the order asked for": (table((3,), (2,), (1,)), table((3,), (2,), (1,)), (0,), None),
    "another order": (table((3,), (2,), (1,)), table((1,), (2,), (3,)), (0,), Difference.ORDER),
    "order of rows that tie": (table(("a", 5), ("b", 5), ("c", 1)), table(("b", 5), ("a", 5), ("c", 1)), (1,), None),
    "order of rows that tie on the first key only": (table(("a", 5), ("b", 5)), table(("b", 5), ("a", 5)), (1, 0), Difference.ORDER),
    "a row across blocks": (table(("a", 5), ("b", 5), ("c", 1)), table(("a", 5), ("c", 1), ("b", 5)), (1,), Difference.ORDER),
    "ties with columns permuted": (table(("a", 5), ("b", 5), ("c", 1)), table((5, "b"), (5, "a"), (1, "c")), (1,), None),
    "ties up to rounding": (table(("a", 0.3), ("b", 0.1 + 0.2)), table(("b", 0.3), ("a", 0.3)), (1,), None),
    "NULLs tie": (table(("a", None), ("b", None)), table(("b", None), ("a", None)), (1,), None),
    "no order asked for": (table((3,), (2,)), table((2,), (3,)), None, None),
    "other values in order": (table((3,), (2,)), table((3,), (1,)), (0,), Difference.VALUES),
}


@pytest.mark.parametrize("name", ORDERED)
def test_order(name):
    gold, predicted, keys, why = ORDERED[name]
    assert judge(gold, predicted, keys).why == why


UNCUT = table(("a", 9), ("b", 5), ("c", 5), ("d", 5), ("e", 1))


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([("a", 9), ("b", 5)], None),
        ([("a", 9), ("d", 5)], None),
        ([("b", 5), ("a", 9)], Difference.ORDER),
        ([("d", 5), ("a", 9)], Difference.VALUES),
        ([("b", 5), ("c", 5)], Difference.VALUES),
        ([("a", 9), ("e", 1)], Difference.VALUES),
        ([("a", 9), ("b", 9)], Difference.VALUES),
        ([("a", 9)], Difference.ROWS),
    ],
)
def test_any_choice_among_the_ties_at_the_cut(rows, why):
    """The first two of five, where three tie for the second place."""
    assert judge(UNCUT, table(*rows), (1,), window=(0, 2)).why == why


def test_a_choice_may_not_repeat_a_row():
    assert judge(UNCUT, table(("b", 5), ("b", 5)), (1,), window=(1, 3)).why == Difference.VALUES
    assert judge(UNCUT, table(("d", 5), ("b", 5)), (1,), window=(1, 3)).equal


def test_a_key_that_is_no_output():
    uncut = table(("a", 9), ("b", 5), ("c", 5))
    assert judge(uncut, table(("a",), ("c",)), (-1,), width=1, window=(0, 2)).equal
    assert not judge(uncut, table(("c",), ("a",)), (-1,), width=1, window=(0, 2)).equal


def test_many_columns_of_two_values_end_soon():
    """Where permutations alone would be 12! tries."""
    rows = [tuple((i >> j) & 1 for j in range(12)) for i in range(0, 4096, 7)]
    turned = [tuple(reversed(row)) for row in reversed(rows)]
    assert compare(table(*rows), table(*turned))
    broken = [*turned[:-1], tuple(1 - cell for cell in turned[-1])]
    assert not compare(table(*rows), table(*broken))


def test_more_than_forty_pairs():
    assert len(EQUAL) + len(DIFFERENT) + len(ORDERED) >= 60
