"""What holds for the answers of every accepted spec, on every database."""

import json
from collections import Counter
from datetime import date

from hypothesis import assume, given, note
from hypothesis import strategies as st

from microgt.spec import Answer, canonical, check, compile_spec, sort_outputs, write_spec
from microgt.spec.types import Col, Overall, Rank, Select, Share
from tests.spec.compositions import any_answers, filled
from tests.spec.databases import DIMENSION, FACTS, orphans, stars
from tests.spec.strategies import measures

DAYS = (None, date(2024, 1, 1), date(2024, 2, 29))


def cell(value):
    """Sums in another order differ in their last digits."""
    return f"{value:.9g}" if isinstance(value, float) else f"{value!r}"


def answer(spec, database, as_of=None):
    """The rows."""
    sql = compile_spec(spec, database.schema, as_of=as_of)
    note(f"{json.dumps(write_spec(spec))}\n{sql}")
    with database.connect() as connection:
        return [tuple(map(cell, row)) for row in connection.execute(sql).fetchall()]


@given(any_answers(), st.sampled_from(DAYS))
def test_what_is_accepted_runs(drawn, as_of):
    database, spec = drawn
    answer(spec, database, as_of)


@given(any_answers(), st.sampled_from(DAYS))
def test_the_canonical_form_has_the_same_answer(drawn, as_of):
    database, spec = drawn
    form = canonical(spec, database.schema)
    assert check(form, database.schema) == []
    ours, theirs = answer(spec, database, as_of), answer(form, database, as_of)
    assert Counter(ours) == Counter(theirs)
    keys = sort_outputs(form) or ()
    if sort_outputs(spec) and None not in keys:
        assert [[row[k] for k in keys] for row in ours] == [[row[k] for k in keys] for row in theirs]


@given(stars(), st.data())
def test_another_fact_and_its_orphans_change_no_measure(database, data):
    """A measure by a dimension, and its share, rank or overall measure, are the same alone, beside a measure of another fact, and when that
    fact gets rows without a parent."""
    dimension = Col(column=data.draw(st.sampled_from(database.schema.table(DIMENSION).columns)).id)
    ours, theirs = (data.draw(measures(database, fact)) for fact in FACTS)
    rng = data.draw(st.randoms(use_true_random=True))
    window = filled(rng, rng.choice((Share, Rank, Overall)), (), of=[ours], within=[dimension])
    shown = (dimension, ours, *([window] if not check(Answer(query=Select(outputs=(dimension, window))), database.schema) else []))
    alone, beside = Answer(query=Select(outputs=shown)), Answer(query=Select(outputs=(*shown, theirs)))
    assume(not check(alone, database.schema) and not check(beside, database.schema))
    wanted = answer(alone, database)
    for where in (database, orphans(database, FACTS[1])):
        assert {row[: len(shown)] for row in answer(beside, where)} >= set(wanted)
