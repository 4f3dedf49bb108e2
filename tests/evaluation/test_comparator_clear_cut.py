"""The cases on which public comparators disagree with the truth (two to four of the twelve each)."""

import pytest

from microgt.engine.result import ResultTable
from microgt.evaluation.comparator import compare


def table(*rows):
    return ResultTable(tuple(f"c{i}" for i in range(len(rows[0]))), tuple(rows), False)


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
