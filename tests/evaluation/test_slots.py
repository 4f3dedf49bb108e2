import pytest

from microgt.evaluation import agreement
from microgt.evaluation.agreement import SpecReader
from microgt.evaluation.slots import Slot, compare_slots, parts
from microgt.schema.types import Column, ColumnType, ForeignKey, Schema, Table
from microgt.spec.canonical import canonical
from microgt.spec.importer import import_sql
from microgt.spec.json import read_spec

NUMBER, TEXT, TIME = ColumnType.NUMBER, ColumnType.TEXT, ColumnType.TIME


def _table(name, **columns):
    return Table(name, (name,), tuple(Column(name, c, t, (c,), primary=c == "id") for c, t in columns.items()))


SCHEMA = Schema(
    "shop",
    (_table("customers", id=NUMBER, region=TEXT, age=NUMBER), _table("orders", id=NUMBER, customer_id=NUMBER, amount=NUMBER, placed=TIME)),
    (ForeignKey("orders.customer_id", "customers.id"),),
)
TOTAL = {"kind": "aggregate", "fn": "sum", "of": "orders.amount"}
MONTH = {"kind": "time_bucket", "grain": "month", "of": "orders.placed"}
OLD = {"kind": "compare", "op": "ge", "left": "customers.age", "right": 60}
NORTH = {"kind": "compare", "op": "eq", "left": "customers.region", "right": {"value": "north"}}
LAST_YEAR = {"kind": "in_period", "of": "orders.placed", "period": {"kind": "previous", "unit": "year"}}


def spec(*outputs, view=None, **clauses):
    return canonical(read_spec({"query": {"outputs": outputs, **clauses}, **({"view": view} if view else {})}), SCHEMA)


def count(gold, predicted, **more):
    """slot -> (both, gold, predicted)"""
    return {slot: (c.both, c.gold, c.predicted) for slot, c in compare_slots(gold, predicted, **more).items()}


def test_each_part_lands_in_its_slot():
    running = {"kind": "running_total", "of": TOTAL}
    desc = {"direction": "desc", "by": {"kind": "ref", "output": 2}}
    gold = spec(
        "customers.region",
        MONTH,
        TOTAL,
        running,
        where={"kind": "and", "args": [OLD, NORTH, LAST_YEAR]},
        sort=[desc],
        limit={"n": 5},
        view={"kind": "chart", "mark": "line", "x": {"kind": "ref", "output": 1}, "y": {"kind": "ref", "output": 2}},
    )
    found = {}
    for slot, text in parts(gold):
        found.setdefault(str(slot), []).append(text)
    assert {slot: len(texts) for slot, texts in found.items()} == {
        "measure": 2,  # the total, shown and run over
        "dimension": 1,
        "time": 2,
        "filter": 2,
        "path": 2,
        "window": 1,
        "sort": 2,
        "chart": 3,
    }
    assert sorted(found["path"]) == ["customers", "orders"]
    assert set(found) == set(Slot)


@pytest.mark.parametrize(
    ("gold", "predicted", "slot", "wanted"),
    [
        (spec(TOTAL), spec({**TOTAL, "fn": "avg"}), "measure", (0, 1, 1)),
        (spec("customers.region", TOTAL), spec("customers.age", TOTAL), "dimension", (0, 1, 1)),
        (spec("customers.region"), spec("customers.region", distinct=True), "dimension", (1, 1, 2)),
        (spec(MONTH, TOTAL), spec({**MONTH, "grain": "year"}, TOTAL), "time", (0, 1, 1)),
        (spec(TOTAL, where=LAST_YEAR), spec(TOTAL), "time", (0, 1, 0)),
        (spec(TOTAL, where={"kind": "and", "args": [OLD, NORTH]}), spec(TOTAL, where=NORTH), "filter", (1, 2, 1)),
        (spec(TOTAL, where=OLD), spec(TOTAL, where={**OLD, "op": "gt"}), "filter", (0, 1, 1)),
        (spec(TOTAL, where=OLD), spec(TOTAL), "path", (1, 2, 1)),
        (spec("orders.id", limit={"n": 1}), spec("orders.id", limit={"n": 2}), "sort", (0, 1, 1)),
    ],
)
def test_one_mistake_costs_its_slot(gold, predicted, slot, wanted):
    found = count(gold, predicted)
    assert found.pop(slot) == wanted
    assert all(both == wanted for name, (both, wanted, _) in found.items() if {name, slot} != {"path", "filter"})


