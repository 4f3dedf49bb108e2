"""Each spec in each dialect is the SQL in the file beside it, or the refusal that stands there. `pytest tests/spec --rewrite` writes them."""

from microgt.errors import CompileError
from microgt.spec import check, compile_spec
from microgt.spec.dialects import DIALECTS


def written(spec, schema, dialect):
    try:
        return compile_spec(spec, schema, dialect=dialect)
    except CompileError as error:
        return f"-- {error}"


def test_the_spec_becomes_the_sql_of_each_dialect(fixture, shop, pytestconfig):
    assert check(fixture.spec, shop.schema) == []
    found = {dialect: written(fixture.spec, shop.schema, dialect) for dialect in DIALECTS}
    if pytestconfig.getoption("--rewrite"):
        for dialect, sql in found.items():
            fixture.path(dialect).write_text(sql + "\n", encoding="utf-8")
    assert found == {dialect: fixture.sql(dialect) for dialect in DIALECTS}
