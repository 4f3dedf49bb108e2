"""Variations of written questions: the question and the spec change alike, or not at all."""

from __future__ import annotations

import random
import re

import pytest

from microgt.data.example import Example
from microgt.data.generator.variation import vary
from microgt.schema.types import Column, ColumnType, Schema, Table
from microgt.spec import read_spec, write_spec
from microgt.spec.types import Value
from microgt.spec.walk import walk

KINDS = {"city": ColumnType.TEXT, "size": ColumnType.NUMBER, "opened": ColumnType.TIME}
COLUMNS = tuple(Column("shops", name, kind, (name,)) for name, kind in KINDS.items())
SCHEMA = Schema(
    name="shops", tables=(Table("shops", ("shops",), COLUMNS),), values={"shops.city": ("Berlin", "Bonn", "Cologne", "New York")}
)
CITY = {"kind": "compare", "op": "eq", "left": "shops.city", "right": {"value": "Berlin"}}
SIZE = {"kind": "compare", "op": "gt", "left": "shops.size", "right": 1500}


def varied(question: str, seed: int = 0, **clauses) -> tuple[str, list] | None:
    """(question, values of the spec in its order) of a variation of a list of cities."""
    spec = read_spec({"query": {"outputs": ["shops.city"], **clauses}})
    example = Example(id="1", question=question, db="shops", spec=spec, sql=None, split="written", category="filter")
    found = vary(example, SCHEMA, random.Random(seed))
    return found and (found.question, [node.value for _, node in walk(found.spec) if isinstance(node, Value)])


@pytest.mark.parametrize("seed", range(20))
def test_a_text_value_changes_on_both_sides(seed):
    question, values = varied("shops in berlin please", seed, where=CITY)
    assert values[0] in ("Bonn", "Cologne", "New York")
    assert question == f"shops in {values[0].lower()} please"


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("said", ["1500", "1,500"])
def test_a_number_changes_in_its_spelling(said, seed):
    question, values = varied(f"shops over {said} metres", seed, where=SIZE)
    assert question == f"shops over {values[0]:,} metres" if "," in said else f"shops over {values[0]} metres"
    assert values[0] != 1500


@pytest.mark.parametrize("seed", range(20))
def test_values_of_one_column_stay_apart(seed):
    both = {"kind": "in", "of": "shops.city", "values": [{"value": "Berlin"}, {"value": "Bonn"}]}
    question, values = varied("Berlin or Bonn", seed, where=both)
    assert len(set(values)) == 2
    assert question == f"{values[0]} or {values[1]}"


@pytest.mark.parametrize("seed", range(20))
def test_years_move_together_and_a_single_month_changes(seed):
    period = {"kind": "absolute", "start": {"value": "March 2023"}, "end": {"value": "2024"}}
    question, (start, end) = varied("from March 2023 to 2024", seed, where={"kind": "in_period", "of": "shops.opened", "period": period})
    assert question == f"from {start} to {end}"
    assert int(end) - int(start.split()[1]) == 1
    assert end != "2024"


def test_a_year_that_is_a_number_moves_on_both_sides():
    question, (year,) = varied(
        "shops opened in 2023", where={"kind": "in_period", "of": "shops.opened", "period": {"kind": "at", "value": 2023}}
    )
    assert question == f"shops opened in {year}"
    assert year != 2023


@pytest.mark.parametrize(
    ("question", "clauses"),
    [
        ("shops in the capital", {"where": CITY}),  # the value is not said
        ("berlin shops of Berlin", {"where": CITY}),  # said twice: which one is meant is not known
        ("shops over fifteen hundred metres", {"where": SIZE}),
        ("shops over 15000 metres, 1500.5 or 21500", {"where": SIZE}),  # only parts of other numbers
        ("all shops", {}),
    ],
)
def test_what_is_not_said_as_in_the_spec_stays(question, clauses):
    assert varied(question, **clauses) is None


def test_a_year_that_is_no_period_stays_a_number():
    question, values = varied("shops over 2010 metres in Bonn or in berlin", where={"kind": "and", "args": [CITY, {**SIZE, "right": 2010}]})
    assert re.search(r"over 2010 metres", question)
    assert values[1] == 2010


def test_the_example_itself_is_not_changed():
    spec = read_spec({"query": {"outputs": ["shops.city"], "where": CITY}})
    before = write_spec(spec)
    vary(Example(id="1", question="in Berlin", db="shops", spec=spec, sql=None, split="written"), SCHEMA, random.Random(0))
    assert write_spec(spec) == before
