"""Derived sources as further splits to train on."""

import json

import pytest

from microgt.config import compose
from microgt.data.robustness.renamed import Renamed
from microgt.data.robustness.reworded import Reworded
from microgt.data.robustness.styles import Cryptic
from microgt.data.robustness.synonyms import Synonyms
from microgt.data.robustness.varied import Varied
from microgt.errors import DataError
from tests.data.robustness.shop import folder


def test_derived_sources_are_further_splits(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))
    line = {"id": "a", "question": "How many customers?", "db": "shop.duckdb", "query": "SELECT count(*) FROM customers"}
    source = folder(tmp_path, json.dumps(line))
    varied = Varied(source, {"reworded": lambda s: Reworded(s, [Synonyms("train")]), "cryptic": lambda s: Renamed(s, Cryptic())})
    assert varied.splits == ("train", "reworded/train", "cryptic/train")
    own, reworded, cryptic = (varied.examples(split)[0] for split in varied.splits)
    assert own == source.examples("train")[0]
    assert (reworded.id, reworded.db, reworded.sql) == ("reworded/a", "reworded/shop.duckdb", line["query"])
    assert reworded.question != line["question"] == cryptic.question
    assert varied.databases("cryptic/train") == [cryptic.db] == ["cryptic/shop.duckdb"]
    assert varied.schema(reworded.db) == varied.schema(own.db) != varied.schema(cryptic.db)
    assert varied.database(cryptic.db) != varied.database(reworded.db) == source.database("shop.duckdb")
    assert varied.excluded("cryptic/train") == []
    with pytest.raises(DataError, match="choices: train, reworded/train, cryptic/train"):
        varied.examples("cryptic/dev")


def test_the_half_of_the_lexicon_to_judge_by_is_not_trained_with():
    config = compose("train", ["data=spider_varied"])["data"]
    assert "held_out" not in str(config)
    assert set(config["shares"]) <= {"train", "extra", *(f"{name}/train" for name in config["source"]["derived"])}
    assert config["validation"] == "validation"
