"""Questions that are answered otherwise than by one query: readings to choose from, edits, refusals."""

import io
from typing import Any

import duckdb
import pytest
from rich.console import Console

from microgt.errors import ConfigError, NotAnswerable, SeveralReadings, Unanswered
from microgt.product import terminal
from microgt.product.answered import refusal
from microgt.product.asker import Asker
from microgt.spec.json import read_spec, write_spec
from tests.product.scripted import AMOUNT, ORDERS, UNKNOWN, Scripted, by_region, make_shop

BY_AMOUNT, BY_ORDERS = by_region(AMOUNT), by_region(ORDERS)
FIRST = {"kind": "edit", "answer": by_region(AMOUNT, limit={"kind": "limit", "n": 1})}
AMONUT = "E_UNKNOWN_ID at /query/outputs/0/column: unknown column 'amonut' in orders; did you mean 'amount'?"


def clarify(*readings: Any) -> dict[str, Any]:
    return {"kind": "clarify", "readings": readings}


def ask(shop, question, *specs, **more):
    with Asker(Scripted(*specs)) as asker:
        return asker.ask(shop, question, **more)


def printed(renderable) -> str:
    """What a terminal without colours shows, without the version of the data."""
    console = Console(file=io.StringIO(), width=200, highlight=False)
    console.print(renderable)
    lines = [line.rstrip() for line in console.file.getvalue().splitlines()]
    return "\n".join(line.partition(" · data version")[0] for line in lines)


def test_words_that_no_rule_understands_are_read_with_the_answer_before_by_a_model_that_has_learnt_changes(shop):
    heard = []

    class Listening(Scripted):
        def predict(self, question, schema):
            heard.append(question)
            return super().predict(question, schema)

    for knows in ((), ("Edit",)):
        with Asker(Listening(FIRST if knows else BY_ORDERS, knows=knows)) as asker:
            answered = asker.refine(shop, "which region is ahead of the others there", read_spec(BY_AMOUNT))
        assert answered.intent == ("edit" if knows else "answer")
    assert heard[0] == "which region is ahead of the others there"
    assert heard[1].endswith(heard[0])
    assert "total orders amount" in heard[1]


# ------------------------------------------------------------------ readings to choose from


def test_readings_are_listed_in_words_and_one_is_chosen_by_its_number(shop):
    with pytest.raises(SeveralReadings) as several:
        ask(shop, "best region", clarify(BY_AMOUNT, BY_ORDERS))
    assert str(several.value) == "the question has 2 readings: choose one by its number, 1 or 2"
    assert several.value.exit_status == 3
    assert printed(terminal.readings(several.value)) == (
        "1 The total orders amount by customers region, largest first.\n2 The number of orders by customers region, largest first."
    )
    chosen = ask(shop, "best region", clarify(BY_AMOUNT, BY_ORDERS), choose=2)
    assert chosen.rows == (("south", 2), ("north", 1))
    assert (chosen.intent, chosen.spec, chosen.warnings) == ("answer", read_spec(BY_ORDERS), ())
    for number in (0, 3):
        with pytest.raises(ConfigError) as error:
            ask(shop, "best region", clarify(BY_AMOUNT, BY_ORDERS), choose=number)
        assert str(error.value) == f"there is no reading {number}: choose 1 or 2"


def test_readings_as_json_have_their_specs(shop):
    with pytest.raises(SeveralReadings) as several:
        ask(shop, "best region", clarify(BY_AMOUNT, BY_ORDERS, by_region({**AMOUNT, "fn": "avg"})))
    found = refusal(several.value)
    assert list(found) == [*refusal("why"), "readings"]
    assert found["intent"] == "clarify"
    assert found["words"] == (
        "This can mean (1) the total orders amount by customers region, largest first, "
        "(2) the number of orders by customers region, largest first or "
        "(3) the average orders amount by customers region, largest first."
    )
    assert found["warnings"] == ["the question has 3 readings: choose one by its number, 1, 2 or 3"]
    assert [(r["choose"], read_spec(r["spec"])) for r in found["readings"][:2]] == [(1, read_spec(BY_AMOUNT)), (2, read_spec(BY_ORDERS))]
    assert found["readings"][1]["words"] == "The number of orders by customers region, largest first."
    assert "COUNT(*)" in found["readings"][1]["sql"]
    assert [r["spec"] for r in found["readings"]] == found["spec"]["readings"]


