"""Names change, and links are those that linking would make."""

import dataclasses
import random

import numpy as np
import pytest

from microgt.graph import Graph, Linker, Relation, build_graph
from microgt.graph.words import stem
from microgt.schema.types import Column, ColumnType, ForeignKey, Schema, Table
from microgt.spec import read_spec
from microgt.spec.grammar import GRAMMAR
from microgt.training.fewer import DropKeys, DropTables, Shuffle
from microgt.training.links import relink, rename
from microgt.training.prepare import Prepared
from microgt.training.renaming import RenameAsked, RenameSchema

TABLES = {
    "student": [("id", "number"), ("name", "text"), ("age", "number"), ("city id", "number"), ("born", "time")],
    "city": [("id", "number"), ("city name", "text"), ("founded year", "number")],
    "club": [("id", "number"), ("name", "text"), ("town", "text")],
    "visit": [("student id", "number"), ("club id", "number"), ("day", "time")],
}
KEYS = (("student.city id", "city.id"), ("visit.student id", "student.id"), ("visit.club id", "club.id"))


def schema(tables: dict = TABLES) -> Schema:
    made = tuple(
        Table(t, tuple(t.split()), tuple(Column(t, c, ColumnType(kind), tuple(c.split()), c == "id") for c, kind in columns))
        for t, columns in tables.items()
    )
    values = {"club.town": ("Paris", "Rome"), "city.city name": ("Paris", "Old Town"), "student.name": ("Ada", "Bo")}
    return Schema("school", made, tuple(ForeignKey(*k) for k in KEYS), values, {"visit.day": ("2020-01-01", "2021-01-01")})


QUESTIONS = (
    "What are the names of students older than 20 in the city Paris founded in 1990?",
    "How many clubs did student Ada visit after 2020-05-01?",
    "town and name of each club with a student of age 30",
)
SPEC = read_spec(
    {
        "query": {
            "outputs": ["student.name"],
            "where": {"kind": "compare", "op": "eq", "left": "city.city name", "right": {"value": "Paris"}},
        }
    }
)


def graph_of(question: str) -> Graph:
    return build_graph(question, schema(), Linker(schema()))


@pytest.fixture(scope="module")
def item():
    graph = graph_of(QUESTIONS[0])
    return Prepared("q", "school", graph, tuple(GRAMMAR.encode(SPEC, graph.scope)))


@pytest.mark.parametrize("question", QUESTIONS)
def test_linking_again_changes_nothing(question):
    graph = graph_of(question)
    again = np.full_like(graph.relations, 255)
    inside = slice(len(graph.words) + 1, len(graph.words) + 1 + len(graph.tables) + len(graph.columns))
    relink(graph, range(inside.start, inside.stop), again)
    q = len(graph.words)
    assert np.array_equal(again[:q, inside], graph.relations[:q, inside])
    assert np.array_equal(again[inside, :q], graph.relations[inside, :q])
    named = graph.relations.copy()
    rename(graph, range(inside.start, inside.stop), named)
    assert np.array_equal(named, graph.relations)


def test_a_renamed_column_is_linked_as_if_it_had_always_been_called_so():
    graph = graph_of(QUESTIONS[2])
    node = len(graph.words) + 1 + len(graph.tables) + graph.columns.index("club.town")
    renamed = dataclasses.replace(
        graph, tokens=(*graph.tokens[:node], (stem("place"),), *graph.tokens[node + 1 :]), relations=graph.relations.copy()
    )
    relink(renamed, [node], renamed.relations)
    rename(renamed, [node], renamed.relations)
    other = schema({**TABLES, "club": [("id", "number"), ("name", "text"), ("place", "text")]})
    expected = build_graph(QUESTIONS[2], dataclasses.replace(other, values={}), Linker(dataclasses.replace(other, values={})))
    last = len(graph.words) + 1 + len(graph.tables) + len(graph.columns)
    assert np.array_equal(renamed.relations[:last, node], expected.relations[:last, node])
    assert Relation.QC_EXACT in graph.relations[: len(graph.words), node]
    assert Relation.QC_EXACT not in renamed.relations[: len(graph.words), node]


@pytest.mark.parametrize("seed", range(6))
def test_the_schema_renamed_keeps_the_gold_and_loses_links(item, seed):
    renamed = RenameSchema(p=1.0, each=1.0, synonyms={"student": ["pupil"], "name": ["what it is called"]})(item, random.Random(seed))
    graph = renamed.graph
    assert graph.tokens != item.graph.tokens
    assert graph.tokens[: len(graph.words)] == item.graph.tokens[: len(graph.words)]
    assert GRAMMAR.decode(list(renamed.actions), graph.scope) == SPEC
    exact = [np.isin(g.relations, (Relation.QC_EXACT, Relation.QT_EXACT)).sum() for g in (graph, item.graph)]
    assert exact[0] < exact[1]


def test_asked_words_become_synonyms_and_values_stay(item):
    renamed = RenameAsked(p=1.0, each=1.0, synonyms={"student": ["pupil"], "city": ["big town", "place"], "paris": ["rome"]})(
        item, random.Random(0)
    )
    assert renamed.graph.question == "What are the names of pupil older than 20 in the place Paris founded in 1990?"
    assert renamed.graph.words[5] == "pupil"
    student = len(renamed.graph.words) + 1
    assert item.graph.relations[5, student] == Relation.QT_EXACT
    assert renamed.graph.relations[5, student] == Relation.QT_NONE
    assert renamed.actions == item.actions


def test_changes_without_a_chance_leave_the_item_alone(item):
    for change in (RenameSchema(p=0.0), RenameAsked(p=0.0), DropTables(p=0.0), Shuffle(p=0.0), DropKeys(p=0.0)):
        assert change(item, random.Random(0)) is item


@pytest.mark.parametrize("seed", range(6))
def test_unused_tables_go_and_those_of_the_gold_stay(item, seed):
    smaller = DropTables(p=1.0, each=0.9)(item, random.Random(seed))
    graph = smaller.graph
    assert {"student", "city"} <= set(graph.tables)
    assert len(graph.tables) < 4
    assert all(c.rpartition(".")[0] in graph.tables for c in graph.columns)
    assert GRAMMAR.decode(list(smaller.actions), graph.scope) == SPEC
    assert graph.relations.shape == (len(graph.tokens),) * 2 == (len(graph.flags),) * 2


def test_another_order_keeps_gold_and_relations(item):
    moved = Shuffle()(item, random.Random(3))
    assert moved.graph.tables != item.graph.tables
    assert GRAMMAR.decode(list(moved.actions), moved.graph.scope) == SPEC
    place = {c: len(moved.graph.words) + 1 + 4 + i for i, c in enumerate(moved.graph.columns)}
    assert moved.graph.relations[place["student.city id"], place["city.id"]] == Relation.CC_KEY
    assert [c.rpartition(".")[0] for c in moved.graph.columns] == [t for t in moved.graph.tables for c in TABLES[t]]


def test_without_keys_nothing_says_what_belongs_together(item):
    bare = DropKeys(p=1.0)(item, random.Random(0)).graph
    undeclared = dataclasses.replace(schema(), keys=())
    tables = tuple(
        dataclasses.replace(t, columns=tuple(dataclasses.replace(c, primary=False) for c in t.columns)) for t in undeclared.tables
    )
    expected = dataclasses.replace(undeclared, tables=tables)
    assert np.array_equal(bare.relations, build_graph(QUESTIONS[0], expected, Linker(expected)).relations)
    assert np.array_equal(bare.flags, build_graph(QUESTIONS[0], expected, Linker(expected)).flags)
