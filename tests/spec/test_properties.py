"""What holds for every spec that the grammar can say, over every schema."""

from hypothesis import given, note
from hypothesis import strategies as st

from microgt.errors import SpecError
from microgt.spec import canonical, check, diff, edit, in_words, patch_between, read_spec, write_spec
from microgt.spec.canonical.order import text_of
from microgt.spec.grammar import GRAMMAR
from tests.spec.databases import databases
from tests.spec.strategies import accepted, specs


@given(databases(), st.data())
def test_tree_to_actions_to_tree_is_the_identity(database, data):
    spec = data.draw(specs(database))
    assert text_of(GRAMMAR.decode(GRAMMAR.encode(spec, database.scope), database.scope)) == text_of(spec)


@given(databases(), st.data())
def test_json_round_trip(database, data):
    spec = data.draw(specs(database))
    assert text_of(read_spec(write_spec(spec))) == text_of(spec)


@given(databases(), st.data())
def test_what_the_grammar_says_is_accepted_or_refused_by_name(database, data):
    spec = data.draw(specs(database))
    for error in check(spec, database.schema):
        assert isinstance(error, SpecError)
        assert error.code.startswith("E_")
        assert str(error).startswith(f"{error.code}{f' at {error.place}' if error.place else ''}: ")


@given(databases(), st.data())
def test_the_canonical_form_is_idempotent(database, data):
    once = canonical(data.draw(specs(database)), database.schema)
    note(write_spec(once))
    assert text_of(canonical(once, database.schema)) == text_of(once)


@given(accepted())
def test_what_is_accepted_has_words(drawn):
    """One sentence."""
    database, spec = drawn
    words = in_words(spec, database.schema)
    assert words.endswith(".")
    assert not words.endswith("..")
    first = next(letter for letter in words if letter.isalnum())
    assert first == first.upper()
    assert "  " not in words
    assert words.count("(") == words.count(")")


@given(accepted(), st.data())
def test_no_difference_if_and_only_if_the_canonical_form_is_one(drawn, data):
    database, spec = drawn
    other = data.draw(accepted(database))[1]
    same = text_of(canonical(spec, database.schema)) == text_of(canonical(other, database.schema))
    assert (diff(spec, other, database.schema) == ()) is same
    assert diff(spec, canonical(spec, database.schema), database.schema) == ()


@given(accepted(), st.data())
def test_a_patch_leads_from_any_spec_to_any_other(drawn, data):
    database, spec = drawn
    other = data.draw(accepted(database))[1]
    before = text_of(spec)
    assert text_of(edit(spec, patch_between(spec, other), database.schema)) == text_of(other)
    assert text_of(spec) == before
