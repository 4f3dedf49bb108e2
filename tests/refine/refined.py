"""What words make of an answer."""

from microgt.graph import build_graph
from microgt.refine import refine
from microgt.spec import check, edit, in_words, patch_between, read_spec
from microgt.spec.types import Answer


def after(database, before, words):
    """The readings, each right and with a way back; None when the words are not understood. database: schema and linker."""
    schema, linker = database
    assert isinstance(before, Answer)
    found = refine(before, build_graph(words, schema, linker), schema)
    for answer in found or ():
        assert not check(answer, schema)
        assert edit(before, patch_between(before, answer), schema) == answer
        assert edit(answer, patch_between(answer, before), schema) == before
    return found


def changed(database, spec, *words):
    """The readings of the last words, in words, after those before have been followed; None when they are not understood."""
    before = read_spec(spec)
    for earlier in words[:-1]:
        found = after(database, before, earlier)
        assert found is not None
        (before,) = found
    found = after(database, before, words[-1])
    return None if found is None else [in_words(answer, database[0]).removesuffix(".") for answer in found]
