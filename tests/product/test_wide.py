"""The embedded questions among thousands of other columns."""

import pytest

from microgt.data.demo.source import DemoSource
from microgt.graph import Linker, build_graph
from microgt.product.wide import gold_of, widened
from microgt.schema.types import Schema


@pytest.fixture(scope="module")
def retail():
    source = DemoSource()
    return source, [e for e in source.examples("validation") if e.db == "retail"]


@pytest.mark.parametrize("columns", [10, 100, 2000])
def test_a_schema_of_so_many_columns_with_the_tables_that_are_asked_about(retail, columns):
    source, examples = retail
    wide = widened(source, "retail", columns, examples)
    own = source.schema("retail")
    assert wide.columns == len(wide.schema.columns)
    assert wide.columns == columns or (columns == 10 and wide.columns <= 10)
    assert len({c.id for c in wide.schema.columns}) == wide.columns
    names = {t.name for t in wide.schema.tables}
    assert all({*gold_of(e)} <= {*names, *(c.id for c in wide.schema.columns)} for e in wide.examples)
    if columns > 10:
        assert {t.name for t in own.tables} <= names
        assert len(wide.examples) > 0.9 * len(examples)


def test_the_linker_keeps_what_is_asked_about(retail):
    source, examples = retail
    wide = widened(source, "retail", 2000, examples)
    assert isinstance(wide.schema, Schema)
    linker = Linker(wide.schema)
    graphs = [build_graph(e.question, wide.schema, linker, most=400) for e in wide.examples[::4]]
    found = [gold_of(e) <= {*g.tables, *g.columns} for e, g in zip(wide.examples[::4], graphs, strict=True)]
    assert sum(found) >= 0.85 * len(found)
    assert all(len(g.columns) <= 400 for g in graphs)
