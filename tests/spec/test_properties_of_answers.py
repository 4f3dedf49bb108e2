"""What holds for the answers of every accepted spec, on every database."""

import json
from collections import Counter

import duckdb
from hypothesis import assume, event, given, note
from hypothesis import strategies as st

from microgt.spec import Answer, canonical, check, compile_spec, sort_outputs, write_spec
from microgt.spec.types import Col, Select
from tests.spec.databases import DIMENSION, FACTS, orphans, stars
from tests.spec.strategies import answers, measures

SEVERAL_VALUES = "More than one row returned by a subquery"


def cell(value):
    """Sums in another order differ in their last digits."""
    return f"{value:.9g}" if isinstance(value, float) else f"{value!r}"


def answer(spec, database):
    """The rows; None when a query in the place of one value has several, which hangs on the data."""
    sql = compile_spec(spec, database.schema)
    note(f"{json.dumps(write_spec(spec))}\n{sql}")
    with database.connect() as connection:
        try:
            return [tuple(map(cell, row)) for row in connection.execute(sql).fetchall()]
        except duckdb.Error as error:
            if SEVERAL_VALUES in str(error):
                return None
            raise


@given(answers())
def test_what_is_accepted_runs(drawn):
    database, spec = drawn
    event("runs" if answer(spec, database) is not None else "several values")


@given(answers())
def test_the_canonical_form_has_the_same_answer(drawn):
    database, spec = drawn
    form = canonical(spec, database.schema)
    assert check(form, database.schema) == []
    ours, theirs = answer(spec, database), answer(form, database)
    assume(ours is not None and theirs is not None)
    assert Counter(ours) == Counter(theirs)
    keys = sort_outputs(form) or ()
    if sort_outputs(spec) and None not in keys:
        assert [[row[k] for k in keys] for row in ours] == [[row[k] for k in keys] for row in theirs]


@given(stars(), st.data())
def test_another_fact_and_its_orphans_change_no_measure(database, data):
    """A measure by a dimension is the same alone, beside a measure of another fact, and when that fact gets rows without a parent."""
    dimension = Col(column=data.draw(st.sampled_from(database.schema.table(DIMENSION).columns)).id)
    ours, theirs = (data.draw(measures(database, fact)) for fact in FACTS)
    alone = Answer(query=Select(outputs=(dimension, ours)))
    beside = Answer(query=Select(outputs=(dimension, ours, theirs)))
    assume(not check(alone, database.schema) and not check(beside, database.schema))
    wanted = answer(alone, database)
    for where in (database, orphans(database, FACTS[1])):
        found = answer(beside, where)
        assume(wanted is not None and found is not None)
        assert {row[:2] for row in found} >= set(wanted)
