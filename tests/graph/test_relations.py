"""Relation ids are stored in checkpoints: they stay what they are, and both directions of a pair correspond."""

import numpy as np

from microgt.graph import RELATION_VERSION, Linker, Relation, build_graph
from microgt.schema.types import Column, ColumnType, ForeignKey, Schema, Table

NUMBER = ColumnType.NUMBER
SCHEMA = Schema(
    "shop",
    (
        Table(
            "customers",
            ("customers",),
            (Column("customers", "id", NUMBER, ("id",), True), Column("customers", "city", ColumnType.TEXT, ("city",))),
        ),
        Table(
            "orders",
            ("orders",),
            (Column("orders", "customer_id", NUMBER, ("customer", "id")), Column("orders", "id", NUMBER, ("id",), True)),
        ),
        Table("lines", ("lines",), (Column("lines", "order_id", NUMBER, ("order", "id")),)),
    ),
    (ForeignKey("orders.customer_id", "customers.id"), ForeignKey("lines.order_id", "orders.id")),
)


def relation(a: str, b: str) -> Relation:
    found = build_graph("", SCHEMA, Linker(SCHEMA))
    names = ("*", *found.tables, *found.columns)
    return Relation(int(found.relations[names.index(a), names.index(b)]))


def test_ids_fit_a_table_of_64_and_have_a_version():
    assert [int(r) for r in Relation] == list(range(64))
    assert RELATION_VERSION == 1
    assert Relation.PAD == 0


def test_relations_of_the_schema():
    assert relation("orders", "customers") is Relation.TT_KEY
    assert relation("customers", "orders") is Relation.TT_KEY_BACK
    assert relation("customers", "lines") is Relation.TT_BRIDGE
    assert relation("orders.customer_id", "customers.id") is Relation.CC_KEY
    assert relation("customers.id", "orders.customer_id") is Relation.CC_KEY_BACK
    assert relation("customers.id", "customers.city") is Relation.CC_SAME_TABLE
    assert relation("customers.id", "orders.id") is Relation.CC_SAME_NAME
    assert relation("customers.id", "customers") is Relation.CT_PRIMARY
    assert relation("customers", "customers.id") is Relation.TC_PRIMARY
    assert relation("orders.customer_id", "customers") is Relation.CT_KEY_INTO
    assert relation("*", "orders") is Relation.STAR


def test_distances_of_words_are_clipped():
    found = build_graph("one two three four five six seven", SCHEMA, Linker(SCHEMA))
    expected = np.clip(np.arange(7), 0, 4) + Relation.Q_SAME
    np.testing.assert_array_equal(found.relations[0, :7], expected)
