"""Nothing that is tested is trained on."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from microgt.data.demo.source import DemoSource, read_questions, written_databases
from microgt.data.example import Example
from microgt.data.folder import FolderSource
from microgt.data.invented.source import HELD_OUT
from microgt.data.invented.written import SPLIT
from microgt.data.nvbench_source import NvBenchSource
from microgt.data.overlap import overlap
from microgt.data.plain import plain
from microgt.data.spider import SpiderSource
from microgt.data.synthetic import SyntheticSource
from microgt.data.without import Unlike
from tests.evaluation.exact.schema import SCHEMA

TRAINED = Example("t", "How old are they?", "concerts", None, "SELECT age FROM singer WHERE age > 3 AND name = 'x'", "train")
TESTED = Example("d", "What is the age?", "shows", None, "SELECT age FROM singer WHERE name = 'x' AND age > 3", "dev")
BUSINESS = Path(__file__).parents[2] / "data" / "business"
OTHER = replace(SCHEMA, tables=SCHEMA.tables[1:], keys=())


def _overlap(trained, tested, schema=SCHEMA):
    return overlap([trained], lambda _: SCHEMA, [tested], lambda _: schema)


def test_questions_are_compared_by_their_words():
    found = _overlap(TRAINED, replace(TESTED, question="how old are  THEY"), OTHER)
    assert (found.databases, found.questions, found.pairs) == (frozenset(), {"how old are they"}, frozenset())


def test_a_database_by_another_name_is_the_same():
    found = _overlap(TRAINED, TESTED)
    assert (found.databases, found.questions) == ({"concerts"}, frozenset())


def test_specs_are_compared_in_their_one_form():
    assert _overlap(TRAINED, TESTED).pairs == {"t"}
    assert not _overlap(TRAINED, replace(TESTED, sql="SELECT age FROM singer")).pairs
    assert not _overlap(replace(TRAINED, sql="SELECT upper(name) FROM singer"), TESTED).pairs


def test_names_in_both_are_found():
    assert _overlap(TRAINED, replace(TESTED, db="concerts"), OTHER).databases == {"concerts"}
    assert not _overlap(TRAINED, TESTED, OTHER)


# ------------------------------------------------------------------ the data themselves


def test_what_was_written_about_other_organisations():
    """No question is both trained on and asked of the kinds that are held out or of the companies of `data/business`."""
    written: dict[bool, set[str]] = {False: set(), True: set()}
    for kind in written_databases(SPLIT):
        written[kind in HELD_OUT] |= {plain(e.question) for e in read_questions(SPLIT, kind)}
    companies = FolderSource(BUSINESS)
    judged = written[True] | {plain(e.question) for split in companies.splits for e in companies.examples(split)}
    assert len(judged) > 500
    assert not written[False] & judged


needs_benchmarks = pytest.mark.skipif(not os.environ.get("MICROGT_BENCHMARKS"), reason="needs MICROGT_BENCHMARKS")


@needs_benchmarks
def test_spider():
    source = SpiderSource()
    described = source.described.__getitem__
    trained = [e for split in ("train", "extra") for e in source.examples(split)]
    tested = [e for split in ("dev", "validation", "reworded") for e in source.every(split)]
    assert not overlap(trained, described, tested, described)


@needs_benchmarks
@pytest.mark.slow
def test_nvbench_train():
    source, spider = NvBenchSource(), SpiderSource()
    described = spider.described.__getitem__
    trained = [Example(row.id, row.question, row.db, None, None, "train") for row in source.asked("train")]
    for tested in ("dev", "validation"):
        asked = [Example(row.id, row.question, row.db, None, None, tested) for row in source.asked(tested)]
        assert not overlap(trained, described, [*asked, *spider.every(tested)], described), tested


@needs_benchmarks
def test_generated_questions():
    spider = SpiderSource()
    demo = Unlike(DemoSource(per_database=200), spider)
    trained = [e for split in ("generated", "written", "other") for e in demo.examples(split)]
    assert not overlap(trained, demo.schema, [*spider.every("dev"), *spider.every("validation")], spider.described.__getitem__)


@needs_benchmarks
@pytest.mark.slow
def test_synthetic_questions():
    source, spider = SyntheticSource(per_database=2), SpiderSource()
    described = spider.described.__getitem__
    for tested in ("dev", "validation"):
        assert not overlap(source.examples("train"), described, spider.every(tested), described), tested
