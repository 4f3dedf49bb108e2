"""What the comparator is given by hand; most pairs of results are in `tests/fixtures/comparator`, as queries."""

import random
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest

from microgt.engine.result import ResultTable
from microgt.evaluation import comparator
from microgt.evaluation.comparator import Difference, compare, judge, same_sequence
from microgt.evaluation.matching import Budget


def table(*rows, columns=None):
    width = len(rows[0]) if rows else 1
    return ResultTable(tuple(columns or [f"c{i}" for i in range(width)]), tuple(rows), False)


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        (datetime(2024, 1, 1, 12, tzinfo=UTC), datetime(2024, 1, 1, 14, tzinfo=timezone(timedelta(hours=2))), True),
        (datetime(2024, 1, 1, 12, tzinfo=UTC), datetime(2024, 1, 1, 12, tzinfo=timezone(timedelta(hours=2))), False),
        (datetime(2024, 1, 1, 12, tzinfo=UTC), datetime(2024, 1, 1, 12), True),
        (datetime.max, datetime.max.replace(tzinfo=timezone(timedelta(hours=-14))), False),
        (date.min, datetime.min, True),
        (time(9), time(9), True),
        (time(9), "09:00:00", False),
        (timedelta(days=1), timedelta(hours=24), True),
        (timedelta(days=1), date(1970, 1, 2), False),
        ([1, 2], [1, 2], True),
        ([1, 2], [2, 1], False),
        ({"a": 1}, {"a": 1}, True),
        (b"\x00\xff", b"\x00\xff", True),
        (UUID(int=1), UUID(int=1), True),
        (UUID(int=1), UUID(int=2), False),
        (float("nan"), Decimal("NaN"), True),
        (10**400, 10**400, True),
        (10**400, 10**400 + 1, False),
        (10**400, float("inf"), False),
        (True, 1.0, False),
        (True, Decimal(1), False),
        ("\ud800", "\ud800", True),
    ],
)
def test_one_cell(a, b, equal):
    assert compare(table((a,)), table((b,))) is equal
    assert compare(table((b,)), table((a,))) is equal
    assert compare(table((a, "x"), (None, "y")), table(("y", None), ("x", b))) is equal


def test_cells_of_several_types_in_one_column():
    gold = table((1, "a"), (True, "b"), ("1", "c"), (1.0000001, "d"), (None, "e"), (Decimal(1), "f"), ([1], "g"))
    assert compare(gold, table(*reversed(gold.rows)))
    assert not compare(gold, table((True, "a"), (1, "b"), *gold.rows[2:]))
    assert not compare(gold, table((1, "a"), (True, "b"), (1, "c"), ("1", "d"), *gold.rows[4:]))


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


def test_the_same_sequence():
    assert same_sequence(table((1, "a"), (2, "b")), table(("a", 1), ("b", 2)))
    assert not same_sequence(table((1, "a"), (2, "b")), table((2, "b"), (1, "a")))
    assert not same_sequence(table((1,), (2,)), table((1,)))
    assert same_sequence(table(columns=["a"]), table(columns=["b"]))


def test_a_result_of_very_many_columns():
    rows = [tuple(range(i, 1100 + i)) for i in range(3)]
    assert compare(table(*rows), table(*(row[::-1] for row in rows)))
    assert compare(table((7,) * 1100), table((7,) * 1100, columns=["x"] * 1100))
    assert not compare(table(*rows), table(*(row[::-1] for row in rows[:2]), (*rows[2][:0:-1], 9)))


def incidence(*rings):
    """The edges of rings of nodes, one row each."""
    size, rows = sum(rings), []
    for ring in rings:
        first = len(rows)
        rows += [tuple(int(node in (first + i, first + (i + 1) % ring)) for node in range(size)) for i in range(ring)]
    return rows


def test_columns_that_only_the_whole_tells_apart():
    """All columns hold two ones and all rows do: the search has to try, and what it tried must tell the others apart."""
    ring, chance = incidence(30), random.Random(0)
    turned = chance.sample(range(30), 30)
    assert compare(table(*ring), table(*(tuple(row[i] for i in turned) for row in chance.sample(ring, 30))))
    assert judge(table(*ring), table(*incidence(15, 15))).why == Difference.VALUES
    assert judge(table(*incidence(12, 18)), table(*incidence(15, 15))).why == Difference.VALUES


def test_a_search_that_is_given_up(monkeypatch):
    """Counted as different, and said so."""
    pair = table(*incidence(40)), table(*incidence(20, 20))
    assert judge(*pair).why == Difference.VALUES
    monkeypatch.setattr(comparator, "Budget", lambda: Budget(steps=100))
    assert judge(*pair).why == Difference.BUDGET
    assert compare(pair[0], pair[0])
