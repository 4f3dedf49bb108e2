"""Links by the thesaurus: which pairs get which relations."""

import numpy as np
import pytest

from microgt.graph import Linker, Relation, build_graph
from microgt.graph.synonyms import RELATIONS, with_synonyms
from microgt.graph.thesaurus import Thesaurus
from microgt.schema.types import Column, ColumnType, Schema, Table

R = Relation
SAME_COLUMN, NEAR_COLUMN, SAME_COLUMN_BACK, SAME_TABLE, SAME_TABLE_BACK = 64, 65, 66, 68, 70
BY = Thesaurus(["client,custom;2", "surnam,last name,famili name;", "person;", "wage,salari;"])


def schema():
    columns = {"customer": ["id", "last name", "city"], "staff": ["salary", "customer"]}
    return Schema(
        "s", tuple(Table(t, (t,), tuple(Column(t, c, ColumnType.TEXT, tuple(c.split())) for c in own)) for t, own in columns.items())
    )


SCHEMA = schema()
NAMES = [t.name for t in SCHEMA.tables] + [c.id for c in SCHEMA.columns]


def linked(question):
    """{(word, name): relation} of what the thesaurus adds; checks that the other side and all else fit."""
    before = build_graph(question, SCHEMA, Linker(SCHEMA))
    after, first = with_synonyms(before, BY), len(before.words) + 1
    changed = np.argwhere(after.relations != before.relations).tolist()
    found = {}
    for i, j in changed:
        assert (j, i) in {tuple(pair) for pair in changed}
        assert len(Relation) <= after.relations[i, j] < RELATIONS
        if i < len(before.words):
            found[before.words[i], NAMES[j - first]] = int(after.relations[i, j])
            assert after.relations[j, i] == after.relations[i, j] + SAME_COLUMN_BACK - SAME_COLUMN
            assert before.relations[i, j] in (R.QC_NONE, R.QT_NONE)
    return found


def test_a_word_that_means_a_table_or_a_column():
    assert linked("clients") == {("clients", "customer"): SAME_TABLE, ("clients", "staff.customer"): SAME_COLUMN}
    assert linked("persons") == {("persons", "customer"): SAME_TABLE + 1, ("persons", "staff.customer"): NEAR_COLUMN}
    assert linked("the wages of all") == {("wages", "staff.salary"): SAME_COLUMN}


def test_phrases_mean_phrases():
    assert linked("surnames in order") == {("surnames", "customer.last name"): SAME_COLUMN}
    assert linked("each family name") == {("family", "customer.last name"): SAME_COLUMN}
    assert linked("name of the family") == {}


def test_what_is_linked_by_its_name_stays():
    assert linked("customer city") == {}
    both = linked("clients who are customers")
    assert set(both) == {("clients", "customer"), ("clients", "staff.customer")}


def test_a_word_that_is_a_whole_name_means_nothing_else():
    by = Thesaurus(["customer,custom,staff;", "city,citi,salary,salari;"])
    assert with_synonyms(graph := build_graph("customers of a city", SCHEMA, Linker(SCHEMA)), by) is graph


@pytest.mark.parametrize("question", ["", "nothing here"])
def test_a_graph_without_such_words_is_itself(question):
    graph = build_graph(question, SCHEMA, Linker(SCHEMA))
    assert with_synonyms(graph, BY) is graph


def test_done_twice_it_changes_nothing_more():
    graph = with_synonyms(build_graph("wages of clients", SCHEMA, Linker(SCHEMA)), BY)
    assert np.array_equal(with_synonyms(graph, BY).relations, graph.relations)
