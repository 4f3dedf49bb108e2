"""A column that further tables get too: a graph as linking would make it, and the same gold."""

import random

import numpy as np
import pytest

from microgt.graph import Linker, Relation, build_graph
from microgt.schema.types import Column, ColumnType, ForeignKey, Schema, Table
from microgt.spec import read_spec
from microgt.spec.grammar import GRAMMAR
from microgt.training.prepare import Prepared
from microgt.training.repeated import RepeatColumns

TEXT, NUMBER = ColumnType.TEXT, ColumnType.NUMBER
QUESTION = "How many customers in 'Paris'?"
SPEC = {
    "query": {
        "outputs": [{"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "customer"}}],
        "where": {"kind": "compare", "op": "eq", "left": "customer.city", "right": {"value": "Paris"}},
    }
}


def schema(*, more: tuple[str, ...] = ()) -> Schema:
    """more: tables that have a city beside `customer`."""
    columns = {"visit": ["day"], "customer": ["id", "city"], "shop": ["id", "owner"], "stock": ["item"]}
    tables = [
        Table(t, (t,), tuple(Column(t, c, NUMBER if c == "id" else TEXT, (c,), c == "id") for c in (*own, *(["city"] * (t in more)))))
        for t, own in columns.items()
    ]
    values = {f"{t}.city": ("Paris", "Rome") for t in ("customer", *more)}
    return Schema("s", tuple(tables), (ForeignKey("shop.owner", "customer.id"),), values)


def item(question: str = QUESTION, spec: dict = SPEC) -> Prepared:
    graph = build_graph(question, schema(), Linker(schema()))
    return Prepared("q", "s", graph, tuple(GRAMMAR.encode(read_spec(spec), graph.scope)))


@pytest.mark.parametrize("seed", range(8))
def test_the_graph_is_that_of_a_schema_with_the_copies(seed):
    found = RepeatColumns(p=1.0)(item(), random.Random(seed)).graph
    more = tuple(t for t in ("visit", "shop", "stock") if f"{t}.city" in found.columns)
    assert more
    wanted = build_graph(QUESTION, schema(more=more), Linker(schema(more=more)))
    assert (found.tables, found.columns, found.tokens) == (wanted.tables, wanted.columns, wanted.tokens)
    assert [v.columns for v in found.values] == [v.columns for v in wanted.values]
    assert np.array_equal(found.relations, wanted.relations)
    assert np.array_equal(found.flags, wanted.flags)


def test_the_gold_stays():
    before = item()
    after = RepeatColumns(p=1.0)(before, random.Random(0))
    assert GRAMMAR.decode(after.actions, after.graph.scope) == GRAMMAR.decode(before.actions, before.graph.scope) == read_spec(SPEC)


def test_tables_that_the_question_names_get_none():
    for seed in range(8):
        found = RepeatColumns(p=1.0)(item("How many customers of any stock or shop or visit in 'Paris'?"), random.Random(seed))
        assert found.graph.columns == item().graph.columns


def test_nothing_to_repeat():
    plain = item("Which ids?", {"query": {"outputs": ["customer.id"]}})
    assert RepeatColumns(p=1.0)(plain, random.Random(0)) is plain
    assert RepeatColumns(p=0.0)(one := item(), random.Random(0)) is one


def test_foreign_keys_are_not_copied():
    found = RepeatColumns(p=1.0)(item(), random.Random(1)).graph
    first = len(found.words) + 1 + len(found.tables)
    copies = [first + i for i, c in enumerate(found.columns) if c.endswith(".city") and c != "customer.city"]
    assert not np.isin(found.relations[copies], (Relation.CT_PRIMARY, Relation.CT_KEY_INTO, Relation.CC_KEY, Relation.CC_KEY_BACK)).any()
