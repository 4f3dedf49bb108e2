"""The same verdict as the plain reference, on small tables full of traps and on mutants of them."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from microgt.engine.result import ResultTable
from microgt.evaluation.comparator import Difference, judge
from tests.evaluation import reference

CELLS = {
    "chain": st.sampled_from([1 + n * 0.45e-6 for n in range(6)]),  # two steps are close, three are not
    "float": st.sampled_from([0.0, -0.0, 4e-10, -9e-10, 0.3, 0.1 + 0.2, float("nan"), float("inf"), float("-inf"), None]),
    "number": st.sampled_from([0, 1, Decimal("1.0"), Decimal("0.5"), 10**7, 10**7 + 1, 2**53, 2**53 + 1, None]),
    "mixed": st.sampled_from([0, 1, 1.0, True, False, None, "", "1", 1.0000009, Decimal(1), 2**70]),
    "text": st.sampled_from(["", "a", "A", "a ", "caf\u00e9", "cafe\u0301", None]),
    "time": st.sampled_from(
        [
            date(2024, 1, 1),
            datetime(2024, 1, 1),
            datetime(2024, 1, 1, tzinfo=UTC),
            datetime(2024, 1, 1, 2, tzinfo=timezone(timedelta(hours=2))),
            None,
        ]
    ),
    "bit": st.sampled_from([0, 1]),
}
KINDS = st.sampled_from(sorted(CELLS))
SIZES, TWO_OR_MORE = st.integers(1, 6), st.integers(2, 6)


def result(rows, width):
    return ResultTable(tuple(f"c{i}" for i in range(width)), tuple(map(tuple, rows)))


@st.composite
def pairs(draw, rows=SIZES):
    """Two tables of the same size, with columns of the same kinds: a mutant of a shuffled copy, or unrelated."""
    kinds = draw(st.lists(KINDS, min_size=1, max_size=3))
    row = st.tuples(*(CELLS[kind] for kind in kinds))
    size = draw(rows)
    gold = draw(st.lists(row, min_size=size, max_size=size))
    other = [list(r) for r in (gold if draw(st.booleans()) else draw(st.lists(row, min_size=size, max_size=size)))]
    for _ in range(draw(st.integers(0, 2))):
        draw(st.sampled_from([change_a_cell, repeat_a_row, swap_cells]))(draw, other, kinds)
    other = draw(st.permutations(other))
    order = draw(st.permutations(range(len(kinds))))
    return result(gold, len(kinds)), result([[r[i] for i in order] for r in other], len(kinds))


def change_a_cell(draw, rows, kinds):
    column = draw(st.integers(0, len(kinds) - 1))
    rows[draw(st.integers(0, len(rows) - 1))][column] = draw(CELLS[kinds[column]])


def repeat_a_row(draw, rows, kinds):
    rows[draw(st.integers(0, len(rows) - 1))] = list(rows[draw(st.integers(0, len(rows) - 1))])


def swap_cells(draw, rows, kinds):
    column = draw(st.integers(0, len(kinds) - 1))
    a, b = (rows[draw(st.integers(0, len(rows) - 1))] for _ in range(2))
    a[column], b[column] = b[column], a[column]


@settings(max_examples=300, deadline=None)
@given(pairs())
def test_the_same_verdict(pair):
    gold, predicted = pair
    truth = reference.equal(gold, predicted)
    assert judge(gold, predicted).why is (None if truth else Difference.VALUES)
    assert judge(predicted, gold).equal is truth
    assert judge(gold, gold).equal


@settings(max_examples=150, deadline=None)
@given(pairs(rows=TWO_OR_MORE), st.data())
def test_the_same_verdict_in_order(pair, data):
    """Sorted by hidden keys with ties, and cut."""
    gold, predicted = pair
    size = len(gold.rows)
    keys = data.draw(st.lists(st.tuples(st.integers(0, 1), st.sampled_from(["x", None])), min_size=size, max_size=size))
    keys.sort(key=lambda key: (key[0], key[1] is None))
    start = data.draw(st.integers(0, size - 1))
    window = (start, data.draw(st.integers(start + 1, size)))
    gold = ResultTable((*gold.columns, "k", "l"), tuple((*row, *key) for row, key in zip(gold.rows, keys, strict=True)))
    predicted = ResultTable(predicted.columns, predicted.rows[window[0] : window[1]])
    width = len(predicted.columns)
    truth = reference.equal(gold, predicted, (-2, -1), width=width, window=window)
    assert judge(gold, predicted, (-2, -1), width=width, window=window).equal is truth


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_many_rows_that_are_close_in_two_numbers(data):
    """Where a pairing must be searched for: a dense cloud, and one moved by about the tolerance."""
    step = st.integers(0, 9)
    points = st.lists(st.tuples(step, step), min_size=8, max_size=25)
    gold = data.draw(points)
    moved = [(x + data.draw(st.integers(-2, 2)), y + data.draw(st.integers(-2, 2))) for x, y in gold]
    a, b = (result([(1 + 0.45e-6 * x, 1 + 0.45e-6 * y) for x, y in rows], 2) for rows in (gold, data.draw(st.permutations(moved))))
    assert judge(a, b).equal is reference.equal(a, b)