def test_having_and_sort_mean_what_they_name():
    """A name for an output counts as the output: whether it comes first or second."""
    above = lambda output: {"kind": "compare", "op": "gt", "left": {"kind": "ref", "output": output}, "right": 9}  # noqa: E731
    by = lambda output: [{"direction": "asc", "by": {"kind": "ref", "output": output}}]  # noqa: E731
    one = spec("customers.region", TOTAL, having=above(1), sort=by(1))
    other = spec(TOTAL, "customers.region", having=above(0), sort=by(0))
    assert all(both == gold == predicted for both, gold, predicted in count(one, other).values())


def test_nested_queries_are_parts_of_their_own():
    gold = import_sql("SELECT region FROM customers WHERE id IN (SELECT customer_id FROM orders WHERE amount > 5)", SCHEMA)
    near = import_sql("SELECT region FROM customers WHERE id IN (SELECT customer_id FROM orders WHERE amount > 6)", SCHEMA)
    flat = import_sql("SELECT region FROM customers WHERE age > 5", SCHEMA)
    assert count(gold, near)["filter"] == (1, 2, 2)
    assert count(gold, near)["dimension"] == (2, 2, 2)
    assert count(gold, flat)["filter"] == (0, 2, 1)


def test_set_operations():
    gold = import_sql("SELECT region FROM customers WHERE age > 5 UNION SELECT region FROM customers WHERE age < 3", SCHEMA)
    other = import_sql("SELECT region FROM customers WHERE age > 5 EXCEPT SELECT region FROM customers WHERE age < 3", SCHEMA)
    assert count(gold, other)["filter"] == (2, 2, 2)
    assert count(gold, other)["path"] == (2, 3, 3)


def test_views():
    donut = {"kind": "chart", "mark": "donut"}
    gold = spec("customers.region", TOTAL, view=donut)
    assert count(gold, spec("customers.region", TOTAL, view={**donut, "mark": "pie"}))["chart"] == (2, 3, 3)
    assert count(gold, spec("customers.region", TOTAL))["chart"] == (0, 3, 0)
    assert "chart" not in count(gold, spec("customers.region", TOTAL), charts=False)
    number = spec(TOTAL, view={"kind": "number"})
    assert count(number, number)["chart"] == (1, 1, 1)
    forecast = {"kind": "forecast", "of": {"kind": "ref", "output": 1}, "horizon": 3}
    assert count(spec(MONTH, TOTAL, view=forecast), spec(MONTH, TOTAL, view={**forecast, "horizon": 4}))["chart"] == (2, 3, 3)


def test_no_prediction_misses_every_part():
    assert count(spec(TOTAL, where=OLD), None) == {"measure": (0, 1, 0), "filter": (0, 1, 0), "path": (0, 2, 0)}


def test_there_is_nothing_in_a_refusal():
    refusal = read_spec({"kind": "unanswerable", "reason": "no_column"})
    assert count(refusal, refusal) == {}
    assert count(refusal, spec(TOTAL)) == {"measure": (0, 0, 1), "path": (0, 0, 1)}


def test_the_same_query_is_read_once(monkeypatch):
    reader = SpecReader(SCHEMA)
    query = "SELECT region, count(*) FROM customers GROUP BY region"
    first = reader.read(None, query)
    assert first == canonical(import_sql(query, SCHEMA), SCHEMA)
    monkeypatch.setattr(agreement, "import_sql", None)
    assert reader.read(None, query) is first
    assert reader.read(first, "SELECT nonsense") == first
    assert reader.read(None, None) is None
