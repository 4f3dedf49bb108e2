import sqlite3
from contextlib import closing
from datetime import date

import duckdb
import pytest

from microgt.errors import ConfigError, DataError, NotAnswerable
from microgt.graph.synonyms import with_synonyms
from microgt.product.answered import refusal
from microgt.product.asker import Asker
from microgt.spec.json import read_spec
from tests.product.scripted import AMOUNT, UNKNOWN, Scripted

BY_REGION = {"query": {"outputs": ["customers.region", {"kind": "aggregate", "fn": "sum", "of": "orders.amount"}]}}
TOTAL = {"query": {"outputs": [AMOUNT]}}
SOUTH = {
    "query": {
        "outputs": [{"kind": "aggregate", "fn": "sum", "of": "orders.amount"}],
        "where": {"kind": "compare", "op": "eq", "left": "customers.region", "right": {"value": "south"}},
    }
}


def ask(shop, question, *specs, **more):
    with Asker(Scripted(*specs, **more)) as asker:
        return asker.ask(shop, question)


def test_the_answer_is_what_the_engine_returned(shop):
    answered = ask(shop, "total amount by region", BY_REGION)
    assert sorted(answered.rows) == [("north", 20.0), ("south", 80.0)]
    assert (answered.intent, answered.row_count, answered.truncated, answered.warnings) == ("answer", 2, False, ())
    assert "region" in answered.words
    assert "SUM" in answered.sql.upper()


def test_json_has_the_promised_keys_and_so_has_a_refusal(shop):
    first = ["intent", "spec", "words", "sql", "columns", "rows", "row_count", "truncated", "written"]
    keys = [*first, "confidence", "values", "links", "data_version", "checkpoint", "answered_at", "warnings"]
    answered = ask(shop, "total amount by region", BY_REGION)
    assert list(answered.to_json()) == list(refusal("why")) == keys
    assert read_spec(answered.to_json()["spec"]) == answered.spec


def test_links_say_what_words_point_to(shop):
    answered = ask(shop, "total amount of orders in the south", SOUTH)
    assert [(link.words, link.to, link.how, link.used) for link in answered.links] == [
        ("amount", "orders.amount", "name", True),
        ("orders", "orders", "name", True),
        ("south", "customers.region", "value", True),
    ]
    assert [(link.to, link.used) for link in ask(shop, "amount and customers", TOTAL).links] == [
        ("orders.amount", True),
        ("customers", False),
    ]
    assert answered.to_json()["links"][0] == {"words": "amount", "to": "orders.amount", "how": "name", "used": True}


def test_links_by_meaning_are_told_of_a_model_that_has_them(shop):
    class ByMeaning(Scripted):
        def graph(self, question, schema):
            return with_synonyms(super().graph(question, schema))

    with Asker(ByMeaning(TOTAL)) as asker:
        (link,) = asker.ask(shop, "the sum in question").links
    assert (link.words, link.to, link.how, link.used) == ("sum", "orders.amount", "meaning", True)


def test_what_means_a_name_is_not_missing(shop):
    assert ask(shop, "each buyer", TOTAL).rows
    with pytest.raises(NotAnswerable, match="names a table, column or value"):
        ask(shop, "each album", TOTAL)


def test_values_say_where_they_came_from(shop):
    (value,) = ask(shop, "total amount of south", SOUTH).values
    assert (value.value, value.source, value.words, value.columns) == ("south", "cell", "south", ("customers.region",))
    (value,) = ask(shop, "total amount of the others", SOUTH).values
    assert (value.source, value.columns) == ("constant", ())


def test_candidates_that_fail_are_dropped_and_named(shop):
    answered = ask(shop, "total amount by region", UNKNOWN, BY_REGION)
    assert answered.row_count == 2
    (warning,) = answered.warnings
    assert warning.startswith("1 likelier reading(s) could not be run: E_UNKNOWN_ID")
    with pytest.raises(NotAnswerable, match="none of the 1 readings .* did you mean 'amount'"):
        ask(shop, "amount", UNKNOWN)
    with pytest.raises(NotAnswerable, match="none of the 0 readings"):
        ask(shop, "amount")


