"""Pairs in tests/fixtures/compile: a spec and the DuckDB SQL it becomes, over the database in database.sql."""

from pathlib import Path

import pytest

from microgt.spec import check, compile_spec, read_spec

FOLDER = Path(__file__).parents[1] / "fixtures" / "compile"
ENDING = ".spec.json"
NAMES = sorted(path.name.removesuffix(ENDING) for path in FOLDER.glob(f"*{ENDING}"))


def test_there_are_pairs():
    assert len(NAMES) >= 12
    assert sorted(path.stem for path in FOLDER.glob("*.sql") if path.stem != "database") == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_spec_becomes_the_sql(schema, connection, name):
    spec = read_spec((FOLDER / f"{name}{ENDING}").read_text(encoding="utf-8"))
    assert check(spec, schema) == []
    sql = compile_spec(spec, schema)
    assert sql == (FOLDER / f"{name}.sql").read_text(encoding="utf-8").rstrip()
    connection.sql(sql).fetchall()
