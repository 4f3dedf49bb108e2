"""What `microgt graph` prints."""

import io

from rich.console import Console

from microgt.graph import Linker, build_graph
from microgt.graph.show import show
from microgt.schema.types import Column, ColumnType, Schema, Table

SCHEMA = Schema(
    "shop",
    (Table("orders", ("orders",), (Column("orders", "region", ColumnType.TEXT, ("region",)),)),),
    values={"orders.region": ("North",)},
)


def test_the_links_the_values_and_the_nodes_are_shown():
    console = Console(file=io.StringIO(), width=100)
    show(build_graph("orders in north region", SCHEMA, Linker(SCHEMA)), console)
    text = console.file.getvalue()
    assert "orders (exact)" in text
    assert "'North'" in text
    assert "8 nodes: 4 words, *, 1 tables, 1 columns, 1 values" in text


def test_brackets_in_names_and_values_are_shown_as_they_are():
    name = "rate [/min]"
    schema = Schema("s", (Table("t", ("t",), (Column("t", name, ColumnType.TEXT, ("rate", "min")),)),), values={f"t.{name}": ("[b]",)})
    console = Console(file=io.StringIO(), width=100)
    show(build_graph("rate of [b] [/b]", schema, Linker(schema)), console)
    text = console.file.getvalue()
    assert "t.rate [/min]" in text
    assert "[b]" in text
