"""What holds for every spec that the grammar can say, over every schema."""

from hypothesis import given, note
from hypothesis import strategies as st

from microgt.errors import CompileError, SpecError
from microgt.spec import canonical, check, compile_spec, diff, edit, in_words, patch_between, read_spec, write_spec
from microgt.spec.canonical.order import text_of
from microgt.spec.dialects import DIALECTS
from microgt.spec.grammar import GRAMMAR
from tests.spec.compositions import any_accepted, any_answers, any_specs
from tests.spec.strategies import accepted


@given(any_specs())
def test_tree_to_actions_to_tree_is_the_identity(drawn):
    database, spec = drawn
    assert text_of(GRAMMAR.decode(GRAMMAR.encode(spec, database.scope), database.scope)) == text_of(spec)


@given(any_specs())
def test_json_round_trip(drawn):
    _, spec = drawn
    assert text_of(read_spec(write_spec(spec))) == text_of(spec)


@given(any_specs())
def test_what_the_grammar_says_is_accepted_or_refused_by_name(drawn):
    database, spec = drawn
    for error in check(spec, database.schema):
        assert isinstance(error, SpecError)
        assert error.code.startswith("E_")
        assert str(error).startswith(f"{error.code}{f' at {error.place}' if error.place else ''}: ")


@given(any_specs())
def test_the_canonical_form_is_idempotent(drawn):
    database, spec = drawn
    once = canonical(spec, database.schema)
    note(write_spec(once))
    assert text_of(canonical(once, database.schema)) == text_of(once)


@given(any_accepted())
def test_what_is_accepted_has_words(drawn):
    database, spec = drawn
    assert in_words(spec, database.schema).endswith(".")


@given(any_accepted(), st.data())
def test_no_difference_if_and_only_if_the_canonical_form_is_one(drawn, data):
    database, spec = drawn
    other = data.draw(accepted(database))[1]
    same = text_of(canonical(spec, database.schema)) == text_of(canonical(other, database.schema))
    assert (diff(spec, other, database.schema) == ()) is same
    assert diff(spec, canonical(spec, database.schema), database.schema) == ()


@given(any_accepted(), st.data())
def test_a_patch_leads_from_any_spec_to_any_other(drawn, data):
    database, spec = drawn
    other = data.draw(accepted(database))[1]
    before = text_of(spec)
    assert text_of(edit(spec, patch_between(spec, other), database.schema)) == text_of(other)
    assert text_of(spec) == before


@given(any_answers(), st.sampled_from(DIALECTS))
def test_each_dialect_says_what_is_accepted_or_refuses_it_by_name(drawn, dialect):
    database, spec = drawn
    note(write_spec(spec))
    refused = None
    try:
        compile_spec(spec, database.schema, dialect=dialect)
    except CompileError as error:
        refused = error.code
    assert refused in (None, "E_DIALECT")
