"""Derived sources as further splits to train on."""

import dataclasses
import json
from functools import partial

import pytest

from microgt.config import compose
from microgt.data.example import Example
from microgt.data.makers import read_examples, settings_of, write_examples
from microgt.data.robustness.renamed import Renamed
from microgt.data.robustness.reworded import Reworded
from microgt.data.robustness.styles import Cryptic, OtherWords, Verbose
from microgt.data.robustness.synonyms import Synonyms
from microgt.data.robustness.varied import Varied
from microgt.errors import DataError
from microgt.spec import read_spec
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


def test_derived_questions_are_made_once(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))
    line = {"id": "a", "question": "How many customers?", "db": "shop.duckdb", "query": "SELECT count(*) FROM customers"}
    source = folder(tmp_path, json.dumps(line))

    def made(style):
        return Varied(source, {"named": partial(Renamed, style=style)}).examples("named/train")

    first = made(Cryptic())
    (kept,) = (tmp_path / "cache" / "varied").iterdir()
    kept.write_text(kept.read_text().replace("How many", "Count the"))
    (again,) = made(Cryptic())
    assert again == dataclasses.replace(first[0], question="Count the customers?")
    assert made(Verbose()) != first  # another style has a file of its own


def test_what_is_kept_is_what_was_made(tmp_path):
    spec = read_spec({"kind": "answer", "query": {"kind": "select", "outputs": ["customers.name"]}})
    examples = [
        Example("a", "Wer?", "shop", spec, None, "train"),
        Example("b", "Who?", "other", None, "SELECT 1", "train", category="plain", written="SELECT 1;"),
    ]
    write_examples(tmp_path / "kept.jsonl", examples)
    assert read_examples(tmp_path / "kept.jsonl", "train") == examples


def test_settings_tell_how_an_object_was_made():
    a, b = (settings_of(partial(Renamed, style=OtherWords("train", p=p))) for p in (0.5, 0.6))
    assert a != b
    assert json.dumps(a) == json.dumps(settings_of(partial(Renamed, style=OtherWords("train", p=0.5))))


def test_the_half_of_the_lexicon_to_judge_by_is_not_trained_with():
    config = compose("train", ["data=spider_varied"])["data"]
    assert "held_out" not in str(config)
    assert set(config["shares"]) <= {"train", "extra", *(f"{name}/train" for name in config["source"]["derived"])}
    assert config["validation"] == "validation"
