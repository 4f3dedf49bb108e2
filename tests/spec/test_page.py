"""The page about the language: each of its examples is accepted, says its words and returns its rows."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from microgt.cli.main import VERBS
from microgt.engine.database import open_database
from microgt.engine.duckdb import DuckDBEngine
from microgt.spec import check, compile_spec, json_schema, read_spec
from microgt.spec.words import in_words

PAGE = (Path(__file__).parents[2] / "microgt" / "spec" / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"### \d+\. (.+?)\n.+?```json\n(.+?)```.+?```text\n(.+?)```", PAGE, re.DOTALL)

OTHERS = re.findall(r"### ([A-Z].+?)\n.*?```json\n(.+?)```\n\n```text\n(.+?)\n```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """The page's database and an engine on it."""
    path = tmp_path_factory.mktemp("page") / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(re.findall(r"```sql\n(.+?)```", PAGE, re.DOTALL)[0])
    database = open_database(str(path))
    with DuckDBEngine(database.path) as engine:
        yield database.schema, engine


def test_there_are_eleven():
    assert len(EXAMPLES) == 11


@pytest.mark.parametrize(("question", "spec", "said"), EXAMPLES, ids=[question for question, _, _ in EXAMPLES])
def test_the_example_is_true(shop, question, spec, said):
    schema, engine = shop
    read = read_spec(spec)
    words, *rows = said.rstrip("\n").split("\n")
    assert check(read, schema) == []
    assert in_words(read, schema) == words
    found = [" | ".join("" if cell is None else str(cell) for cell in row) for row in engine.run(compile_spec(read, schema)).rows]
    ordered = '"sort"' in spec
    assert found == rows if ordered else sorted(found) == sorted(rows)


@pytest.mark.parametrize(("title", "spec", "words"), OTHERS, ids=[title for title, _, _ in OTHERS])
def test_what_is_not_one_query_is_accepted_and_says_its_words(shop, title, spec, words):
    schema, _ = shop
    assert check(read_spec(spec), schema) == []
    assert in_words(read_spec(spec), schema) == words


def test_each_kind_of_the_language_and_each_of_its_choices_is_on_the_page():
    named = set(re.findall(r"\w+", PAGE[PAGE.index("## The language") : PAGE.index("What always holds")]))
    definitions = json_schema()["$defs"]
    kinds = {node["properties"]["kind"]["const"] for node in definitions.values() if "kind" in node.get("properties", {})}
    marks = set(definitions["Chart"]["properties"]["mark"]["enum"])
    assert len(kinds) > 40
    assert kinds | marks | set(definitions["Select"]["properties"]) <= named
    assert len(OTHERS) == 4


def test_each_verb_on_the_page_is_one():
    verbs = re.findall(r"`microgt (\S+)", PAGE)
    assert verbs
    assert set(verbs) <= set(VERBS)
