"""What no shuffling may change."""

import random
from collections import Counter
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from microgt.engine.result import ResultTable
from microgt.evaluation.comparator import compare

CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from(["", "a", "1", "NULL"]),
    st.sampled_from([0.0, 0.3, 0.1 + 0.2, 1.0, 1e6, float("nan")]),
    st.sampled_from([date(2024, 1, 1), date(2024, 1, 2)]),
)


SEVERAL, FEW = st.integers(1, 7), st.integers(1, 4)


@st.composite
def tables(draw, cells=CELLS, rows=SEVERAL, width=FEW):
    columns = draw(width)
    row = st.tuples(*[cells] * columns)
    count = draw(rows)
    return ResultTable(tuple(f"c{i}" for i in range(columns)), tuple(draw(st.lists(row, min_size=count, max_size=count))), False)


def shuffled(table, seed):
    """The same result with rows and columns in another order."""
    chance = random.Random(seed)
    rows, columns = list(table.rows), list(range(len(table.columns)))
    chance.shuffle(rows)
    chance.shuffle(columns)
    return ResultTable(tuple(table.columns[i] for i in columns), tuple(tuple(row[i] for i in columns) for row in rows), False)


@given(tables(), st.integers(0, 99))
def test_shuffling_never_matters(table, seed):
    assert compare(table, shuffled(table, seed))


@given(tables(), tables(), st.integers(0, 99))
def test_symmetric_and_blind_to_shuffling(a, b, seed):
    verdict = compare(a, b)
    assert compare(b, a) is verdict
    assert compare(shuffled(a, seed), b) is verdict
    assert compare(a, shuffled(b, seed)) is verdict


@given(tables(), st.data())
def test_one_changed_cell_is_noticed(table, data):
    row = data.draw(st.integers(0, len(table.rows) - 1))
    column = data.draw(st.integers(0, len(table.columns) - 1))
    changed = [list(r) for r in table.rows]
    changed[row][column] = "another cell"
    assert not compare(table, ResultTable(table.columns, tuple(map(tuple, changed)), False))


SMALL = st.sampled_from([0, 1, 2])


@settings(max_examples=300)
@given(tables(SMALL, st.just(4), st.just(3)), tables(SMALL, st.just(4), st.just(3)))
def test_agrees_with_trying_every_permutation(a, b):
    from itertools import permutations

    wanted = Counter(a.rows)
    truth = any(Counter(tuple(row[i] for i in order) for row in b.rows) == wanted for order in permutations(range(3)))
    assert compare(a, b) is truth


@given(tables(st.floats(-1e9, 1e9, allow_subnormal=False)), st.integers(0, 99))
def test_noise_within_the_tolerance_never_matters(table, seed):
    chance = random.Random(seed)
    noisy = tuple(tuple(cell * (1 + chance.uniform(-9e-7, 9e-7)) for cell in row) for row in table.rows)
    assert compare(table, shuffled(ResultTable(table.columns, noisy, False), seed))


@given(tables(), st.data())
def test_order_is_noticed(table, data):
    """Numbered rows, sorted by their number: only the order itself is right."""
    numbered = ResultTable((*table.columns, "place"), tuple((*row, i * 10 + 100) for i, row in enumerate(table.rows)), False)
    order = data.draw(st.permutations(range(len(table.rows))))
    moved = ResultTable(numbered.columns, tuple(numbered.rows[i] for i in order), False)
    assert compare(numbered, moved, (len(table.columns),)) is (order == sorted(order))


@given(tables(), st.data())
def test_a_row_dropped_or_repeated_is_noticed(table, data):
    i = data.draw(st.integers(0, len(table.rows) - 1))
    for rows in (table.rows[:i] + table.rows[i + 1 :], (*table.rows, table.rows[i])):
        assert not compare(table, ResultTable(table.columns, rows))
        assert not compare(ResultTable(table.columns, rows), table)
