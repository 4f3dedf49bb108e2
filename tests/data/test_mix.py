"""Several sources as one."""

import dataclasses
from random import Random

import pytest

from microgt.config import compose
from microgt.data.folder import FolderSource
from microgt.data.mix import MixSource
from microgt.data.plain import plain
from microgt.data.without import Unlike
from microgt.errors import DataError
from microgt.training.datamodule import ParserData
from microgt.training.store import prepared_split
from tests.tiny import overrides_of_tiny_runs


def no_bar(items, what, total):
    return items


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))
    overrides_of_tiny_runs(tmp_path, validation=5)
    return tmp_path / "questions"


def test_its_splits_are_those_of_its_sources(folder):
    mix = MixSource({"ours": FolderSource(folder), "again": FolderSource(folder)})
    assert mix.splits == ("ours_train", "ours_validation", "again_train", "again_validation")
    assert len(mix.examples("ours_train")) == 15
    assert len(mix.examples("again_validation")) == 5
    assert mix.excluded("ours_train") == []
    db = mix.databases("again_train")[0]
    assert mix.schema(db).tables[0].name == "orders"
    assert mix.database(db).name == "shop.duckdb"
    with pytest.raises(DataError, match="mix has no split 'ours_trian'; did you mean 'ours_train'"):
        mix.examples("ours_trian")
    with pytest.raises(DataError, match="none of ours, again has a database 'moon'"):
        mix.schema("moon")


def test_no_question_has_the_words_of_one_that_judges(folder):
    asked = FolderSource(folder).examples("train")

    class Judged:
        tested = {plain(asked[3].question)}

    source = Unlike(FolderSource(folder), Judged())
    alike = [e.id for e in asked if plain(e.question) in Judged.tested]
    assert [e.id for e in source.examples("train")] == [e.id for e in asked if e.id not in alike]
    assert source.excluded("train") == [(id, "in the words of a question that judges") for id in alike]
    assert source.databases("train") == FolderSource(folder).databases("train")


def test_no_question_is_about_a_database_that_is_left_out_nor_about_what_is_derived_from_it(folder):
    class Derived(FolderSource):
        def examples(self, split):
            return [dataclasses.replace(e, db=f"cryptic/{e.db}") for e in super().examples(split)]

        def databases(self, split):
            return [f"cryptic/{db}" for db in super().databases(split)]

        def schema(self, db):
            return super().schema(db.removeprefix("cryptic/"))

        def database(self, db):
            return super().database(db.removeprefix("cryptic/"))

    sources = {"ours": FolderSource(folder), "derived": Derived(folder)}
    db = sources["ours"].databases("train")[0]
    kept, emptied = MixSource(sources, without=["elsewhere"]), MixSource(sources, without=[db])
    for split in ("ours_train", "derived_train"):
        assert len(kept.examples(split)) == len(prepared_split(kept, split, no_bar).items) == 15
        assert kept.databases(split) == MixSource(sources).databases(split)
        assert emptied.examples(split) == emptied.databases(split) == []
        assert len(emptied.excluded(split)) == 15
    assert emptied.schema(db).tables[0].name == "orders"
    assert emptied.database(db).is_file()


def test_databases_are_left_out_on_the_command_line():
    assert compose("train", ["data=micro", "data.source.without=[geo]", "data.root=somewhere"])["data"]["source"]["without"] == ["geo"]


def test_it_is_prepared_as_its_sources_are_and_shares_of_nothing_are_not_read(folder):
    source = FolderSource(folder)
    mix = MixSource({"ours": source, "again": source})
    assert prepared_split(mix, "again_train", no_bar).fingerprint == prepared_split(source, "train", no_bar).fingerprint
    data = ParserData(mix, shares={"ours_train": 1.0, "again_train": 0.0, "again_validation": 2.0}, batch_size=4, seed=0)
    data.prepare(no_bar)
    assert list(data.tallies) == ["ours_train", "again_validation"]
    assert [len(pool.draw(Random(0))) for pool in data.pools] == [15, 10]


def test_shares_are_set_on_the_command_line():
    shares = compose("train", ["data=mix", "data.shares.nvbench_train=0.2", "data.root=somewhere"])["data"]["shares"]
    assert (shares["spider_train"], shares["nvbench_train"], shares["demo_generated"]) == (1.0, 0.2, 0.0)
