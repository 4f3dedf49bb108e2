"""Questions over a database of one's own: the same for one seed, all with an answer, and none that is tested is trained on."""

import json

import duckdb
import pytest

from microgt.data.demo.source import DemoSource
from microgt.data.own import OwnSource
from microgt.data.plain import plain
from microgt.data.templates import names_of, template
from microgt.engine.duckdb import DuckDBEngine
from microgt.errors import DataError
from microgt.spec import check, compile_spec, write_spec

COUNT = 60


def make_shop(path):
    with duckdb.connect(str(path)) as db:
        db.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, name VARCHAR, region VARCHAR, joined DATE)")
        db.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id), amount DOUBLE, placed DATE)")
        db.execute(
            "INSERT INTO customers SELECT i, 'Customer ' || i, ['north', 'south', 'east'][1 + i % 3], DATE '2022-01-01' + i::INTEGER * 9 FROM range(30) t(i)"
        )
        db.execute("INSERT INTO orders SELECT i, i * 7 % 30, i % 13 * 2.5, DATE '2023-01-05' + i::INTEGER * 3 FROM range(120) t(i)")
    return path


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    return make_shop(tmp_path_factory.mktemp("own") / "shop.duckdb")


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MICROGT_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield patch


def written(source: OwnSource, split: str) -> list[tuple[str, str]]:
    return [(e.question, json.dumps(write_spec(e.spec))) for e in source.examples(split) if e.spec]


def test_generated_questions_have_answers_and_no_sentence_is_both_trained_on_and_tested(shop, tmp_path, cache):
    source = OwnSource(shop, count=COUNT)
    schema, train, held = source.schema("shop"), source.examples("train"), source.examples("held_out")
    assert len(train) > COUNT > len(held) > 0
    names = names_of(schema)
    assert not {template(e, names) for e in train} & {template(e, names) for e in held}
    assert not {spec for _, spec in written(source, "train")} & {spec for _, spec in written(source, "held_out")}
    assert not {plain(e.question) for e in train} & DemoSource().asked
    with DuckDBEngine(source.database("shop")) as engine:
        for example in held:
            assert example.spec is not None
            assert not check(example.spec, schema)
            assert engine.run(compile_spec(example.spec, schema)).rows
    cache.setenv("MICROGT_CACHE", str(tmp_path))  # made anew
    again = OwnSource(shop, count=COUNT)
    assert all(written(again, split) == written(source, split) for split in ("train", "held_out"))


def test_what_the_user_asks_is_not_trained_on(shop, tmp_path):
    first = OwnSource(shop, count=COUNT).examples("train")[0]
    lines = [
        {"id": "1", "question": first.question.upper(), "db": "shop.duckdb", "query": "SELECT COUNT(*) FROM orders"},
        {"id": "2", "question": "how many dogs", "db": "pets.duckdb", "query": "SELECT COUNT(*) FROM dogs"},
    ]
    file = tmp_path / "mine.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    source = OwnSource(shop, count=COUNT, questions=file)
    assert [(e.id, e.db, e.split) for e in source.examples("asked")] == [("1", "shop", "asked")]
    assert first.question not in [e.question for e in source.examples("train")]
    file.write_text(json.dumps(lines[1]))
    with pytest.raises(DataError, match=r"mine.jsonl asks nothing of shop.duckdb: the `db` of its lines is pets.duckdb"):
        OwnSource(shop, questions=file).examples("asked")
    with pytest.raises(DataError, match="cannot read the questions .*none.jsonl"):
        OwnSource(shop, questions=tmp_path / "none.jsonl").examples("asked")


def test_a_database_that_cannot_be_learnt_from(shop, tmp_path):
    with pytest.raises(DataError, match="no database at"):
        OwnSource(tmp_path / "gone.duckdb").examples("train")
    with pytest.raises(DataError, match="own has no split 'test'; choices: train, held_out"):
        OwnSource(shop).examples("test")
    (tmp_path / "one.csv").write_text("a\n1\n")
    with pytest.raises(DataError, match=r"\d+ questions could be generated over .*one.csv, too few to learn from"):
        OwnSource(tmp_path / "one.csv", count=5).examples("train")


def test_a_template_leaves_out_what_a_question_is_about(shop):
    source = OwnSource(shop, count=COUNT)
    names = names_of(source.schema("shop"))
    found = {e.question: template(e, names) for e in source.examples("train")}
    assert all("order" not in text.split() and not any(c.isdigit() for c in text) for text in found.values())
    assert len(set(found.values())) > 10