def test_words_beyond_those_that_are_read_are_told_of(shop):
    said = "please " * 80
    (warning,) = ask(shop, f"total amount {said}", TOTAL).warnings
    assert warning == "only the first 80 words of the question were read, 2 were not: ask in fewer words"
    with pytest.raises(NotAnswerable, match="of which the first 80 words were read"):
        ask(shop, f"{said} total amount", TOTAL)


def test_a_doubtful_and_an_empty_answer_say_so(shop):
    spec = {"query": {"outputs": ["orders.amount"], "where": {"kind": "compare", "op": "gt", "left": "orders.amount", "right": 100}}}
    low, empty = ask(shop, "amount above 100", spec, confidence=0.1).warnings
    assert low.startswith("low confidence (10%)")
    assert empty == "no row matches"


def test_what_cannot_be_asked(shop, tmp_path):
    with pytest.raises(ConfigError, match="the question is empty"):
        ask(shop, "  ", BY_REGION)
    with pytest.raises(NotAnswerable, match=r"nothing in the question \('tell', 'me', 'jokes'\) names a table.*customers, orders"):
        ask(shop, "tell me jokes", BY_REGION)
    with pytest.raises(NotAnswerable, match="no word of the question can be read as English"):
        ask(shop, "сколько заказов", BY_REGION)
    with pytest.raises(NotAnswerable, match="no keys connect"):
        ask(shop, "total amount", {"kind": "unanswerable", "reason": "no_path"})
    with pytest.raises(DataError, match=r"no database at .*gone\.duckdb"):
        ask(tmp_path / "gone.duckdb", "total amount", BY_REGION)
    duckdb.connect(tmp_path / "empty.duckdb").close()
    with pytest.raises(DataError, match="no table"):
        ask(tmp_path / "empty.duckdb", "total amount", BY_REGION)


def test_a_database_is_read_again_when_its_file_changes(shop, tmp_path):
    path = tmp_path / "grows.duckdb"
    path.write_bytes(shop.read_bytes())
    with Asker(Scripted(BY_REGION)) as asker:
        first = asker.database(path)
        assert asker.database(path) is first
        path.unlink()
        with duckdb.connect(path) as db:
            db.execute("CREATE TABLE orders (amount DOUBLE)")
        assert [t.name for t in asker.database(path).schema.tables] == ["orders"]


def test_a_folder_is_read_again_when_a_file_in_it_changes(tmp_path):
    (tmp_path / "t.csv").write_text("a\nx\n")
    with Asker(Scripted()) as asker:
        assert asker.database(tmp_path).schema.values == {"t.a": ("x",)}
        (tmp_path / "t.csv").write_text("a\nlonger\n")
        changed = asker.database(tmp_path)
        assert changed.schema.values == {"t.a": ("longer",)}
        assert asker.database(tmp_path) is changed
        changed.path.unlink()
        assert asker.database(tmp_path).path.is_file(), "a copy that went is made again"


def test_changes_in_a_write_ahead_log_are_read(tmp_path):
    lite, duck = tmp_path / "t.sqlite", tmp_path / "t.duckdb"
    with Asker(Scripted()) as asker, closing(sqlite3.connect(lite)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        for text in ("x", "y"):
            writer.execute("CREATE TABLE IF NOT EXISTS t (a TEXT)")
            writer.execute(f"INSERT INTO t VALUES ('{text}')")
            writer.commit()
            with duckdb.connect(duck) as other:
                other.execute("PRAGMA disable_checkpoint_on_shutdown")
                other.execute(f"CREATE TABLE IF NOT EXISTS t (a TEXT); INSERT INTO t VALUES ('{text}')")
            assert [asker.database(path).schema.values["t.a"][-1] for path in (lite, duck)] == [text, text]


def test_relative_periods_count_from_the_given_day(shop):
    period = {"kind": "in_period", "of": "orders.placed", "period": {"kind": "this", "unit": "month"}}
    spec = {"query": {"outputs": [{"kind": "aggregate", "fn": "sum", "of": "orders.amount"}], "where": period}}
    with Asker(Scripted(spec)) as asker:
        assert asker.ask(shop, "amount this month").rows == ((80.0,),)
        assert asker.ask(shop, "amount this month", as_of=date(2024, 1, 31)).rows == ((20.0,),)
