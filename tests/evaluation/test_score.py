import json

import pytest

from microgt.engine.duckdb import EnginePool, Limits
from microgt.errors import DataError
from microgt.evaluation import Outcome, Prediction, exit_status, gold_as_prediction, pair, results_of, score
from microgt.spec.json import read_spec

BY_REGION = {
    "query": {
        "outputs": ["customers.region", {"kind": "aggregate", "fn": "sum", "of": "orders.amount"}],
        "sort": [{"direction": "desc", "by": {"kind": "ref", "output": 1}}],
    },
    "view": {"kind": "chart", "mark": "bar"},
}
DEAREST = {"query": {"outputs": ["orders.id"], "sort": [{"direction": "desc", "by": "orders.amount"}], "limit": {"n": 1}}}
NORTH = {
    "query": {
        "outputs": ["customers.id"],
        "where": {"kind": "compare", "op": "eq", "left": "customers.region", "right": {"value": "north"}},
    }
}
WEST = {
    "query": {"outputs": ["customers.id"], "where": {"kind": "compare", "op": "eq", "left": "customers.region", "right": {"value": "west"}}}
}
NO_ANSWER = {"kind": "unanswerable", "reason": "no_column"}
SPECS = {"by_region": BY_REGION, "dearest": DEAREST, "north": NORTH, "west": WEST, "no_answer": NO_ANSWER}
SQL = {
    "count": "SELECT COUNT(*) FROM orders",
    "sorted": "SELECT id FROM orders ORDER BY amount DESC",
    "top": "SELECT id FROM orders ORDER BY amount DESC LIMIT 1",
    "groups": "SELECT region, SUM(amount) FROM orders o JOIN customers c ON customer_id = c.id GROUP BY region ORDER BY SUM(amount) DESC",
    "any": "SELECT region FROM customers LIMIT 2",
    "distinct": "SELECT DISTINCT region FROM customers ORDER BY region",
    "union": "SELECT id FROM customers UNION SELECT customer_id FROM orders ORDER BY id",
    "none": "SELECT id FROM orders WHERE amount > 1000",
    "null": "SELECT placed FROM orders WHERE id = 4",
}


@pytest.fixture
def outcome(shop, engines):
    """(outcome, reason) of one question."""

    def judged(gold, prediction):
        [item] = score(pair([gold], [prediction]), shop, engines=engines)
        return item.outcome, item.reason

    return judged


@pytest.mark.parametrize("workers", [1, 2])
def test_gold_against_itself_is_perfect(shop, example, workers):
    golds = [example(f"{db}-{name}", sql=sql, db=db) for name, sql in SQL.items() for db in ("shop", "twin")]
    golds += [example(f"{db}-{name}", spec=read_spec(spec), db=db) for name, spec in SPECS.items() for db in ("shop", "twin")]
    items = score(pair(golds, map(gold_as_prediction, golds)), shop, workers=workers)
    assert [item.id for item in items] == [gold.id for gold in golds]
    assert [(item.id, item.outcome, item.error) for item in items if not item.outcome.right] == []
    assert [item.id for item in items if item.outcome == Outcome.VACUOUS] == ["shop-none", "twin-none", "shop-west", "twin-west"]
    summary = results_of(items, data="shop", split="all").summary
    assert summary.accuracy.rate == summary.valid_spec.rate == summary.executable.rate == summary.exact_match.rate == 1
    assert exit_status(summary, 1.0) == 0


def test_workers_do_not_change_results(shop, example):
    golds = [example(f"{db}-{name}", sql=sql, db=db) for name, sql in SQL.items() for db in ("shop", "twin")]
    predictions = [Prediction(gold.id, sql=SQL["sorted"]) for gold in golds[:-1]]
    assert score(pair(golds, predictions), shop, workers=1) == score(pair(golds, predictions), shop, workers=3)


