"""Rewordings change what the gold names, and nothing else."""

import dataclasses
import json
import random

import pytest

from microgt.build import build
from microgt.config import compose
from microgt.data.robustness.implicit import Implicit
from microgt.data.robustness.lexicon import half, lexicon
from microgt.data.robustness.manner import Manner
from microgt.data.robustness.pointers import named
from microgt.data.robustness.respelled import Respelled, slip
from microgt.data.robustness.reworded import Reworded
from microgt.data.robustness.synonyms import Synonyms
from microgt.data.robustness.words import values_said
from microgt.schema.types import Schema
from tests.data.robustness.shop import SHOP, compare, example, folder

COUNT = {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "customers"}}
ORDERS = {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "orders"}}


def said(change, asked, seed=0) -> str:
    return change(asked, SHOP, random.Random(seed)).question


def test_values_come_in_an_order_that_is_the_same_in_every_process():
    cities = ["Rome", "Bonn", "Oslo", "Graz", "Lyon"]
    places = {"kind": "or", "args": [compare("customers.city", "eq", city) for city in cities]}
    asked = example(f"customers in {', '.join(cities)}", {"outputs": ["customers.name"], "where": places})
    assert asked.spec
    assert [v.text for v in values_said(asked.question, asked.spec)] == sorted(cities)


def test_the_halves_of_the_lexicon_share_no_pair():
    pairs = [{(head, o) for head, others in lexicon(part).items() for o in others} for part in ("train", "held_out", "all")]
    assert not pairs[0] & pairs[1]
    assert pairs[0] | pairs[1] == pairs[2]
    assert min(len(pairs[0]), len(pairs[1])) > 0.4 * len(pairs[2])
    assert len(lexicon()) > 400
    assert half("client", "customer") == half("customer", "client")
    with pytest.raises(ValueError, match="choices: train, held_out, all"):
        lexicon("dev")  # pyright: ignore[reportArgumentType]


def test_no_entry_of_the_lexicon_says_itself_or_twice():
    for head, others in lexicon().items():
        assert " ".join(head) not in others
        assert len(set(others)) == len(others)


def test_what_the_gold_names():
    asked = example("?", {"outputs": ["orders.price"], "where": compare("customers.age", "gt", 30)})
    assert asked.spec
    assert [getattr(item, "id", item.name) for item in named(asked.spec, SHOP)] == ["orders.price", "orders", "customers.age", "customers"]


def test_words_of_the_schema_become_synonyms_in_their_number_and_case():
    asked = example("How many customers live in the city Berlin?", {"outputs": [COUNT], "where": compare("customers.city", "eq", "Berlin")})
    found = {said(Synonyms(), asked, seed) for seed in range(40)}
    assert "How many clients live in the town Berlin?" in found
    assert all("Berlin" in question and "customer" not in question for question in found)
    assert asked.question != "How many clients live in the town Berlin?"


def test_an_article_follows_its_noun():
    asked = example("Has a customer an order?", {"outputs": ["customers.name"], "where": compare("orders.price", "gt", 1)})
    assert all(" an a" not in q and " a i" not in q and " an p" not in q for q in (said(Synonyms(), asked, s) for s in range(30)))


def test_what_the_gold_does_not_name_stays():
    asked = example("How many customers are in the database of orders?", {"outputs": [COUNT]})
    assert all(said(Synonyms(), asked, seed).endswith("in the database of orders?") for seed in range(20))


def test_sorting_is_no_order_and_a_verb_no_noun():
    asked = example(
        "List all orders in ascending order, ordered by price", {"outputs": ["orders.price"], "where": compare("orders.order_id", "gt", 1)}
    )
    for seed in range(20):
        question = said(Synonyms(), asked, seed)
        assert "in ascending order, ordered by" in question
        assert "all orders" not in question


def test_a_synonym_that_names_something_else_is_not_taken():
    wider = dataclasses.replace(
        SHOP, tables=(*SHOP.tables, dataclasses.replace(SHOP.tables[0], name="clients", words=("clients",), columns=()))
    )
    asked = example("How many customers are there?", {"outputs": [COUNT]})
    assert isinstance(wider, Schema)
    assert all("client" not in Synonyms()(asked, wider, random.Random(s)).question for s in range(30))


