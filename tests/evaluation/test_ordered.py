"""What is made of gold's uncut rows."""

import pytest

from microgt.engine.result import ResultTable
from microgt.errors import EngineError
from microgt.evaluation.comparator import Comparison, Difference
from microgt.evaluation.order import ordering
from microgt.evaluation.ordered import TIES, compare_ordered

HOW = ordering("SELECT a, n FROM t ORDER BY n DESC LIMIT 2")


class Engine:
    """Answers every query with the same rows, or not at all."""

    def __init__(self, *rows):
        self.rows, self.asked = rows, []

    def run(self, sql):
        self.asked.append(sql)
        if not self.rows:
            raise EngineError("gone")
        return table(*self.rows)


def table(*rows):
    return ResultTable(("a", "n"), tuple(rows))


GOLD, OTHER, TURNED = table(("a", 9), ("b", 5)), table(("a", 9), ("c", 5)), table(("b", 5), ("a", 9))


def test_gold_is_run_again_only_when_it_can_change_the_verdict():
    engine = Engine(("a", 9), ("b", 5), ("c", 5))
    assert compare_ordered(GOLD, GOLD, HOW, engine).equal
    assert compare_ordered(GOLD, table(("a", 9)), HOW, engine).why == Difference.ROWS
    assert compare_ordered(GOLD, OTHER, ordering("SELECT a, n FROM t ORDER BY n DESC"), engine).why == Difference.VALUES
    assert not engine.asked
    assert compare_ordered(GOLD, OTHER, HOW, engine) == Comparison(None, tie_cut=True)
    assert engine.asked == [f"SELECT a, n FROM t ORDER BY n DESC\nLIMIT {2 + TIES}"]


@pytest.mark.parametrize("engine", [Engine(), Engine(("a", 9), ("x", 5), ("c", 5))], ids=["fails", "says something else than before"])
def test_without_the_uncut_rows_nothing_is_forgiven(engine):
    assert compare_ordered(GOLD, OTHER, HOW, engine).why == Difference.VALUES
    assert compare_ordered(GOLD, TURNED, HOW, engine).why == Difference.ORDER