@pytest.mark.parametrize(
    ("gold", "predicted", "wanted"),
    [
        ("SELECT COUNT(*) FROM orders", "SELECT COUNT(id) FROM orders", (Outcome.CORRECT, None)),
        ("SELECT COUNT(*) FROM orders", "SELECT COUNT(*) FROM customers WHERE id < 3", (Outcome.WRONG, "values")),
        ("SELECT COUNT(*) FROM orders", "SELECT '4'", (Outcome.WRONG, "values")),
        ("SELECT id FROM orders", "SELECT id, amount FROM orders", (Outcome.WRONG, "columns")),
        ("SELECT id FROM orders", "SELECT id FROM orders ORDER BY id DESC", (Outcome.CORRECT, None)),
        ("SELECT id FROM orders ORDER BY id", "SELECT id FROM orders ORDER BY id DESC", (Outcome.WRONG, "order")),
        ("SELECT id FROM orders ORDER BY amount", "SELECT id FROM orders ORDER BY amount, id DESC", (Outcome.CORRECT, None)),
        ("SELECT id FROM orders ORDER BY amount", "SELECT id FROM orders ORDER BY amount DESC", (Outcome.WRONG, "order")),
        ("SELECT id FROM orders ORDER BY amount DESC LIMIT 1", "SELECT id FROM orders WHERE id = 2", (Outcome.CORRECT, None)),
        ("SELECT id FROM orders ORDER BY amount DESC, id LIMIT 1", "SELECT id FROM orders WHERE id = 3", (Outcome.WRONG, "values")),
        ("SELECT id FROM orders ORDER BY amount DESC, id DESC LIMIT 1", "SELECT id FROM orders WHERE id = 3", (Outcome.CORRECT, None)),
        ("SELECT id FROM orders ORDER BY amount DESC LIMIT 1", "SELECT id FROM orders WHERE id = 1", (Outcome.WRONG, "values")),
        ("SELECT id FROM orders WHERE amount > 99", "SELECT id FROM customers WHERE id > 99", (Outcome.VACUOUS, None)),
        ("SELECT id FROM orders WHERE amount > 99", "SELECT * FROM customers WHERE id > 99", (Outcome.WRONG, "columns")),
        ("SELECT id FROM orders WHERE amount > 99", "SELECT id FROM orders", (Outcome.WRONG, "rows")),
        ("SELECT id FROM orders", "SELECT nothing FROM orders", (Outcome.EXEC_ERROR, None)),
        ("SELECT nothing FROM orders", "SELECT id FROM orders", (Outcome.GOLD_ERROR, None)),
        ("SELECT id FROM orders", "SELECT * FROM range(100001)", (Outcome.ROW_LIMIT, None)),
        (
            "SELECT DISTINCT region FROM customers ORDER BY length(region), region",
            "SELECT unnest(['east', 'south', 'north'])",
            (Outcome.WRONG, "order"),
        ),
    ],
)
def test_outcomes_of_sql(outcome, example, gold, predicted, wanted):
    assert outcome(example("q", sql=gold), Prediction("q", sql=predicted)) == wanted


@pytest.mark.parametrize("other", [2, 3])
def test_either_of_two_that_tie_at_the_cut(outcome, example, other):
    """Orders 2 and 3 cost the same; one of the two is not the row that gold happens to keep."""
    gold = example("q", sql="SELECT id FROM orders ORDER BY amount DESC LIMIT 1")
    assert outcome(gold, Prediction("q", sql=f"SELECT {other}"))[0] == Outcome.CORRECT
    spec = example("q", spec=read_spec(DEAREST))
    assert outcome(spec, Prediction("q", sql=f"SELECT {other}"))[0] == Outcome.CORRECT


def test_outcomes_of_specs(outcome, example):
    gold = example("q", spec=read_spec(BY_REGION))
    unknown = read_spec({"query": {"outputs": ["customers.regoin"]}})
    assert outcome(gold, Prediction("q", spec=unknown)) == (Outcome.INVALID_SPEC, None)
    assert outcome(gold, Prediction("q", error="the decoder ran out of steps")) == (Outcome.INVALID_SPEC, None)
    assert outcome(gold, Prediction("q", spec=read_spec(NO_ANSWER))) == (Outcome.WRONG, "abstained")
    assert outcome(example("q", spec=read_spec(NO_ANSWER)), Prediction("q", spec=read_spec(NORTH))) == (Outcome.WRONG, "unanswerable")
    assert outcome(example("q", spec=unknown), Prediction("q", spec=read_spec(NORTH))) == (Outcome.GOLD_ERROR, None)
    assert outcome(example("q"), Prediction("q", spec=read_spec(NORTH))) == (Outcome.GOLD_ERROR, None)


def test_how_near_the_spec_is(shop, engines, example):
    table = {"query": BY_REGION["query"]}
    golds = [
        example("chart", spec=read_spec(BY_REGION)),
        example("value", spec=read_spec(NORTH)),
        example("nothing", spec=read_spec(BY_REGION)),
    ]
    predictions = [Prediction("chart", spec=read_spec(table), confidence=0.5, seconds=0.1), Prediction("value", spec=read_spec(WEST))]
    chart, value, nothing = score(pair(golds, predictions), shop, trained_on=["shop"], engines=engines)
    assert (chart.outcome, chart.exact_match, chart.chart_match, chart.value_recall, chart.seen) == (
        Outcome.CORRECT,
        False,
        False,
        None,
        True,
    )
    assert (value.outcome, value.exact_match, value.chart_match, value.value_recall) == (Outcome.WRONG, False, None, 0.0)
    assert (nothing.outcome, nothing.exact_match, nothing.chart_match, nothing.error) == (
        Outcome.INVALID_SPEC,
        False,
        False,
        "nothing was predicted",
    )
    json.dumps([item.model_dump(mode="json") for item in (chart, value, nothing)])