@pytest.mark.parametrize(
    ("question", "query", "expected"),
    [
        ("List customers whose age is greater than 30", {"outputs": ["customers.name"], "where": compare("customers.age", "gt", 30)}, "List customers older than 30"),
        ("Orders with a price below 4.5?", {"outputs": [ORDERS], "where": compare("orders.price", "lt", 4.5)}, "Orders cheaper than 4.5?"),
        ("Which order has the highest price?", {"outputs": ["orders.order_id"], "sort": [{"direction": "desc", "by": "orders.price"}]}, "Which order is the most expensive?"),
        ("Show the customers sorted by age in ascending order.", {"outputs": ["customers.city"], "sort": [{"direction": "asc", "by": "customers.age"}]}, "Show the customers youngest first."),
        ("What are the names of customers who ordered?", {"outputs": ["customers.name"]}, "Which customers ordered?"),
        ("Show the names of all customers", {"outputs": ["customers.name"]}, "Show all customers"),
        ("How many customers whose city is Berlin?", {"outputs": [COUNT], "where": compare("customers.city", "eq", "Berlin")}, "How many customers in Berlin?"),
        ('Age of customers with the name "Ann"?', {"outputs": ["customers.age"], "where": compare("customers.name", "eq", "Ann")}, 'Age of customers "Ann"?'),
        ("List customers whose age is greater than 31", {"outputs": ["customers.name"], "where": compare("customers.age", "gt", 30)}, "List customers whose age is greater than 31"),
        ("List customers whose age is greater than 30", {"outputs": ["customers.name"], "where": compare("customers.age", "ge", 30)}, "List customers whose age is greater than 30"),
    ],
)  # fmt: skip
def test_columns_are_left_out_where_the_gold_has_them(question, query, expected):
    assert said(Implicit(), example(question, query)) == expected


def test_values_are_spelled_otherwise_and_the_gold_stays():
    asked = example('How many customers live in "München"?', {"outputs": [COUNT], "where": compare("customers.city", "eq", "München")})
    changed = [Respelled()(asked, SHOP, random.Random(seed)) for seed in range(30)]
    found = {c.question.removeprefix("How many customers live in ").rstrip("?") for c in changed}
    assert {"münchen", "MÜNCHEN", "Munchen"} < found
    assert all(c.spec is asked.spec for c in changed)


def test_a_slip_changes_one_longer_word():
    assert slip("Ann", random.Random(0)) is None
    for seed in range(20):
        new = slip("New Amsterdam", random.Random(seed))
        assert new
        assert new.startswith("New A")
        assert new.endswith("m")
        assert sorted(new) == sorted("New Amsterdam") or abs(len(new) - len("New Amsterdam")) == 1


def test_manner_keeps_the_words_that_matter():
    asked = example(
        "What is the city of customers older than 30?", {"outputs": ["customers.city"], "where": compare("customers.age", "gt", 30)}
    )
    found = {said(Manner(slips=0), asked, seed) for seed in range(60)}
    assert "city of customers older than 30" in found
    assert "what is the city of customers older than 30" in found
    assert any(q.startswith("Do you know what is") for q in found)
    assert all("city of customers older than 30" in q for q in found)


def test_a_reworded_source_is_the_same_each_time_and_keeps_ids_and_gold(tmp_path):
    line = {
        "id": "a",
        "question": "How many customers are older than 30?",
        "db": "shop.duckdb",
        "query": "SELECT count(*) FROM customers WHERE age > 30",
    }
    foreign = line | {"id": "b", "query": "SELECT count(*) FROM customers, LATERAL (SELECT 1) AS x"}
    source = folder(tmp_path, json.dumps(line), json.dumps(foreign))
    reworded = Reworded(source, [Synonyms(), Manner()])
    first, second = reworded.examples("train")
    assert reworded.examples("train") == [first, second]
    assert first.question != line["question"]
    assert (first.id, first.sql, first.spec) == ("a", line["query"], None)
    assert second.question == line["question"]
    assert {Reworded(source, [Synonyms(), Manner()], seed=s).examples("train")[0].question for s in range(9)} != {first.question}
    assert (reworded.name, reworded.splits, reworded.databases("train")) == ("folder, reworded", ("train",), ["shop.duckdb"])
    assert reworded.schema("shop.duckdb") is source.schema("shop.duckdb")


@pytest.mark.parametrize("name", ["none", "synonyms", "implicit", "respelled", "manner", "reworded"])
def test_each_configuration_makes_a_source(name, tmp_path):
    line = {"id": "a", "question": "How many customers?", "db": "shop.duckdb", "query": "SELECT count(*) FROM customers"}
    source = folder(tmp_path, json.dumps(line))
    config = compose("evaluate", [f"robustness={name}"])["robustness"]
    assert len(build(config)(source).examples("train")) == 1
    for change in config.get("changes", ()):
        assert change.get("part", "held_out") == "held_out"