def test_readings_that_cannot_be_run_are_no_choice(shop):
    with pytest.raises(SeveralReadings) as several:
        ask(shop, "best region", clarify(UNKNOWN, BY_AMOUNT, BY_ORDERS, BY_AMOUNT))
    assert printed(terminal.readings(several.value)) == (
        "1 The total orders amount by customers region, largest first.\n"
        "2 The number of orders by customers region, largest first.\n"
        f"warning: a further reading could not be run: {AMONUT}\n"
        "warning: a further reading could not be run: it means the same as reading 1"
    )
    assert refusal(several.value)["warnings"] == [
        "the question has 2 readings: choose one by its number, 1 or 2",
        f"a further reading could not be run: {AMONUT}",
        "a further reading could not be run: it means the same as reading 1",
    ]
    assert ask(shop, "best region", clarify(UNKNOWN, BY_AMOUNT, BY_ORDERS), choose=2).spec == read_spec(BY_ORDERS)


def test_one_reading_that_is_left_is_the_answer(shop):
    answered = ask(shop, "best region", clarify(UNKNOWN, BY_AMOUNT))
    assert answered.rows == (("south", 80.0), ("north", 20.0))
    assert answered.warnings == (f"1 other reading(s) could not be run: {AMONUT}",)
    (warning, _) = ask(shop, "best region", clarify(UNKNOWN, BY_AMOUNT), choose=1).warnings
    assert warning == "the question has one reading: there was nothing to choose"


def test_without_a_reading_the_next_candidate_is_tried(shop):
    answered = ask(shop, "best region", clarify(UNKNOWN, UNKNOWN), BY_ORDERS)
    assert answered.spec == read_spec(BY_ORDERS)
    assert answered.warnings == (f"1 likelier reading(s) could not be run: none of its 2 readings can be run: {AMONUT}",)


# ------------------------------------------------------------------ edits


@pytest.mark.parametrize("previous", [BY_AMOUNT, {"kind": "edit", "answer": BY_AMOUNT}])
def test_an_edit_is_run_and_shown_with_its_difference(shop, previous):
    answered = ask(shop, "only the first", FIRST, previous=read_spec(previous))
    assert printed(terminal.answer(answered)) == (
        "Instead: the total orders amount by customers region, largest first, only the first row.\n"
        "added the limit: the first row\n"
        "SELECT\n  customers.region,\n  SUM(orders.amount) AS sum_amount\nFROM orders\nLEFT JOIN customers\n"
        "  ON orders.customer_id = customers.id\nGROUP BY\n  customers.region\nORDER BY\n  sum_amount DESC,\n  customers.region\nLIMIT 1\n"
        "region  sum_amount\nsouth           80\n"
        "confidence 90%\n"
        "value 1: constant"
    )
    found = answered.to_json()
    assert (found["intent"], found["spec"]) == ("edit", write_spec(read_spec(FIRST)))
    assert found["changes"] == [{"part": "limit", "before": "", "after": "the first row", "words": "added the limit: the first row"}]


def test_an_edit_that_changes_nothing_says_so(shop):
    answered = ask(shop, "the same again", {"kind": "edit", "answer": BY_AMOUNT}, previous=read_spec(BY_AMOUNT))
    assert printed(terminal.answer(answered)).splitlines()[1] == "nothing changed: it means the same"
    assert answered.to_json()["changes"] == []


def test_an_edit_without_a_previous_spec_is_skipped(shop):
    answered = ask(shop, "amount by region", FIRST, BY_AMOUNT)
    assert answered.intent == "answer"
    assert answered.warnings == ("1 likelier reading(s) could not be run: an edit changes the previous spec, and none was given",)
    assert "changes" not in answered.to_json()


def test_a_previous_spec_must_be_an_answer_of_this_database(shop):
    with pytest.raises(ConfigError) as error:
        ask(shop, "only the first", FIRST, previous=read_spec(UNKNOWN))
    assert str(error.value) == f"the previous spec is not right for shop: {AMONUT}"
    with pytest.raises(ConfigError) as error:
        ask(shop, "only the first", FIRST, previous=read_spec(clarify(BY_AMOUNT, BY_ORDERS)))
    assert str(error.value) == "the previous spec is 'clarify', which has no answer to change: give one of kind 'answer' or 'edit'"


# ------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("question", "reason", "words"),
    [
        (
            "total weather by region of the customers this month",
            "no_column",
            "no column of the database holds what is asked. Nothing in shop is called 'weather'.",
        ),
        ("orders of customers", "no_column", "no column of the database holds what is asked."),
        (
            "orders of customers in Berlin or 'the east'",
            "no_value",
            "a value that is asked for is not in the database. Not found among the values of shop: 'Berlin', 'the east'.",
        ),
        ("orders of the south", "no_value", "a value that is asked for is not in the database."),
        ("orders of customers", "no_path", "no keys connect the tables that are needed."),
        ("write a poem about orders", "out_of_scope", "it is not a question about the data."),
    ],
)
def test_a_refusal_says_why_and_what_is_missing(shop, question, reason, words):
    spec = {"kind": "unanswerable", "reason": reason}
    with pytest.raises(Unanswered) as error:
        ask(shop, question, spec)
    assert str(error.value) == f"This cannot be answered: {words} Tables of shop: customers, orders."
    found = refusal(error.value)
    assert (found["intent"], found["spec"], found["words"], found["warnings"]) == (
        "unanswerable",
        spec,
        str(error.value),
        [str(error.value)],
    )