def test_sql_is_compared_with_a_spec_as_a_spec(shop, engines, example):
    golds = [example(name, spec=read_spec(BY_REGION)) for name in ("same", "near", "broken")] + [example("sql", sql=SQL["top"])]
    near = "SELECT region, sum(amount) FROM orders o JOIN customers c ON customer_id = c.id WHERE amount > 0 GROUP BY region"
    same = SQL["groups"].replace("JOIN", "LEFT JOIN")
    given = {"same": same, "near": f"{near} ORDER BY sum(amount) DESC", "broken": "SELECT gone FROM orders", "sql": SQL["sorted"]}
    predictions = [Prediction(name, sql=sql) for name, sql in given.items()]
    same, near, broken, sql = score(pair(golds, predictions), shop, engines=engines)
    assert (same.exact_match, same.chart_match, same.difficulty) == (True, None, "hard")
    assert all(count.both == count.gold == count.predicted for count in same.slots.values())
    assert (near.exact_match, near.outcome, near.slots["filter"].predicted) == (False, Outcome.CORRECT, 1)
    assert (broken.exact_match, broken.slots) == (None, None)
    assert (sql.exact_match, sql.slots["sort"].both, sql.slots["sort"].gold, sql.difficulty) == (False, 1, 2, "medium")


def test_what_is_shown_of_a_wrong_answer(shop, engines, example):
    golds = [example(name, spec=read_spec(BY_REGION)) for name in ("wrong", "broken", "right")] + [example("sql", sql=SQL["sorted"])]
    predictions = [
        Prediction(
            "wrong",
            sql=SQL["groups"]
            .replace("SUM(amount) FROM", "SUM(amount) + o.id // 4 FROM")
            .replace("region ORDER", "region, o.id // 4 ORDER"),
        ),
        Prediction("broken", sql="SELECT gone FROM orders"),
        Prediction("right", sql=SQL["groups"]),
        Prediction("sql", sql="SELECT id FROM orders ORDER BY amount"),
    ]
    wrong, broken, right, sql = score(pair(golds, predictions), shop, engines=engines)
    assert wrong.outcome == Outcome.WRONG
    assert [(row.cells, row.differs) for row in wrong.gold_sample.rows] == [
        (("south", "60"), ()),
        (("north", "20"), ()),
        (("east", "5"), (1,)),
    ]
    assert [(row.cells[1], row.differs) for row in wrong.sample.rows] == [("60", ()), ("20", ()), ("6", (1,))]
    assert wrong.gold_words.startswith("The total orders amount by customers region")
    assert (broken.words, broken.sample, len(broken.gold_sample.rows)) == (None, None, 3)
    assert right.gold_words is right.gold_sample is right.sample is None
    assert (sql.reason, sql.sample.rows[0].cells, sql.sample.rows[0].differs) == ("order", ("4",), (0,))
    assert "sorted by amount" in sql.words


def test_who_abstains(shop, engines, example):
    golds = [example(name, spec=read_spec(NORTH)) for name in ("nothing", "refusal", "unreadable", "answer")]
    predictions = [
        Prediction("refusal", spec=read_spec(NO_ANSWER)),
        Prediction("unreadable", error="E_JSON: not JSON"),
        Prediction("answer", sql="SELECT 1"),
    ]
    items = score(pair(golds, predictions), shop, engines=engines)
    assert [item.abstained for item in items] == [True, True, False, False]


def test_a_query_that_takes_too_long(shop, example):
    # Small ranges: DuckDB 2.0.1 may hold one side in memory, and this is about time, not memory.
    slow = "SELECT COUNT(*) FROM range(1000000) a, range(1000000) b, range(1000000) c WHERE (a.range + b.range + c.range) % 7 = 3"
    with_deadline = lambda: EnginePool(Limits(seconds=1.0))  # noqa: E731
    [item] = score(pair([example("q", sql="SELECT 1")], [Prediction("q", sql=slow)]), shop, engines=with_deadline)
    assert item.outcome == Outcome.TIMEOUT


def test_predictions_must_fit_the_questions(shop, example):
    with pytest.raises(DataError, match="two predictions for the question 'q'"):
        pair([example("q")], [Prediction("q"), Prediction("q")])
    with pytest.raises(DataError, match="not asked: r"):
        pair([example("q")], [Prediction("r")])


def test_an_interruption_passes_through(shop, example):
    golds = [example(f"{db}{i}", sql="SELECT 1", db=db) for db in ("shop", "twin") for i in range(3)]

    def interrupt(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score(pair(golds, []), shop, workers=2, on_item=interrupt)
