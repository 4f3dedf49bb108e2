"""Pairs in tests/fixtures/compile: a spec and the DuckDB SQL it becomes, over the database of conftest.py."""

from pathlib import Path

import pytest

from microgt.spec import check, compile_spec, read_spec

FOLDER = Path(__file__).parents[1] / "fixtures" / "compile"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))


def test_there_are_pairs():
    assert len(NAMES) >= 12
    assert sorted(path.stem for path in FOLDER.glob("*.sql")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_spec_becomes_the_sql(schema, connection, name):
    spec = read_spec((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    assert check(spec, schema) == []
    sql = compile_spec(spec, schema)
    assert sql == (FOLDER / f"{name}.sql").read_text(encoding="utf-8").rstrip()
    connection.sql(sql).fetchall()
