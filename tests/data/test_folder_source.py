"""One's own questions in a folder."""

import json

import duckdb
import pytest

from microgt.data.folder import FolderSource
from microgt.errors import DataError
from microgt.spec.types import Answer

GOOD = {"id": "q1", "question": "how many orders?", "db": "shop.duckdb", "query": "SELECT count(*) FROM orders"}
SPEC = {"kind": "answer", "query": {"kind": "select", "outputs": ["orders.amount"]}}


@pytest.fixture
def folder(tmp_path):
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute("CREATE TABLE orders AS SELECT 1 AS id, 2.5 AS amount")

    def write(*rows) -> FolderSource:
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        (tmp_path / "questions.jsonl").write_text("\n".join(lines) + "\n")
        return FolderSource(tmp_path)

    return write


def test_questions_with_sql_or_a_spec(folder):
    source = folder(GOOD, "", {**GOOD, "id": 2, "spec": SPEC, "category": "easy"})
    first, second = source.examples("train")
    assert (first.id, first.sql, first.spec, first.split) == ("q1", GOOD["query"], None, "train")
    assert (second.id, second.sql, second.category) == ("2", None, "easy"), "a spec goes before SQL"
    assert isinstance(second.spec, Answer)
    assert source.databases("train") == ["shop.duckdb"]
    assert source.schema("shop.duckdb").column("orders.amount")
    assert source.database("shop.duckdb").is_file()
    assert source.excluded("train") == []


def test_without_splits_all_questions_are_in_every_split(folder):
    assert len(folder(GOOD).examples("test")) == 1


def test_a_named_split_is_the_only_one(folder):
    source = folder({**GOOD, "split": "train"}, {**GOOD, "id": "q2"})
    assert source.splits == ("train",)
    assert len(source.examples("train")) == 2
    with pytest.raises(DataError, match="no questions in split 'test'; choices: train"):
        source.examples("test")


def test_named_splits(folder):
    source = folder(GOOD, {**GOOD, "id": "q2", "split": "test"})
    assert source.splits == ("test", "train")
    assert [e.id for e in source.examples("test")] == ["q2"]
    with pytest.raises(DataError, match="no questions in split 'dev'; choices: test, train"):
        source.examples("dev")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["{"], r"questions\.jsonl:1: Invalid JSON"),
        ([GOOD, {"id": "q2", "query": "SELECT 1"}], r"questions\.jsonl:2: question Field required"),
        ([{k: v for k, v in GOOD.items() if k != "query"}], r":1: query or spec missing"),
        ([{**GOOD, "spec": {"kind": "answer", "query": {"kind": "select", "outputs": []}}}], r":1: E_\w+"),
        (["[1]"], r":1: Input should be an object"),
        ([{**GOOD, "question": 5}], r":1: question Input should be a valid string"),
        ([GOOD, GOOD], "the id 'q1' stands on several lines"),
        ([""], "holds no questions"),
    ],
)
def test_bad_lines_are_named(folder, rows, message):
    with pytest.raises(DataError, match=message):
        folder(*rows).examples("train")


def test_a_folder_without_questions_and_a_missing_database(folder, tmp_path):
    with pytest.raises(DataError, match=r"no questions\.jsonl in"):
        FolderSource(tmp_path / "elsewhere")
    with pytest.raises(DataError, match=r"no database at .*gone\.duckdb"):
        folder({**GOOD, "db": "gone.duckdb"}).schema("gone.duckdb")


def test_a_question_may_hold_any_character(folder):
    assert folder({**GOOD, "id": 0, "question": "amount\u2028by region"}).examples("train")[0].question == "amount\u2028by region"


def test_a_file_in_another_encoding(folder):
    source = folder(GOOD)
    (source.path / "questions.jsonl").write_bytes('{"id": "é"}'.encode("latin-1"))
    with pytest.raises(DataError, match="is not UTF-8"):
        source.examples("train")
