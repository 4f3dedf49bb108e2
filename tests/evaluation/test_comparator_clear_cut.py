"""Twelve clear-cut cases, of which public comparators get two to four wrong, and five on which people may differ, with our answer."""

import pytest

from microgt.engine.result import ResultTable
from microgt.evaluation.comparator import Difference, compare, judge
from microgt.evaluation.forgiving import equal_when_rounded, subset


def table(*rows, width=None):
    return ResultTable(tuple(f"c{i}" for i in range(width or len(rows[0]))), tuple(rows), False)


CASES = {
    "identical": (table((1, "a")), table((1, "a")), None, True),
    "duplicate row lost": (table((1,), (1,), (2,)), table((1,), (2,)), None, False),
    "order differs where it was asked for": (table((1,), (2,)), table((2,), (1,)), (0,), False),
    "order differs where it was not": (table((1,), (2,)), table((2,), (1,)), None, True),
    "columns permuted": (table((1, "a"), (2, "b")), table(("a", 1), ("b", 2)), None, True),
    "float noise": (table((0.1 + 0.2,)), table((0.3,)), None, True),
    "NULL against zero": (table((None,)), table((0,)), None, False),
    "numbers that round alike": (table((0.005,)), table((0.009,)), None, False),
    "right values, rows scrambled": (table((1, "a"), (2, "b")), table((1, "b"), (2, "a")), None, False),
    "ties reordered under a sort": (table(("a", 1), ("b", 1)), table(("b", 1), ("a", 1)), (1,), True),
    "a column too many": (table((1,)), table((1, 2)), None, False),
    "number against its text": (table((1,)), table(("1",)), None, False),
}


@pytest.mark.parametrize("name", CASES)
def test_clear_cut(name):
    gold, predicted, keys, equal = CASES[name]
    assert compare(gold, predicted, keys) is equal


def test_there_are_twelve():
    assert len(CASES) == 12


def test_both_empty():
    """Equal, which the outcome calls vacuous; with another number of columns different."""
    assert compare(table(width=2), table(width=2))
    assert judge(table(width=2), table(width=1)).why == Difference.COLUMNS


def test_the_answer_and_more():
    """Different in the headline, a subset beside it."""
    gold, predicted = table((1, "a"), (2, "b")), table((1, "a", 7), (2, "b", 7))
    assert not compare(gold, predicted)
    assert subset(gold, predicted)


def test_rounded():
    """Different in the headline, equal when rounded beside it."""
    assert not compare(table((3.14159,)), table((3.14,)))
    assert equal_when_rounded(table((3.14159,)), table((3.14,)))


def test_another_choice_of_the_ties_at_a_cut():
    """Equal: the question did not say which."""
    assert judge(table(("a", 2), ("b", 1), ("c", 1)), table(("a", 2), ("c", 1)), (1,), window=(0, 2)).equal


def test_no_number_at_all():
    """NULL is not NaN, and each equals itself."""
    unknown, no_number = table((None,)), table((float("nan"),))
    assert compare(unknown, unknown)
    assert compare(no_number, no_number)
    assert not compare(unknown, no_number)
