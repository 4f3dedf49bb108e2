"""Augmentation keeps the gold: fewer columns decode to the same spec, new names change no link."""

import random

import numpy as np
import pytest

from microgt.graph import Linker, build_graph
from microgt.model.lexicon import NONCES
from microgt.schema.types import Column, ColumnType, Schema, Table
from microgt.spec import read_spec
from microgt.spec.grammar import GRAMMAR
from microgt.training.augment import Augment, DropColumns, RenameLinked
from microgt.training.prepare import Prepared

COLUMNS = ("id", "region", "amount", *(f"extra {i}" for i in range(40)))
SCHEMA = Schema(
    "shop",
    (Table("orders", ("orders",), tuple(Column("orders", c, ColumnType.TEXT, tuple(c.split()), c == "id") for c in COLUMNS)),),
    values={"orders.region": ("north", "south")},
)
SPEC = read_spec(
    {
        "kind": "answer",
        "query": {
            "kind": "select",
            "outputs": [{"kind": "aggregate", "fn": "sum", "of": "orders.amount"}],
            "where": {"kind": "compare", "op": "eq", "left": "orders.region", "right": {"value": "north"}},
        },
    }
)


@pytest.fixture(scope="module")
def item():
    graph = build_graph("total amount of orders in the region north", SCHEMA, Linker(SCHEMA))
    return Prepared("q", "shop", graph, tuple(GRAMMAR.encode(SPEC, graph.scope)))


@pytest.mark.parametrize("seed", range(8))
def test_dropping_columns_keeps_the_gold(item, seed):
    smaller = DropColumns(p=1.0, cap=20)(item, random.Random(seed))
    graph = smaller.graph
    assert len(graph.columns) <= 20
    assert GRAMMAR.decode(list(smaller.actions), graph.scope) == SPEC
    assert graph.relations.shape == (len(graph.tokens),) * 2 == (len(graph.flags),) * 2
    cell = next(v for v in graph.values if v.value == "north")
    assert [graph.columns[c] for c in cell.columns] == ["orders.region"]


def test_wide_schemas_are_cut_and_narrow_ones_left_alone(item):
    assert len(DropColumns(p=0.0, cap=36)(item, random.Random(0)).graph.columns) == 36
    assert DropColumns(p=0.0, cap=100)(item, random.Random(0)) is item


def test_shared_words_get_one_nonce_on_both_sides(item):
    renamed = RenameLinked(p=1.0, each=1.0)(item, random.Random(0)).graph
    assert np.array_equal(renamed.relations, item.graph.relations)
    column = len(renamed.words) + 2 + COLUMNS.index("amount")
    word = renamed.words.index("amount")
    assert renamed.tokens[word] == renamed.tokens[column]
    assert renamed.tokens[word][0] in NONCES
    assert renamed.tokens[renamed.words.index("the")] == ("the",)


def test_changes_are_a_function_of_the_generator(item):
    change = Augment()
    once, again = change(item, random.Random("1/2")), change(item, random.Random("1/2"))
    assert (once.graph.columns, once.graph.tokens, once.actions) == (again.graph.columns, again.graph.tokens, again.actions)
