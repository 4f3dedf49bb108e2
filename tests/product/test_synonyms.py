"""Words of one's own: what they are exchanged for, what is told of it, and entries that are wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgt.errors import NotAnswerable
from microgt.product.asker import Asker
from microgt.product.synonyms import Synonym, Synonyms, read_synonyms, synonyms_file
from microgt.schema.types import Schema
from tests.product.scripted import AMOUNT, Scripted, by_region, make_shop

FILE = """
turnover: orders.amount
client: customers
order day: orders.placed
customer number: customers.id
southerners: {customers.region: south}
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A shop with a file of synonyms."""
    shop = make_shop(tmp_path_factory.mktemp("own") / "shop.duckdb")
    synonyms_file(shop).write_text(FILE)
    return shop


@pytest.fixture(scope="module")
def synonyms(own):
    return read_synonyms(synonyms_file(own), Schema.from_duckdb(own))


@pytest.mark.parametrize(
    ("question", "becomes", "notes"),
    [
        ("Turnover by region", "amount by region", ["'Turnover' read as orders.amount"]),
        ("number of clients", "number of customers", ["'clients' read as customers"]),
        ("amounts by order day?", "amounts by placed?", ["'order day' read as orders.placed"]),
        ("each customer number", "each customers id", ["'customer number' read as customers.id"]),
        (
            "turnover of southerners",
            "amount of south",
            ["'turnover' read as orders.amount", "'southerners' read as customers.region = south"],
        ),
        ("orders called 'turnover'", "orders called 'turnover'", []),
        ("orders by customer", "orders by customer", []),
        ("", "", []),
    ],
)
def test_words_are_exchanged_and_told(synonyms, question, becomes, notes):
    retold = synonyms.retold(question)
    assert (retold.text, list(retold.notes)) == (becomes, notes)


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("turnover: orders.amonut", "'turnover' is left out: unknown column 'amonut' in orders; did you mean 'amount'?"),
        ("client: custmers", "'client' is left out: there is no table 'custmers'; did you mean 'customers'?"),
        ("sum: amount", "'sum' is left out: there is no table 'amount'; did you mean 'orders.amount'?"),
        ("s: {customers.region: sout}", "'s' is left out: customers.region has no value 'sout'; did you mean 'south'?"),
        ("s: {customers.regio: south}", "'s' is left out: unknown column 'regio' in customers; did you mean 'region'?"),
        ("x: 7", "'x' is left out: 7 is neither a table, nor table.column, nor {table.column: value}"),
        ("'!': orders", "'!' is left out: it has no words"),
    ],
)
def test_a_wrong_entry_is_told_and_the_others_hold(own, tmp_path, entry, why):
    file = tmp_path / "shop.synonyms.yaml"
    file.write_text(f"purchases: orders\n{entry}\n")
    found = read_synonyms(file, Schema.from_duckdb(own))
    assert found.wrong == (f"shop.synonyms.yaml: {why}",)
    assert found.retold("all purchases").text == "all orders"


def test_they_are_used_for_questions_and_changes_and_shown(own):
    with Asker(Scripted(by_region(AMOUNT))) as asker:
        answered = asker.ask(own, "turnover by region")
        assert answered.notes == ("'turnover' read as orders.amount",)
        assert answered.question == "turnover by region"
        assert answered.to_json()["notes"] == list(answered.notes)
        changed = asker.refine(own, "only southerners", answered.spec)
        assert (changed.rows, changed.notes) == ((("south", 80.0),), ("'southerners' read as customers.region = south",))


def test_a_changed_file_is_read_again_and_a_broken_one_is_no_end(tmp_path):
    shop = make_shop(tmp_path / "shop.duckdb")
    with Asker(Scripted(by_region(AMOUNT))) as asker:
        with pytest.raises(NotAnswerable, match="nothing in the question"):
            asker.ask(shop, "takings")
        synonyms_file(shop).write_text("takings: orders.amount")
        assert asker.ask(shop, "takings").notes == ("'takings' read as orders.amount",)
        synonyms_file(shop).write_text("takings: [")
        (note,) = asker.ask(shop, "amount by region").notes
        assert note.startswith("shop.synonyms.yaml cannot be read: while parsing")
        synonyms_file(shop).write_text("- takings")
        assert asker.ask(shop, "amount by region").notes == ("shop.synonyms.yaml is no list of `word: table.column`",)
        synonyms_file(shop).write_text("")
        assert asker.ask(shop, "amount by region").notes == ()


def test_the_file_is_beside_whatever_the_database_is(tmp_path):
    folder = tmp_path / "my.data"
    folder.mkdir()
    assert synonyms_file(folder) == tmp_path / "my.data.synonyms.yaml"
    assert synonyms_file(tmp_path / "my.data.csv") == tmp_path / "my.data.synonyms.yaml"


@given(st.text(max_size=60))
def test_what_holds_none_of_the_words_stays_letter_by_letter(text):
    retold = Synonyms((Synonym("xylophonist", "orders", "orders"),)).retold(text)
    assert retold.text == text or "xylophonist" in text.lower()
