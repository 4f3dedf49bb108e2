"""Each spec in words, and in each dialect the SQL in the file beside it or the refusal that stands there. `--rewrite` writes the files."""

import pytest

from microgt.errors import CompileError
from microgt.spec import check, compile_spec, in_words
from microgt.spec.dialects import DIALECTS
from microgt.spec.rules import all_classes, fields_of
from microgt.spec.types import Inner, Ref, specs
from microgt.spec.walk import walk

WITH_SQL = [cls for cls in all_classes() if cls.__module__ != specs.__name__]  # views and readings have none of their own


def written(spec, schema, dialect):
    try:
        return compile_spec(spec, schema, dialect=dialect)
    except CompileError as error:
        return f"-- {error}"


def test_the_spec_becomes_the_sql_of_each_dialect(fixture, shop, pytestconfig):
    assert check(fixture.spec, shop.schema) == []
    found = {"words": in_words(fixture.spec, shop.schema)}
    found |= {dialect: written(fixture.spec, shop.schema, dialect) for dialect in DIALECTS}
    if pytestconfig.getoption("--rewrite"):
        for name, text in found.items():
            fixture.path(name).write_text(text + "\n", encoding="utf-8")
    assert found == {name: fixture.text(name) for name in found}


@pytest.fixture(scope="module")
def said(fixtures):
    """Every type in the specs, with each member of its enums and each optional part that a spec has."""
    nodes = [node for fixture in fixtures for _, node in walk(fixture.spec)]
    return {part for node in nodes for part in parts_of(node)}


def parts_of(node):
    yield type(node)
    for shape in fields_of(type(node)):
        value = getattr(node, shape.name)
        if shape.members or value != shape.default:
            yield type(node), shape.name, value if shape.members else None


@pytest.mark.parametrize("cls", WITH_SQL, ids=lambda cls: cls.__name__)
def test_every_construct_is_in_a_snapshot(cls, said):
    wanted = {cls}
    for shape in fields_of(cls) if cls not in (Inner, Ref) else ():  # which output is named does not matter
        members = shape.members or ((None,) if not shape.required else ())
        wanted |= {(cls, shape.name, member) for member in members}
    assert wanted <= said
