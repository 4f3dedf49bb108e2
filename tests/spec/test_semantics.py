"""The databases in tests/fixtures/semantics: what a spec means where a plain query gives a wrong number.

A folder each, with database.sql, keys.json for keys that the database cannot declare since rows break them, reasoning.md with the answers
worked out by hand, and for each case CASE.spec.json and CASE.answer.json: `rows`, or the `error` of a spec that is refused; `as_of`: what
relative periods count from; `drawn`: why the rows are not drawn. `plain`: what CASE.plain.sql returns, which is wrong.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from microgt.engine.result import ResultTable
from microgt.errors import ConfigError
from microgt.evaluation import compare
from microgt.product.chart import write_chart
from microgt.schema.types import ForeignKey, Schema
from microgt.spec import canonical, check, compile_spec, read_spec, sort_outputs
from microgt.spec.compiler import output_names

FOLDER = Path(__file__).parents[1] / "fixtures" / "semantics"
NAMES = sorted(path.parent.name for path in FOLDER.glob("*/database.sql"))
ENDING = ".spec.json"
CASES = sorted(f"{path.parent.name}/{path.name.removesuffix(ENDING)}" for path in FOLDER.glob(f"*/*{ENDING}"))


@dataclass(frozen=True)
class Database:
    """A database and its schema."""

    connection: duckdb.DuckDBPyConnection
    schema: Schema

    def run(self, sql: str) -> ResultTable:
        found = self.connection.execute(sql)
        return ResultTable(tuple(column[0] for column in found.description), tuple(found.fetchall()))


@pytest.fixture(scope="session")
def databases(tmp_path_factory):
    """Each database by its name."""
    folder, found = tmp_path_factory.mktemp("semantics"), {}
    for name in NAMES:
        path, keys = folder / f"{name}.duckdb", FOLDER / name / "keys.json"
        with duckdb.connect(path) as connection:
            connection.execute(read(FOLDER / name / "database.sql"))
        schema = Schema.from_duckdb(path)
        if keys.exists():
            declared = tuple(ForeignKey(column, target) for column, target in json.loads(read(keys)).items())
            schema = Schema(schema.name, schema.tables, declared, schema.values)
        found[name] = Database(duckdb.connect(path, read_only=True), schema)
    yield found
    for database in found.values():
        database.connection.close()


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def table(rows, columns: tuple[str, ...]) -> ResultTable:
    """Rows of JSON under names of columns."""
    return ResultTable(columns, tuple(tuple(map(cell, row)) for row in rows))


def cell(value: Any) -> Any:
    """A cell of JSON: ISO text is a date, or a time of a day."""
    try:
        return value if not isinstance(value, str) else date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    except ValueError:
        return value


def part(case: str, ending: str) -> Path:
    return FOLDER / f"{case}.{ending}"


def test_every_file_has_its_partners():
    assert len(NAMES) >= 24
    for name in NAMES:
        assert (FOLDER / name / "reasoning.md").exists()
    for case in CASES:
        answer = json.loads(read(part(case, "answer.json")))
        assert part(case, "plain.sql").exists() == ("plain" in answer)
        assert case.partition("/")[2] in read(FOLDER / case.partition("/")[0] / "reasoning.md")


@pytest.mark.parametrize("case", CASES)
def test_the_answer_is_the_one_worked_out_by_hand(databases, case, tmp_path):
    database = databases[case.partition("/")[0]]
    spec, answer = read_spec(read(part(case, "spec.json"))), json.loads(read(part(case, "answer.json")))
    errors = check(spec, database.schema)
    if "error" in answer:
        assert [said(error) for error in errors] == [answer["error"]]
        return
    assert errors == []
    as_of = date.fromisoformat(answer["as_of"]) if "as_of" in answer else None
    columns = output_names(spec.query, database.schema)
    expected = table(answer["rows"], columns)
    for form in (spec, canonical(spec, database.schema)):
        found = database.run(compile_spec(form, database.schema, as_of=as_of))
        assert compare(expected, found, keys(form)), found.rows
    if "drawn" in answer:
        with pytest.raises(ConfigError) as refused:
            write_chart(expected, spec.view, tmp_path / "chart.html")
        assert str(refused.value) == answer["drawn"]
    if "plain" in answer:
        plain = database.run(read(part(case, "plain.sql")))
        assert compare(table(answer["plain"], plain.columns), plain), plain.rows
        assert not compare(expected, plain)


def said(error) -> dict[str, Any]:
    return {"code": error.code, "place": error.place, "text": str(error).partition(": ")[2], "choices": list(error.choices)}


def keys(spec) -> tuple[int, ...]:
    """The outputs that sort the rows, up to the first key that is none."""
    found = sort_outputs(spec) or ()
    return found[: found.index(None)] if None in found else found