def test_a_refusal_for_want_of_keys_says_what_they_do_not_connect(tmp_path):
    path = make_shop(tmp_path / "zoned.duckdb")
    with duckdb.connect(path) as db:
        db.execute("CREATE TABLE zones (code VARCHAR PRIMARY KEY)")
    with pytest.raises(Unanswered) as error:
        ask(path, "orders and customers of each zone", {"kind": "unanswerable", "reason": "no_path"})
    assert str(error.value) == (
        "This cannot be answered: no keys connect the tables that are needed. Not connected with each other: customers, orders; zones. "
        "Tables of zoned: customers, zones, orders."
    )


def test_a_refusal_ends_the_search(shop):
    with pytest.raises(NotAnswerable):
        ask(shop, "orders", UNKNOWN, {"kind": "unanswerable", "reason": "no_path"}, BY_ORDERS)


def test_an_unsure_answer_becomes_readings_to_choose_from(shop):
    specs = [{"query": {"outputs": [AMOUNT]}}, UNKNOWN, {"query": {"outputs": [ORDERS]}}]
    with Asker(Scripted(*specs, confidence=0.4), threshold=lambda schema, spec: 0.5) as asker:
        with pytest.raises(SeveralReadings) as several:
            asker.ask(shop, "amount or number of orders?")
        assert [r.rows for r in several.value.readings] == [((100.0,),), ((3,),)]
        assert asker.ask(shop, "amount or number of orders?", choose=2).rows == ((3,),)
    with Asker(Scripted(*specs, confidence=0.6), threshold=lambda schema, spec: 0.5) as asker:
        assert asker.ask(shop, "amount or number of orders?").rows == ((100.0,),)


def test_what_shows_something_else_is_offered_before_what_says_the_same_again(shop):
    """Three ways to the number of orders, then the amount."""
    positive = {"kind": "compare", "op": "gt", "left": "orders.id", "right": 0}
    same = [{"query": {"outputs": [ORDERS], **more}} for more in ({}, {"where": positive}, {"where": {**positive, "op": "ge"}})]
    with (
        Asker(Scripted(*same, {"query": {"outputs": [AMOUNT]}}, confidence=0.4), threshold=lambda schema, spec: 0.5) as asker,
        pytest.raises(SeveralReadings) as several,
    ):
        asker.ask(shop, "how many orders?")
    assert [r.rows for r in several.value.readings] == [((3,),), ((100.0,),), ((3,),)]


def test_the_threshold_is_that_of_the_schema_asked_and_of_the_answer(shop):
    """As `Proposer.threshold`, which goes by names and by whether it is a chart."""
    asked, count = [], {"query": {"outputs": [ORDERS]}}
    with Asker(Scripted(count), threshold=lambda *of: asked.append(of) or 0.0) as asker:
        asker.ask(shop, "how many orders?")
        assert asked == [(asker.database(shop).schema, read_spec(count))]


def test_an_unsure_forecast_of_complete_periods_is_among_the_readings(shop):
    forecast = {
        "query": {"outputs": [{"kind": "time_bucket", "of": "orders.placed", "grain": "month"}, AMOUNT]},
        "view": {"kind": "forecast", "of": {"kind": "ref", "output": 1}, "horizon": 2},
    }
    with (
        Asker(Scripted(forecast, {"query": {"outputs": [ORDERS]}}, confidence=0.4), threshold=lambda schema, spec: 0.5) as asker,
        pytest.raises(SeveralReadings) as several,
    ):
        asker.ask(shop, "amount by month, and what will it be?")
    assert [r.intent for r in several.value.readings] == ["answer", "answer"]
    assert several.value.readings[1].rows == ((3,),)


def test_an_unsure_answer_without_another_reading_says_so(shop):
    with Asker(Scripted({"query": {"outputs": [AMOUNT]}}, UNKNOWN, confidence=0.4), threshold=lambda schema, spec: 0.5) as asker:
        answered = asker.ask(shop, "amount or number of orders?")
    assert answered.rows == ((100.0,),)
    assert answered.warnings[0] == "not sure enough of this answer (40%): read its words before using it"
