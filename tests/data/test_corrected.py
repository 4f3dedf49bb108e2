"""What was last said about a question counts."""

import duckdb
import pytest

from microgt.audit.events import Asked, Corrected, Judged
from microgt.audit.log import log_file
from microgt.data.corrected import CorrectedSource
from microgt.errors import DataError
from microgt.spec import write_spec
from tests.product.scripted import AMOUNT, MONTH, ORDERS, by_region, make_shop


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """A shop; `said(question, spec)` corrects, with `thumb=` it judges."""
    monkeypatch.setenv("MICROGT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))
    return make_shop(tmp_path / "shop.duckdb")


@pytest.fixture
def said(shop):
    def note(question, spec, thumb=None, origin=None):
        event = Judged(question=question, spec=spec, thumb=thumb, origin=origin) if thumb else Corrected(
            question=question, spec=spec, sql="", rows=1, data_version="v"
        )  # fmt: skip
        log_file(shop).note(event)

    return note


def found(shop, split):
    return [(e.question, write_spec(e.spec)["query"]["outputs"][1]["fn"]) for e in CorrectedSource(shop).examples(split)]


def test_the_newest_correction_of_a_question_counts(shop, said):
    said("Best region?", by_region(AMOUNT))
    said("amount by region", by_region(AMOUNT))
    said("best  region", by_region(ORDERS))
    assert found(shop, "corrections") == [("best  region", "count"), ("amount by region", "sum")]
    source = CorrectedSource(shop)
    assert (source.databases("corrections"), source.schema("shop").name) == (["shop"], "shop")
    ids = [e.id for e in source.examples("corrections")]
    assert ids[0].startswith("best-region-")
    said("best region", by_region(AMOUNT))
    assert CorrectedSource(shop).examples("corrections")[0].id not in ids


def test_a_thumb_up_confirms_until_one_down_or_a_correction(shop, said):
    said("orders by region", by_region(ORDERS), "up")
    said("amount by region", by_region(AMOUNT), "up")
    said("amount by region", by_region(AMOUNT), "down")
    said("best region", by_region(AMOUNT), "up")
    said("best region", by_region(ORDERS))
    said("best region", by_region(ORDERS), "down")
    said("jokes?", None, "up")
    assert found(shop, "confirmed") == [("orders by region", "count")]
    assert found(shop, "corrections") == [("best region", "count")]


def test_a_thumb_for_what_was_changed_or_for_a_product_says_nothing_of_the_question(shop, said):
    said("best region", by_region(ORDERS))
    for origin in ("question", "suggestion"):
        said(f"orders by region: {origin}", by_region(ORDERS), "up", origin)
        for other in ("by hand", "product"):
            said(f"orders by region: {origin}", by_region(AMOUNT), "up", other)
            said(f"orders by region: {origin}", by_region(AMOUNT), "down", other)
    said("amount by region", by_region(AMOUNT, limit={"n": 1}), "up", "by hand")
    said("as a line", {"kind": "edit", "answer": by_region(AMOUNT)}, "up", "question")
    assert found(shop, "confirmed") == [("orders by region: question", "count"), ("orders by region: suggestion", "count")]


def test_where_a_thumb_does_not_say_what_it_is_for_the_log_tells(shop, said):
    said("best region", by_region(ORDERS))
    for origin, spec in (("question", by_region(AMOUNT)), ("by hand", by_region(ORDERS))):
        log_file(shop).note(Asked(question="amount by region", intent="answer", origin=origin, spec=spec))
    said("Amount by region?", by_region(ORDERS), "up")
    assert found(shop, "confirmed") == []
    said("Amount by region?", by_region(AMOUNT), "up")
    said("amount by region", by_region(ORDERS), "down")
    assert found(shop, "confirmed") == [("Amount by region?", "sum")]


def test_what_the_database_does_not_bear_any_more_is_left_out(shop, said):
    with pytest.raises(DataError, match="there are no corrections of .*shop.duckdb yet: say them with `microgt correct`"):
        CorrectedSource(shop).examples("corrections")
    said("amount by month", {"query": {"outputs": [MONTH, AMOUNT]}})
    said("orders by region", by_region(ORDERS))
    with duckdb.connect(shop) as db:
        db.execute("ALTER TABLE orders DROP COLUMN placed")
    source = CorrectedSource(shop)
    assert [e.question for e in source.examples("corrections")] == ["orders by region"]
    ((name, why),) = source.excluded("corrections")
    assert name.startswith("amount-by-month-")
    assert "unknown column 'placed'" in why
    with pytest.raises(DataError, match="has no split 'train'; choices: corrections, confirmed"):
        source.examples("train")
