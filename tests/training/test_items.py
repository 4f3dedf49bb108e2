"""Prepared items come back as they were, and only those that are asked for are in memory."""

import gc
import tracemalloc
from itertools import islice

import numpy as np
import pyarrow as pa
import pytest

from microgt.graph import ValueNode
from microgt.training.items import Items, write_items
from microgt.training.prepare import Prepared
from microgt.training.stream import BatchStream, Ordered, Pool
from tests.model.conftest import make_graph, random_actions

__all__ = ["make_graph", "random_actions"]


@pytest.fixture
def items(make_graph, random_actions):
    """Ten items of different sizes."""
    graphs = [make_graph(seed, words=3 + seed % 4, columns=4 + seed % 3) for seed in range(10)]
    return [Prepared(f"q{i}", "shop", graph, tuple(random_actions(graph, i))) for i, graph in enumerate(graphs)]


def same(one: Prepared, other: Prepared) -> bool:
    mine, yours = ({k: v for k, v in vars(item.graph).items() if k not in ("relations", "flags")} for item in (one, other))
    arrays = all(np.array_equal(getattr(one.graph, k), getattr(other.graph, k)) for k in ("relations", "flags"))
    return arrays and (mine, one.id, one.db, one.actions) == (yours, other.id, other.db, other.actions)


def test_items_come_back_in_the_order_asked_for(items, tmp_path):
    write_items(tmp_path / "items.arrow", items)
    read = Items(tmp_path / "items.arrow")
    assert len(read) == 10
    assert all(same(items[i], item) for i, item in zip((7, 0, 7, 3), read.take([7, 0, 7, 3]), strict=True))
    assert all(map(same, items, read))
    assert read.nodes.tolist() == [len(item.graph.tokens) for item in items]
    assert read.steps.tolist() == [len(item.actions) for item in items]
    assert list(read.column("id")) == [item.id for item in items]


def test_values_keep_their_types(items, tmp_path):
    values = tuple(
        ValueNode(value, "cell", span, columns, 0.25)
        for value, span, columns in ((True, None, ()), (1, (0, 2), (1, 2)), (1.0, (1, 2), ()), ("1\n \u2028\U0001f600", None, (0,)))
    )
    graph = items[0].graph
    object.__setattr__(graph, "values", values)
    write_items(tmp_path / "items.arrow", items[:1])
    (read,) = Items(tmp_path / "items.arrow")
    assert read.graph.values == values
    assert [type(v.value) for v in read.graph.values] == [bool, int, float, str]


def test_there_may_be_none(tmp_path):
    write_items(tmp_path / "items.arrow", [])
    read = Items(tmp_path / "items.arrow")
    assert (len(read), list(read), list(read.column("id"))) == (0, [], [])


def test_each_is_looked_at_once_in_batches_of_like_size(items, tmp_path):
    write_items(tmp_path / "items.arrow", items)
    batches = Ordered(Items(tmp_path / "items.arrow"), batch_size=4, collate=list)
    looked = [batches[i] for i in range(len(batches))]
    assert [len(batch) for batch in looked] == [4, 4, 2]
    sizes = [(len(item.graph.tokens), item.id) for batch in looked for item in batch]
    assert sizes == sorted((len(item.graph.tokens), item.id) for item in items)


def test_memory_holds_a_batch_whatever_the_size_of_the_data(make_graph, random_actions, tmp_path):
    """Three hundred items of some 100 kB are written and read through in a small part of what they take."""
    graph, path = make_graph(words=20, columns=300), tmp_path / "items.arrow"
    actions = tuple(random_actions(graph))
    tracemalloc.start()
    try:
        write_items(path, (Prepared(f"q{i}", "shop", graph, actions) for i in range(300)))
        written = tracemalloc.get_traced_memory()[1]
        allocated = pa.total_allocated_bytes()
        stream = BatchStream([Pool(Items(path))], batch_size=8, seed=0, collate=lambda part, *_: len(part))
        assert pa.total_allocated_bytes() - allocated < 20_000  # their sizes; the rest is mapped
        tracemalloc.reset_peak()
        assert sum(islice(stream, 38)) == 300
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert path.stat().st_size > 30_000_000
    assert written < 10_000_000
    assert peak < 4_000_000


def test_what_was_read_is_let_go(items, tmp_path):
    write_items(tmp_path / "items.arrow", items * 20)
    stream = iter(BatchStream([Pool(Items(tmp_path / "items.arrow"))], batch_size=8, seed=0, collate=lambda part, *_: part))
    before = living()
    for _ in range(60):
        batch = next(stream)
    assert living() - before <= 2 * len(batch)


def living() -> int:
    return sum(type(o) is Prepared for o in gc.get_objects())
