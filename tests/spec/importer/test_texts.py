"""What the importer says of SQL that has no spec: each refusal of `tests/fixtures/refusals.sql` as a whole, with line and column."""

from pathlib import Path

import pytest

from microgt.errors import ImportSqlError
from microgt.spec.importer import import_sql
from microgt.spec.importer.statements import Statement, statements

TEXT = (Path(__file__).parents[2] / "fixtures" / "refusals.sql").read_text(encoding="utf-8")
REFUSED = [case.removeprefix("-- ").split("\n", 1) for case in TEXT.strip().split("\n\n")]


@pytest.mark.parametrize(("text", "sql"), REFUSED, ids=[text.partition(" ")[0] + f"-{i}" for i, (text, _) in enumerate(REFUSED)])
def test_a_refusal_says_what_where_and_what_else(text, sql, schema):
    with pytest.raises(ImportSqlError) as error:
        import_sql(sql, schema)
    assert str(error.value) == text
    assert text.startswith(f"{error.value.code} at line {error.value.line}, column {error.value.column}: {error.value.message}")


def test_names_that_are_not_there_have_choices(schema):
    with pytest.raises(ImportSqlError) as error:
        import_sql("SELECT nmae FROM airports", schema)
    assert (error.value.given, error.value.choices) == ("nmae", ("code", "city"))


def test_the_place_is_that_in_the_script(schema):
    script = "SELECT id FROM orders; SELECT idd FROM orders;\n\n  SELECT id FROM\n    order"
    found = []
    for statement in statements(script)[1:]:
        with pytest.raises(ImportSqlError) as error:
            import_sql(statement.in_place, schema)
        found.append((error.value.code, error.value.line, error.value.column))
    assert found == [("unknown_column", 1, 31), ("unknown_table", 4, 5)]


def test_a_dialect_that_is_not_known_has_no_place(schema):
    with pytest.raises(ImportSqlError) as error:
        import_sql("SELECT id FROM orders", schema, dialect="nosuch")
    assert str(error.value).startswith("dialect: Unknown dialect 'nosuch'.")


def test_a_quote_that_does_not_end_leaves_the_statements_before_it():
    script = "SELECT 1;\nSELECT ';' ; SELECT 'never; ends\nSELECT 2;"
    assert statements(script) == [
        Statement(1, 1, "SELECT 1"),
        Statement(2, 1, "SELECT ';'"),
        Statement(2, 14, "SELECT 'never; ends\nSELECT 2;"),
    ]
    assert statements("-- nothing\n") == statements(" ;; ") == []
    assert statements("/* never ends") == [Statement(1, 1, "/* never ends")]
