"""Links by name and by value, candidate values, the relation matrix."""

from dataclasses import replace

import numpy as np
import pytest

from microgt.graph import Graph, Linker, Relation, build_graph
from microgt.graph.graph import MOST_WORDS
from microgt.schema.types import Column, ColumnType, ForeignKey, Schema, Table

SCHEMA = Schema(
    "shop",
    (
        Table(
            "customers",
            ("customers",),
            (
                Column("customers", "id", ColumnType.NUMBER, ("id",), True),
                Column("customers", "first_name", ColumnType.TEXT, ("first", "name")),
                Column("customers", "country", ColumnType.TEXT, ("country",)),
                Column("customers", "sex", ColumnType.TEXT, ("sex",)),
            ),
        ),
        Table(
            "orders",
            ("orders",),
            (
                Column("orders", "customer_id", ColumnType.NUMBER, ("customer", "id")),
                Column("orders", "placed", ColumnType.TIME, ("placed",)),
            ),
        ),
    ),
    (ForeignKey("orders.customer_id", "customers.id"),),
    values={
        "customers.country": ("United States", "America", "France"),
        "customers.sex": ("F", "M"),
        "customers.first_name": ("Ada", "Bo"),
    },
)
LINKER = Linker(SCHEMA)


def graph(question: str) -> Graph:
    return build_graph(question, SCHEMA, LINKER)


def link(found: Graph, word: str, name: str) -> Relation:
    row = found.words.index(word)
    column = len(found.words) + 1 + (*found.tables, *found.columns).index(name)
    forward, back = found.relations[row, column], found.relations[column, row]
    assert back > forward
    return Relation(int(forward))


def values(question: str) -> dict:
    return {v.value: v for v in graph(question).values}


def test_names_link_by_stems():
    found = graph("Show the first names of each customer")
    assert link(found, "customer", "customers") is Relation.QT_EXACT
    assert link(found, "first", "customers.first_name") is Relation.QC_EXACT
    assert link(found, "customer", "orders.customer_id") is Relation.QC_PARTIAL
    assert link(found, "the", "orders") is Relation.QT_NONE


def test_values_have_the_spelling_of_the_database():
    found = graph("customers from united states")
    node = next(v for v in found.values if v.value == "United States")
    assert found.columns[node.columns[0]] == "customers.country"
    assert link(found, "united", "customers.country") is Relation.QC_VALUE


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("more than 1,500 orders", 1500),
        ("the three oldest customers", 3),
        ("sales above 2.5", 2.5),
        ("orders in March 2023", "March 2023"),
        ("orders in Q2 2024", "Q2 2024"),
        ("orders on 2023-05-01", "2023-05-01"),
        ("names containing 'Ha'", "Ha"),
        ("how many American customers", "America"),
        ("count the female customers", "F"),
        ("orders of Zoe Quinn", "Zoe Quinn"),
    ],
)
def test_candidate_values(question, value):
    assert value in values(question)


def test_at_most_sixteen_values():
    assert len(graph("numbers " + " ".join(str(n) for n in range(100, 140))).values) == 16


def test_the_matrix_holds_known_relations_for_every_pair():
    found = graph("How many orders in 2023 for Ada?")
    n = len(found.tokens)
    assert found.relations.shape == (n, n)
    assert found.relations.dtype == np.uint8
    assert found.flags.shape[0] == n
    assert {int(r) for r in np.unique(found.relations)} <= {int(r) for r in Relation} - {Relation.PAD, Relation.PREVIOUS}
    assert (np.diag(found.relations)[: len(found.words)] == Relation.Q_SAME).all()
    assert found.scope.columns == tuple(c.id for c in SCHEMA.columns)


@pytest.mark.parametrize("question", ["сколько заказов", "注文はいくつ", "🙂", "?", "   "])
def test_any_text_gives_a_graph(question):
    assert len(graph(question).tables) == 2


def test_names_may_hold_dots():
    tables = {"shop": ["city", "owner.name"], "shop.old": ["city"]}
    made = tuple(Table(t, (t,), tuple(Column(t, c, ColumnType.TEXT, (c,)) for c in own)) for t, own in tables.items())
    schema = Schema("s", made)
    assert build_graph("city", schema, Linker(schema)).owners == (0, 0, 1)


def test_words_beyond_the_most_are_counted():
    assert graph("name " * MOST_WORDS).unread == 0
    assert graph("name " * (MOST_WORDS + 3)).unread == 3


def test_a_text_that_is_a_date_is_both():
    columns = (Column("stays", "day", ColumnType.TEXT, ("day",)), Column("stays", "note", ColumnType.TEXT, ("note",)))
    plain = Schema("stays", (Table("stays", ("stays",), columns),))
    dated = replace(plain, ranges={"stays.day": ("2020-01-01", "2024-01-01")})
    text, both = (build_graph("how many in 2023", schema, Linker(schema)) for schema in (plain, dated))
    assert (text.scope.dates, both.scope.dates) == ((), (0,))
    assert (link(text, "2023", "stays.day"), link(both, "2023", "stays.day")) == (Relation.QC_NONE, Relation.QC_TIME)
    types = [list(ColumnType).index(kind) for kind in (ColumnType.TEXT, ColumnType.TIME)]
    first = len(both.words) + 1 + len(both.tables)
    assert both.flags[first : first + 2, types].tolist() == [[1, 1], [1, 0]]
