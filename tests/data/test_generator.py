"""Generated questions: the same from the same seed, all accepted, all with an answer."""

import re
from random import Random

import duckdb
import pytest

from microgt.data.generator import generate
from microgt.data.generator.filters import Filter
from microgt.data.generator.filters.brackets import BracketFilters
from microgt.data.generator.generate import present
from microgt.data.generator.kinds import KINDS, changes, cumulative, durations
from microgt.data.generator.kinds.by_time import over_time
from microgt.data.generator.pieces import Pieces
from microgt.data.generator.profile import Profile
from microgt.schema.readers import read_duckdb
from microgt.spec import check, compile_spec
from microgt.spec.types import (
    Aggregate,
    Answer,
    Arithmetic,
    At,
    Chart,
    Col,
    DateDiff,
    In,
    InPeriod,
    IsNull,
    Not,
    Or,
    Ratio,
    Rows,
    RunningTotal,
    Select,
    TimeBucket,
    TimeWindow,
)
from microgt.spec.walk import walk

DATA = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name VARCHAR, region VARCHAR);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id), amount DOUBLE, tax DOUBLE, status VARCHAR, placed DATE);
INSERT INTO customers SELECT range, 'name ' || range, ['north', 'south', 'east'][1 + range % 3] FROM range(12);
INSERT INTO orders SELECT range, range % 10, 5 + range * 7 % 90, 1 + range % 9, ['paid', 'open'][1 + range % 2], DATE '2023-01-15' + CAST(range * 11 AS INTEGER)
FROM range(60);
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Its schema and a read-only connection."""
    path = tmp_path_factory.mktemp("generator") / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(DATA)
    schema = read_duckdb(path)
    with duckdb.connect(str(path), read_only=True, config={"threads": 1}) as connection:
        yield schema, connection


def examples(shop, count: int, seed: int) -> list:
    schema, connection = shop
    return list(generate(schema, lambda sql: connection.execute(sql).fetchall(), count, seed=seed))


@pytest.fixture(scope="module")
def many(shop):
    """So many that rare kinds are among them."""
    return examples(shop, 800, seed=1)


def test_the_same_seed_gives_the_same_questions(shop):
    assert examples(shop, 25, seed=3) == examples(shop, 25, seed=3)
    assert {e.question for e in examples(shop, 25, seed=3)} != {e.question for e in examples(shop, 25, seed=4)}


def test_a_table_of_keys_alone_is_asked_about_too(tmp_path):
    path = tmp_path / "links.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE a (id INTEGER PRIMARY KEY, name VARCHAR); CREATE TABLE b (a_id INTEGER REFERENCES a(id))")
        connection.execute("INSERT INTO a VALUES (1, 'x'), (2, 'y'); INSERT INTO b VALUES (1), (1)")
    schema = read_duckdb(path)
    with duckdb.connect(str(path), read_only=True) as connection:
        assert len(list(generate(schema, lambda sql: connection.execute(sql).fetchall(), 60, seed=0))) > 20


def test_every_question_is_new_accepted_and_has_an_answer(shop):
    schema, connection = shop
    found = examples(shop, 120, seed=0)
    assert len({e.question for e in found}) == len({e.id for e in found}) == 120
    assert len({e.category for e in found}) >= 5
    for example in found:
        assert check(example.spec, schema) == []
        rows = connection.execute(compile_spec(example.spec, schema)).fetchall()
        assert any(value is not None for row in rows for value in row), example.question


def test_charts_of_parts_are_of_what_adds_up(shop):
    """None is drawn in vain: stacks, pies and donuts are offered for counts and sums only, before the checker sees them."""
    pieces, rng = Pieces(Profile(shop[0]), Random(0)), Random(1)
    kinds, weights = zip(*KINDS, strict=True)
    shown: dict[str, set[str]] = {}
    for _ in range(1500):
        plan = rng.choices(kinds, weights)[0](pieces)
        answer, _ = present(plan, shop[0], rng)
        assert [error for error in check(answer, shop[0]) if error.place.startswith("/view")] == []
        if isinstance(answer.view, Chart):
            measure = answer.query.outputs[-1]
            shown.setdefault(answer.view.mark, set()).add(measure.fn if isinstance(measure, Aggregate) else measure.kind)
    assert {"stacked", "donut", "pie"} <= set(shown)
    assert all(shown[mark] <= {"count", "sum", "share"} for mark in ("stacked", "donut", "pie"))
    assert "avg" in shown["bar"]


def test_questions_without_an_answer_are_dropped(shop):
    assert list(generate(shop[0], lambda sql: [(None,)], 5, seed=0)) == []


@pytest.mark.parametrize("kind", [kind for kind, _ in KINDS], ids=lambda kind: f"{kind.__module__.rpartition('.')[2]}.{kind.__name__}")
def test_each_kind_asks_what_the_checker_accepts(shop, kind):
    pieces = Pieces(Profile(shop[0]), Random(5))
    plans = [kind(pieces) for _ in range(30)]
    assert sum(not check(Answer(query=plan.query), shop[0]) for plan in plans) >= 20
    assert all(plan.text.strip() and "{" not in plan.text for plan in plans)


def test_windows_percentiles_firsts_of_groups_and_empty_groups_are_asked(many):
    specs = [e.spec for e in many]
    kinds = {node.kind for spec in specs for _, node in walk(spec)}
    assert {"running_total", "moving", "prior", "delta", "percent_change", "share", "rank", "overall", "percentile"} <= kinds
    selects = [spec.query for spec in specs if isinstance(spec.query, Select)]
    assert {"keep"} <= {select.empty_groups for select in selects}
    limits = [select.limit for select in selects if select.limit]
    assert any(limit.per for limit in limits)
    assert any(limit.other for limit in limits)


def test_conditions_in_brackets_computed_numbers_and_totals_per_parent_are_asked(many):
    specs = [e.spec for e in many]
    where = [spec.query.where for spec in specs if isinstance(spec.query, Select) and spec.query.where is not None]
    shapes = {(predicate.kind, tuple(sorted(arg.kind for arg in getattr(predicate, "args", ())))) for predicate in where}
    assert any(kind == "or" and "and" not in args for kind, args in shapes)
    assert any(kind == "or" and "and" in args for kind, args in shapes)
    assert any(kind == "and" and "or" in args for kind, args in shapes)
    assert any(isinstance(predicate, Not) and isinstance(predicate.arg, In) for predicate in where)
    nodes = [node for spec in specs for _, node in walk(spec)]
    assert {node.op for node in nodes if isinstance(node, Arithmetic) and isinstance(node.left, Col)} >= {"mul"}
    denominators = [n.denominator for n in nodes if isinstance(n, Ratio) and isinstance(n.denominator, Aggregate)]
    assert any(isinstance(d.of, Rows) and d.of.table == "customers" for d in denominators)


def test_brackets_behind_another_condition_say_where_they_begin(shop):
    pieces = Pieces(Profile(shop[0]), Random(8))
    found = [filters for _ in range(1200) if len(filters := pieces.conditions("orders")) == 2 and isinstance(filters[1].node, Or)]
    assert len(found) > 10
    assert all(filters[1].words.startswith(("either ", "(")) for filters in found)


def test_a_line_for_each_value_is_drawn_when_it_is_asked_for(shop):
    pieces, rng = Pieces(Profile(shop[0]), Random(3)), Random(3)
    plans = [plan for _ in range(300) if (plan := over_time(pieces)).mark]
    asked = [present(plan, shop[0], rng) for plan in plans]
    assert len(asked) > 10
    assert all(re.search(r"\blines?\b", question.lower()) for _, question in asked)
    assert all(isinstance(a.view, Chart) and a.view.mark == "line" and a.view.color is not None for a, _ in asked)


@pytest.fixture(scope="module")
def tickets(tmp_path_factory):
    """A table with three dates: schema and connection."""
    path = tmp_path_factory.mktemp("generator") / "tickets.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "CREATE TABLE tickets (id INTEGER PRIMARY KEY, topic VARCHAR, closed_at TIMESTAMP, opened_at TIMESTAMP, paid_on DATE)"
        )
        connection.execute(
            "INSERT INTO tickets SELECT i, ['bug', 'outage'][1 + i % 2], TIMESTAMP '2024-01-02' + INTERVAL (i * 9 + (i * 7) % 50) HOUR,"
            " TIMESTAMP '2024-01-01' + INTERVAL (i * 9) HOUR, DATE '2024-01-04' + i::INTEGER FROM range(90) AS t(i)"
        )
    schema = read_duckdb(path)
    with duckdb.connect(str(path), read_only=True, config={"threads": 1}) as connection:
        yield schema, connection


def test_durations_run_from_the_earlier_date_to_the_later_in_hours_only_between_times(tickets):
    schema, connection = tickets
    asked = ((durations.took, 1.0), (durations.longest, 1.0), (durations.within, 1.0))
    found = list(generate(schema, lambda sql: connection.execute(sql).fetchall(), 60, seed=1, kinds=asked))
    spans = [node for e in found for _, node in walk(e.spec) if isinstance(node, DateDiff)]
    assert len(found) == 60 <= len(spans)
    order = ["tickets.opened_at", "tickets.closed_at", "tickets.paid_on"]
    assert all(order.index(span.start.column) < order.index(span.end.column) for span in spans)
    assert {span.unit for span in spans if span.end.column == "tickets.paid_on"} <= {"day", "week", "month"}
    assert "hour" in {span.unit for span in spans}


def test_a_total_that_grows_in_one_year_starts_with_it(shop):
    schema, connection = shop
    found = list(generate(schema, lambda sql: connection.execute(sql).fetchall(), 150, seed=2, kinds=((cumulative.running_total, 1.0),)))
    to_date = ("to date", "to-date", "ytd", "qtd", "mtd", "since", "starting again", "within each", "so far in")
    totals = [e for e in found if not any(words in e.question.lower() for words in to_date)]
    shown = [
        (e, p.period)
        for e in totals
        for _, p in walk(e.spec)
        if isinstance(p, InPeriod) and p.of == getattr(e.spec.query.outputs[0], "of", None)
    ]
    of_years = [e for e, period in shown if isinstance(period, At) and str(period.value.value).isdigit()]
    assert of_years
    assert {node.reset for e in of_years for _, node in walk(e.spec) if isinstance(node, RunningTotal)} == {"year"}


def test_periods_are_not_shorter_than_those_that_are_compared(shop):
    schema, connection = shop
    kinds = ((changes.changed, 1.0), (cumulative.moving, 1.0))
    for e in generate(schema, lambda sql: connection.execute(sql).fetchall(), 150, seed=4, kinds=kinds):
        bucket = next((node for _, node in walk(e.spec) if isinstance(node, TimeBucket)), None)
        named = [p.period.value.value for _, p in walk(e.spec) if isinstance(p, InPeriod) and isinstance(p.period, At)]
        if bucket and bucket.grain == "year" and any(isinstance(n, TimeWindow) for _, n in walk(e.spec)):
            assert all(str(name).isdigit() or str(name).startswith("H1") for name in named), e.question


def said_together(first: str, second: str, seed: int, *, behind: bool) -> str:
    """Two conditions of which one holds, in words."""
    words = iter([Filter(IsNull(of=Col(column=f"t.{name}")), f"t.{name}", said) for name, said in (("a", first), ("b", second))])
    brackets = BracketFilters(lambda table: next(words), Random(seed))
    return (brackets.behind if behind else brackets.either)("t").words


@pytest.mark.parametrize("negated", ["with no fee", "with a region other than north", "with neither"])
def test_what_is_said_once_carries_no_negation_on(negated):
    assert all(said_together(negated, "with a card", seed, behind=False).count("with ") == 2 for seed in range(20))


def test_what_begins_alike_is_said_once():
    seen = {said_together("with more than 3 seats", "with a discount", seed, behind=True) for seed in range(20)}
    assert seen == {"with either more than 3 seats or a discount"}
