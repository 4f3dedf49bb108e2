from decimal import Decimal

import pytest

from microgt.engine.result import ResultTable
from microgt.evaluation.side_by_side import CHARACTERS, COLUMNS, ROWS, sample, side_by_side


def table(columns, *rows):
    return ResultTable(tuple(columns.split()), tuple(rows))


def marked(found):
    """number of the row -> the cells marked in it"""
    return {row.number: row.differs for row in found.rows if row.differs}


def test_the_cell_that_differs():
    ours, theirs = side_by_side(table("region n", ("north", 1), ("south", 2)), table("region n", ("south", 3), ("north", 1)))
    assert marked(ours) == {2: (1,)}
    assert marked(theirs) == {1: (1,)}
    assert [row.cells for row in theirs.rows] == [("south", "3"), ("north", "1")]


def test_columns_in_another_order_are_brought_together():
    ours, theirs = side_by_side(table("a b", (1, "x"), (2, "y")), table("p q", ("x", 1), ("z", 2)))
    assert (marked(ours), marked(theirs)) == ({2: (1,)}, {2: (0,)})
    assert ours.alone == theirs.alone == ()


def test_a_column_too_many():
    ours, theirs = side_by_side(table("a", (1,), (2,)), table("b a", ("x", 1), ("y", 2)))
    assert (ours.alone, theirs.alone) == ((), (0,))
    assert marked(ours) == marked(theirs) == {}


def test_rows_that_are_missing_or_there_too_often():
    ours, theirs = side_by_side(table("a b", (1, "x"), (2, "y")), table("a b", (1, "x"), (2, "y"), (2, "y")))
    assert (marked(ours), marked(theirs)) == ({}, {3: (0, 1)})


def test_names_decide_where_no_value_is_shared():
    ours, theirs = side_by_side(table("n region", (5, "north")), table("region n", ("west", 6)))
    assert (marked(ours), marked(theirs)) == ({1: (0, 1)}, {1: (0, 1)})
    ours, theirs = side_by_side(table("n region", (5, "north")), table("region n", ("north", 6)))
    assert (marked(ours), marked(theirs)) == ({1: (0,)}, {1: (1,)})


def test_the_same_number_is_not_marked():
    ours, theirs = side_by_side(
        table("a b c", (0.1 + 0.2, None, Decimal("1.50")), (1.0, "x", 3)), table("a b c", (0.3, None, 1.5), (1, "x", 4))
    )
    assert (marked(ours), marked(theirs)) == ({2: (2,)}, {2: (2,)})
    assert ours.rows[0].cells == ("0.3", None, "1.50")


def test_null_is_not_the_word_and_not_zero():
    ours, theirs = side_by_side(table("a b", (None, None)), table("a b", ("None", 0)))
    assert (marked(ours), marked(theirs)) == ({1: (0, 1)}, {1: (0, 1)})
    assert (ours.rows[0].cells, theirs.rows[0].cells) == ((None, None), ("None", "0"))


def test_another_order():
    ours, theirs = side_by_side(table("a", (1,), (2,), (3,)), table("a", (1,), (3,), (2,)), ordered=True)
    assert marked(ours) == marked(theirs) == {2: (0,), 3: (0,)}


def test_late_differences_are_shown():
    rows = [(i, "same") for i in range(500)]
    ours, theirs = side_by_side(table("a b", *rows), table("a b", *rows[:400], (400, "other"), *rows[401:]))
    assert marked(ours) == marked(theirs) == {401: (1,)}
    assert [row.number for row in ours.rows] == [*range(1, ROWS), 401]


def test_a_sample_is_small():
    wide = ResultTable(tuple(f"column{i}" * 20 for i in range(40)), tuple(("x" * 1000,) * 40 for _ in range(3000)))
    found = sample(wide)
    assert (len(found.rows), len(found.columns), found.of_columns) == (ROWS, COLUMNS, 40)
    assert {len(row.cells) for row in found.rows} == {COLUMNS}
    assert max(len(cell) for row in found.rows for cell in row.cells) == max(map(len, found.columns)) == CHARACTERS
    both = side_by_side(wide, ResultTable(wide.columns, (*wide.rows[:-1], ("y" * 1000,) * 40)))
    assert [len(side.rows) for side in both] == [ROWS, ROWS]
    assert marked(both[0]) == {3000: tuple(range(COLUMNS))}


@pytest.mark.parametrize("other", [table("a b"), table("a"), table("x y z")])
def test_results_without_rows(other):
    ours, theirs = side_by_side(table("a b", (1, 2)), other)
    assert set(marked(ours)) == ({1} if ours.rows else set())
    assert theirs.rows == ()
    assert side_by_side(other, other)[0].rows == ()


def test_many_rows_that_all_differ_are_cut():
    ours, theirs = side_by_side(table("a", *((i,) for i in range(5000))), table("a", *((-i - 1,) for i in range(5000))))
    assert len(ours.rows) == len(theirs.rows) == ROWS
    assert len(marked(ours)) == len(marked(theirs)) == ROWS
    some = side_by_side(table("a", *((i,) for i in range(50))), table("a", *((i // 2 * 2,) for i in range(50))))[0]
    assert (len(some.rows), len(marked(some))) == (ROWS, 15)
