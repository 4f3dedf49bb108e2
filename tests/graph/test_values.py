"""Values found in the database though the question writes them otherwise, and values that no dictionary holds."""

import pytest

from microgt.graph import Linker, build_graph
from microgt.graph.fuzzy import Trigrams, one_error
from microgt.schema.types import Column, ColumnType, Schema, Table


def table(name: str, *columns: tuple[str, ColumnType]) -> Table:
    words = tuple(name.split("_"))
    return Table(name, words, tuple(Column(name, c, kind, tuple(c.split("_"))) for c, kind in columns))


TEXT, NUMBER = ColumnType.TEXT, ColumnType.NUMBER
SCHEMA = Schema(
    "world",
    (
        table("city", ("name", TEXT), ("country", TEXT), ("state", TEXT), ("zip", TEXT), ("population", NUMBER)),
        table("student", ("full_name", TEXT), ("on_scholarship", TEXT), ("rank", TEXT), ("home", TEXT)),
    ),
    values={
        "city.name": ("Los Angeles", "New York", "Louisville"),
        "city.country": ("United States", "United Kingdom", "Canada"),
        "city.state": ("FL", "CA"),
        "city.zip": ("94107", "10001"),
        "student.full_name": ("Ada Lovelace", "Accounting"),
        "student.on_scholarship": ("Y", "N"),
        "student.rank": ("PROF", "ASST"),
        "student.home": ("DE", "CH"),
    },
)
LINKER = Linker(SCHEMA)


def found(question: str, linker: Linker = LINKER) -> dict:
    return {v.value: v for v in build_graph(question, linker.schema, linker).values}


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("cities in the US", "United States"),
        ("how many British cities", "United Kingdom"),
        ("cities in Florida", "FL"),
        ("students from Germany", "DE"),
        ("Swiss students", "CH"),
        ("flights to LA", "Los Angeles"),
        ("Canadian cities", "Canada"),
        ("students who take accoutning", "Accounting"),
        ("people called Lovelace", "Ada Lovelace"),
        ("all professors", "PROF"),
        ("students on scholarship", "Y"),
    ],
)
def test_other_ways_to_say_a_cell(question, value):
    assert value in found(question)


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("names with the letter a", "a"),
        ("names that contain the word love", "love"),
        ("names starting with S", "S"),
        ("the room in DRE 102", "DRE 102"),
        ("Kate Bush or Zoe Quinn? Show both", "Zoe Quinn"),
        ("visits to St. Louis", "St. Louis"),
        ("routes to John F Kennedy International Airport", "John F Kennedy International Airport"),
    ],
)
def test_text_that_no_dictionary_holds(question, value):
    assert value in found(question)


def test_a_word_of_a_note_is_no_value():
    """Of titles one word may stand for the whole, of free text not."""
    notes = ("wants audit logs and single sign on", "asked twice about the price of storage")
    columns, values = ("title", TEXT), {"book.title": ("Silent Harbour", "Winter Letters")}
    told = Schema("shop", (table("book", columns, ("notes", TEXT)),), values=values | {"book.notes": notes})
    assert set(found("books about harbour with storage", Linker(told))) == {"Silent Harbour"}


def test_the_first_word_of_a_sentence_is_no_name():
    assert set(found("Count the towns. Show them. Which? Give all")) == set()


def test_digits_of_a_text_column_are_text_and_number():
    nodes = found("cities with zip 94107")
    assert {"94107", 94107} <= set(nodes)
    assert nodes["94107"].columns == (3,)


def test_the_nodes_of_one_full_date_are_not_its_parts():
    assert set(found("people hired on May 5th, 2023")) == {"2023-05-05"}


@pytest.mark.parametrize("hidden", [False, True])
def test_plain_words_are_candidates_only_where_a_column_has_no_dictionary(hidden):
    values = {k: v for k, v in SCHEMA.values.items() if not (hidden and k == "student.rank")}
    linker = Linker(Schema("world", SCHEMA.tables, values=values))
    assert ("senior" in found("senior students", linker)) is hidden


def test_nothing_is_found_in_a_schema_without_values():
    assert found("how many cities", Linker(Schema("empty", SCHEMA.tables))) == {}


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("mortage", "mortgage", True),
        ("goergia", "georgia", True),
        ("abc", "abd", True),
        ("abc", "abc", True),
        ("abc", "adce", False),
        ("", "ab", False),
    ],
)
def test_one_error(a, b, expected):
    assert one_error(a, b) is expected
    assert one_error(b, a) is expected


def test_trigrams_put_the_most_alike_first():
    trigrams = Trigrams(["international", "national", "nation"])
    assert [form for form, _ in trigrams.near("internationale")] == ["international"]
    assert trigrams.near("xyz") == []
