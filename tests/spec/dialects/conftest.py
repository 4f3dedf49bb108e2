"""The specs in tests/fixtures/dialects: a folder each with spec.json, the spec in words and its SQL in each dialect, over the
database in database.sql."""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from microgt.engine.result import ResultTable
from microgt.evaluation import compare
from microgt.schema.types import Schema
from microgt.spec import Answer, read_spec, sort_outputs

FOLDER = Path(__file__).parents[2] / "fixtures" / "dialects"
NAMES = sorted(path.parent.name for path in FOLDER.glob("*/spec.json"))
REFUSED = "-- E_DIALECT"


@dataclass(frozen=True)
class Fixture:
    """One spec and its SQL."""

    name: str

    @property
    def spec(self) -> Answer:
        return read_spec((FOLDER / self.name / "spec.json").read_text(encoding="utf-8"))

    def path(self, name: str) -> Path:
        """The file of a dialect, or of the words."""
        return FOLDER / self.name / (f"{name}.txt" if name == "words" else f"{name}.sql")

    def text(self, name: str) -> str:
        return self.path(name).read_text(encoding="utf-8").rstrip("\n")

    def runs_on(self, dialect: str) -> bool:
        return not self.text(dialect).startswith(REFUSED)


@dataclass(frozen=True)
class Shop:
    """The database in DuckDB."""

    schema: Schema
    connection: duckdb.DuckDBPyConnection

    def run(self, sql: str) -> ResultTable:
        found = self.connection.execute(sql)
        return ResultTable(tuple(d[0] for d in found.description), tuple(found.fetchall()))

    def tables(self) -> dict[str, tuple[dict[str, str], tuple]]:
        """Each table's columns with their DuckDB types, and its rows."""
        columns: dict[str, dict[str, str]] = {}
        for table, column, kind in self.connection.execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY table_oid, column_index"
        ).fetchall():
            columns.setdefault(table, {})[column] = kind
        return {table: (kinds, self.run(f'FROM "{table}"').rows) for table, kinds in columns.items()}


def pytest_generate_tests(metafunc):
    """`fixture`: every spec. `on_<dialect>`: every spec that the dialect can say."""
    for argument in metafunc.fixturenames:
        if argument == "fixture":
            metafunc.parametrize(argument, [Fixture(n) for n in NAMES], ids=NAMES)
        elif argument.startswith("on_"):
            dialect = argument.removeprefix("on_")
            found = [f for f in map(Fixture, NAMES) if f.path(dialect).exists() and f.runs_on(dialect)]
            metafunc.parametrize(argument, found, ids=[f.name for f in found])


@pytest.fixture(scope="session")
def fixtures():
    """All of them."""
    return [Fixture(name) for name in NAMES]


@pytest.fixture(scope="session")
def shop(tmp_path_factory):
    path = tmp_path_factory.mktemp("shop") / "shop.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute((FOLDER / "database.sql").read_text(encoding="utf-8"))
    schema = Schema.from_duckdb(path)
    with duckdb.connect(path, read_only=True) as connection:
        yield Shop(schema, connection)


@pytest.fixture
def agrees(shop):
    """Whether rows are DuckDB's answer to a spec, in its order; `stored`: how the other engine holds a value of DuckDB's."""

    def agrees(fixture: Fixture, rows, stored=lambda value: value) -> bool:
        gold = shop.run(fixture.text("duckdb"))
        gold = ResultTable(gold.columns, tuple(tuple(stored(v) for v in row) for row in gold.rows))
        return compare(gold, ResultTable(gold.columns, tuple(map(tuple, rows))), sort_outputs_known(fixture.spec))

    return agrees


def sort_outputs_known(spec: Answer) -> tuple[int, ...] | None:
    """The outputs that sort the rows, up to the first key that is none."""
    keys = sort_outputs(spec) or ()
    return keys[: keys.index(None)] if None in keys else keys
