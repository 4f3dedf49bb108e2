"""People's questions told again: other values, other words, the same meaning."""

import json

import duckdb
import pytest

from microgt.data.folder import FolderSource
from microgt.data.plain import plain
from microgt.data.retold import RetoldSource
from microgt.data.robustness.synonyms import Synonyms
from microgt.errors import DataError
from microgt.spec import write_spec


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as db:
        db.execute(
            "CREATE TABLE customers AS SELECT range AS id, ['north', 'south', 'east'][1 + range % 3] AS region, range AS age FROM range(30)"
        )
    asked = {
        "How many customers are in the region north?": "SELECT COUNT(*) FROM customers WHERE region = 'north'",
        "Show the number of customers.": "SELECT COUNT(*) FROM customers",
        "How many customers are older than 5?": "SELECT COUNT(*) FROM customers WHERE age > 5",
    }
    lines = [{"id": f"q{i}", "question": q, "db": "shop.duckdb", "query": sql} for i, (q, sql) in enumerate(asked.items())]
    (tmp_path / "questions.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return FolderSource(tmp_path)


def test_values_change_in_question_and_gold(source):
    told = RetoldSource(source, swap=1.0, times=3).examples("train")
    assert told == RetoldSource(source, swap=1.0, times=3).examples("train")
    assert len({e.question for e in told}) == len(told) == len({e.id for e in told})
    assert not {e.question for e in told} & {e.question for e in source.examples("train")}
    regions = [e for e in told if "region" in e.question]
    assert regions
    for example in regions:
        assert json.dumps(write_spec(example.spec)).count(example.question.split()[-1].rstrip("?")) == 1


def test_words_change_by_what_is_handed_in(source):
    told = RetoldSource(source, [Synonyms(part="train", p=1.0)], swap=0.0).examples("train")
    assert told
    assert all("customers" not in e.question for e in told)
    assert all(e.spec is not None for e in told)
    with pytest.raises(DataError, match="no split 'dev'; choices: train"):
        RetoldSource(source).examples("dev")


class Judge:
    """Has questions to judge by."""

    def __init__(self, *tested):
        self.tested = {plain(question) for question in tested}


def test_nothing_is_told_that_is_to_be_judged_by(source):
    told = {e.question for e in RetoldSource(source, swap=1.0, times=3).examples("train")}
    one = min(told)
    kept = {e.question for e in RetoldSource(source, swap=1.0, times=3, unlike=Judge(one)).examples("train")}
    assert kept == told - {one}
