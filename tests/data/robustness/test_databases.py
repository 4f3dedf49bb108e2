"""Changed databases keep the answers: what the gold says of the copy is what it said of the original."""

import json
import random

import duckdb
import pytest

from microgt.build import build
from microgt.config import compose
from microgt.data.robustness.distractors import COLUMNS, FILLS, TABLES
from microgt.data.robustness.renamed import Names, Renamed
from microgt.data.robustness.styles import CamelCase, Cryptic, CrypticNaming, OtherWords, Verbose
from microgt.data.robustness.undeclared import Undeclared
from microgt.data.robustness.widened import Widened
from microgt.schema.types import Column, ColumnType, Schema, Table
from microgt.spec import check, compile_spec
from tests.data.robustness.shop import SHOP, folder

QUERIES = {
    "join": "SELECT c.city, sum(o.price) FROM orders AS o JOIN customers AS c ON o.customer_id = c.customer_id GROUP BY c.city",
    "rows": "SELECT count(*) FROM orders WHERE price > 5",
    "nested": "SELECT name FROM customers WHERE age > (SELECT avg(age) FROM customers)",
    "sorted": "SELECT name FROM customers ORDER BY age DESC",
}
FOREIGN = "SELECT count(*) FROM customers, LATERAL (SELECT 1) AS x"


@pytest.fixture
def shop(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))
    lines = [{"id": id, "question": f"{id}?", "db": "shop.duckdb", "query": query} for id, query in QUERIES.items()]
    return folder(tmp_path, *map(json.dumps, [*lines, lines[0] | {"id": "foreign", "query": FOREIGN}]))


def answers(source) -> dict[str, list]:
    found = {}
    for e in source.examples("train"):
        schema = source.schema(e.db)
        if e.spec:
            assert not check(e.spec, schema)
        with duckdb.connect(str(source.database(e.db)), read_only=True) as connection:
            found[e.id] = connection.execute(e.sql or compile_spec(e.spec, schema)).fetchall()
            found[e.id].sort(key=str)
    return found


@pytest.mark.parametrize(
    "make",
    [
        lambda s: Renamed(s, Cryptic()),
        lambda s: Renamed(s, CamelCase()),
        lambda s: Renamed(s, Verbose()),
        lambda s: Renamed(s, OtherWords("held_out")),
        lambda s: Widened(s, tables=3, columns=2),
        lambda s: Undeclared(s),
        lambda s: Undeclared(Renamed(s, Cryptic())),
        lambda s: Renamed(Widened(s, tables=3, columns=2), Verbose()),
    ],
    ids=["cryptic", "camel", "verbose", "words", "widened", "undeclared", "cryptic undeclared", "wide verbose"],
)
def test_the_answers_are_those_of_the_original(shop, make):
    changed = make(shop)
    expected = answers(shop)
    found = answers(changed)
    assert found == {id: rows for id, rows in expected.items() if id in found}
    assert set(QUERIES) <= set(found)
    assert answers(make(shop)) == found
    assert [e.question for e in changed.examples("train")][:4] == [f"{id}?" for id in QUERIES]
    left_out = [id for id, _ in changed.excluded("train")]
    assert left_out == [id for id in expected if id not in found]


def test_names_are_cut_the_same_way_in_a_whole_database():
    names = Names.by(CrypticNaming("T_", vowels=False, upper=False), SHOP)
    assert names.tables == {"customers": "T_CUST", "orders": "T_ORD"}
    assert names.columns["customers.customer_id"] == "T_CUST.cust_id"
    assert names.columns["orders.order_date"] == "T_ORD.ord_dt"
    schema = names.schema(SHOP)
    assert schema.column("T_CUST.city").words == ("city",)
    assert [(k.column, k.target) for k in schema.keys] == [("T_ORD.cust_id", "T_CUST.cust_id")]
    assert dict(schema.values) == {"T_CUST.city": ("Berlin", "München")}


def test_a_name_given_twice_gets_a_number():
    columns = tuple(Column("t", n, ColumnType.TEXT, (n,)) for n in ("mountainous", "mountains", "mount"))
    names = Names.by(CrypticNaming("", vowels=False, upper=True), Schema("s", (Table("t", ("t",), columns),)))
    assert list(names.columns.values()) == ["T.MOUN", "T.MOUN2", "T.MOUN3"]


def test_other_words_are_synonyms_in_the_same_number():
    found = {Names.by(OtherWords(p=1.0)(random.Random(seed)), SHOP).tables["customers"] for seed in range(20)}
    assert {"clients", "buyers"} < found
    assert all(name.endswith("s") for name in found)


def test_a_wider_database_has_what_nobody_asks_for(shop):
    source = Widened(shop, tables=3, columns=2)
    schema = source.schema("shop.duckdb")
    assert len(schema.tables) == 5
    assert [len(t.columns) for t in schema.tables if t.name in ("customers", "orders")] == [6, 6]
    assert len({t.name for t in schema.tables} & TABLES.keys()) == 3
    with duckdb.connect(str(source.database("shop.duckdb")), read_only=True) as connection:
        stored = connection.execute("SELECT table_name || '.' || column_name FROM duckdb_columns() WHERE NOT internal").fetchall()
    assert {id for (id,) in stored} == {c.id for c in schema.columns}
    assert Widened(shop, tables=99, columns=99, seed=1).schema("shop.duckdb").name == schema.name


def test_each_distractor_can_be_filled():
    assert set(COLUMNS.values()) | {kind for columns in TABLES.values() for kind in columns.values()} <= set(FILLS)


def test_undeclared_keys_are_inferred_and_marked(shop):
    schema = Undeclared(shop).schema("shop.duckdb")
    assert [(k.column, k.target, k.inferred) for k in schema.keys] == [("orders.customer_id", "customers.customer_id", True)]
    assert all(t.primary_key for t in schema.tables)


def test_gold_keeps_its_meaning_where_no_key_can_be_inferred(shop):
    source = Undeclared(Renamed(shop, Blind()))
    assert not source.schema("shop.duckdb").keys
    join = source.examples("train")[0]
    assert join.spec is None
    assert answers(source)["join"] == answers(shop)["join"]
    by_age = source.examples("train")[3]
    assert by_age.spec is not None


class Blind:
    """Names that say nothing."""

    def __call__(self, rng):
        self.count = 0
        return self

    def table(self, table):
        return f"t{self._next()}x"

    def column(self, column, table):
        return f"c{self._next()}x"

    def _next(self):
        self.count += 1
        return self.count


@pytest.mark.parametrize("name", ["cryptic", "camel", "verbose", "words", "widened", "undeclared", "company"])
def test_each_configuration_makes_a_source(name, shop):
    config = compose("evaluate", [f"robustness={name}"])["robustness"]
    assert answers(build(config)(shop))["rows"] == answers(shop)["rows"]
    assert "part: train" not in str(config)
