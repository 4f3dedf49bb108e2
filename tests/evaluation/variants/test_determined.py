import pytest

from microgt.engine.result import ResultTable
from microgt.evaluation.comparator import Comparison, judge
from microgt.evaluation.execution import Side
from microgt.evaluation.outcome import Outcome
from microgt.evaluation.variants.determined import readings
from microgt.evaluation.variants.verdict import Verdict, over_variants


@pytest.mark.parametrize(
    ("sql", "smallest", "largest"),
    [
        ("SELECT ANY_VALUE(a) FROM t GROUP BY b", "SELECT MIN(a) FROM t GROUP BY b", "SELECT MAX(a) FROM t GROUP BY b"),
        (
            "SELECT a FROM t WHERE b = (SELECT b FROM t GROUP BY b ORDER BY COUNT(*) DESC LIMIT 1)",
            "SELECT a FROM t WHERE b = (SELECT b FROM t GROUP BY b ORDER BY COUNT(*) DESC, 1 LIMIT 1)",
            "SELECT a FROM t WHERE b = (SELECT b FROM t GROUP BY b ORDER BY COUNT(*) DESC, 1 DESC LIMIT 1)",
        ),
        (
            "SELECT COUNT(*) FROM (SELECT a, b FROM t LIMIT 3) AS s",
            "SELECT COUNT(*) FROM (SELECT a, b FROM t ORDER BY 1, 2 LIMIT 3) AS s",
            "SELECT COUNT(*) FROM (SELECT a, b FROM t ORDER BY 1 DESC, 2 DESC LIMIT 3) AS s",
        ),
    ],
)
def test_what_is_left_open_is_decided_both_ways(sql, smallest, largest):
    assert readings(sql) == (smallest, largest)


@pytest.mark.parametrize("sql", ["SELECT a FROM t ORDER BY b LIMIT 1", "SELECT MAX(a) FROM t WHERE b IN (SELECT c FROM u)", "no SQL ("])
def test_nothing_is_left_open(sql):
    assert readings(sql) is None


class Answers:
    """An engine that knows its answers by heart."""

    def __init__(self, **answers):
        self.answers = answers

    def run(self, sql):
        first = sql.split("(")[0].split()[-1]
        return ResultTable(("x",), ((self.answers[first],),))


@pytest.mark.parametrize(("least", "most", "outcome"), [(1, 2, Outcome.CORRECT), (1, 1, Outcome.WRONG)])
def test_a_variant_says_nothing_where_gold_has_several_answers(least, most, outcome):
    table = ResultTable(("x",), ((1,),))
    gold, answer = Side("SELECT ANY_VALUE(a)", table), Side("SELECT LAST(a)", table)
    variant = Answers(ANY_VALUE=1, LAST=2, MIN=least, MAX=most)

    def compared(a: ResultTable, b: ResultTable, _) -> Comparison:
        return judge(a, b)

    verdict = over_variants(Verdict(Outcome.CORRECT), gold, answer, compared, [None, variant])
    assert verdict.outcome is outcome
    assert verdict.variant == (None if outcome.right else 2)
