from decimal import Decimal

import pytest

from microgt.engine.result import ResultTable
from microgt.evaluation.comparator import compare
from microgt.evaluation.forgiving import equal_when_rounded, subset


def table(*rows, width=None):
    return ResultTable(tuple(f"c{i}" for i in range(width or len(rows[0]))), tuple(rows))


@pytest.mark.parametrize(
    ("gold", "predicted", "found"),
    [
        (table((1, "a"), (2, "b")), table(("b", 7, 2), ("a", 7, 1)), True),
        (table((1, "a"), (2, "b")), table((1, "a"), (2, "b")), True),
        (table((1, "a"), (2, "b")), table(("a", 2, 1), ("b", 1, 2)), True),
        (table((1, "a"), (2, "b")), table(("a", 2, 9), ("b", 1, 9)), False),  # both columns are there, the rows are torn apart
        (table((1,), (1,), (2,)), table((1, "x"), (2, "x"), (2, "y")), False),
        (table((1,), (2,)), table((1, 3), (2, 3), (2, 4)), False),  # a row more
        (table((1, 1), (2, 2)), table((1, 5), (2, 6)), False),  # one column cannot stand for two
        (table((1, 1), (2, 2)), table((1, 5, 1), (2, 6, 2)), True),
        (table((1, 2)), table((1,)), False),
        (table((0.3, "a")), table(("a", 5, 0.1 + 0.2)), True),
        (table((None,), (1.0,)), table((0, 1), (1, None)), True),
        (table(width=1), table(width=2), True),
        (table(width=2), table(width=1), False),
    ],
)
def test_a_part_of_the_columns(gold, predicted, found):
    assert subset(gold, predicted) is found


@pytest.mark.parametrize(
    ("gold", "predicted", "found"),
    [
        (3.14159, 3.14, True),
        (3.14159, Decimal("3.14"), True),
        (3.14159, 3.15, False),
        (0.0149999, 0.01499999, True),  # close, and on both sides of the middle
        (2.675, 2.68, True),  # in binary just below the middle
        (-2.675, -2.68, True),
        (0.004, 0, True),
        (None, 0.004, False),
        (float("nan"), 0.0, False),
        (float("inf"), float("inf"), True),
        (1e300, 1e300, True),
        (10_000_001, 10_000_002, False),
        ("3.14159", "3.14", False),
    ],
)
def test_rounded_to_two_digits(gold, predicted, found):
    assert equal_when_rounded(table((gold, "a")), table(("a", predicted))) is found


def test_never_stricter_than_the_headline():
    gold, predicted = table((1, 0.1 + 0.2), (2, 5.0)), table((5, 2.0), (0.3, 1.0))
    assert compare(gold, predicted)
    assert subset(gold, predicted)
    assert equal_when_rounded(gold, predicted)
