"""The short cut before any comparison: it may only say yes where every comparison would."""

import math

import pytest

from microgt.engine.result import ResultTable
from microgt.evaluation.comparator import identical, judge, same_sequence


def table(*rows, columns=("a", "b")):
    return ResultTable(columns, rows)


@pytest.mark.parametrize("rows", [[(1, "x"), (None, 2.5)], [(math.inf, True)], []])
def test_the_same_rows(rows):
    a, b = table(*rows), table(*[tuple(row) for row in rows])
    assert identical(a, b)
    assert judge(a, b).equal
    assert same_sequence(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (table((1, 2)), table((1, True))),
        (table((1, 2)), table((1, 2.0))),
        (table((1, 2), (3, 4)), table((3, 4), (1, 2))),
        (table((1, 2)), table((1, 2), (1, 2))),
        (table((1, [2])), table((1, [2]))),
        (table(columns=("a",)), table(columns=("a", "b"))),
    ],
)
def test_all_else_is_left_to_the_comparator(a, b):
    assert not identical(a, b)
