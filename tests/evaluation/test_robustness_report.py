"""Kinds of question, and the report on sets of other makes."""

import pytest

from microgt.evaluation.outcome import Outcome
from microgt.evaluation.question_kinds import KINDS, kinds_of
from microgt.evaluation.results import Item
from microgt.evaluation.robustness import Scored, report
from microgt.evaluation.run import results_of
from microgt.spec import read_spec

COUNT = {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "t"}}
MONTH = {"kind": "time_bucket", "grain": "month", "of": "t.day"}


def compare(value: int) -> dict:
    return {"kind": "compare", "op": "gt", "left": "t.n", "right": value}


NESTED = {"kind": "in_query", "of": "t.id", "query": {"kind": "select", "outputs": ["u.id"]}}
BRACKETS = {"kind": "or", "args": [compare(1), {"kind": "and", "args": [compare(2), compare(3)]}]}


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ({"outputs": [COUNT]}, ()),
        ({"outputs": [MONTH, {"kind": "running_total", "of": COUNT}]}, ("dates", "windows")),
        ({"outputs": [{"kind": "ratio", "numerator": COUNT, "denominator": COUNT}]}, ("ratios",)),
        ({"outputs": [COUNT], "where": BRACKETS}, ("brackets",)),
        ({"outputs": [COUNT], "where": {"kind": "and", "args": [compare(1), compare(2)]}}, ()),
        ({"outputs": [COUNT], "where": {"kind": "not", "arg": NESTED}}, ("without", "nested")),
        ({"outputs": ["u.name", COUNT], "empty_groups": "keep"}, ("empty groups",)),
        ({"outputs": [{"kind": "percentile", "of": "t.n", "p": 90}]}, ("percentiles",)),
        ({"outputs": [{"kind": "arithmetic", "op": "sub", "left": "t.n", "right": "t.m"}]}, ("arithmetic",)),
    ],
)
def test_kinds(query, kinds):
    assert kinds_of(read_spec({"query": query})) == kinds
    assert set(kinds) <= set(KINDS)


def scored(name: str, rights: str, confidences=(), threshold: float | None = None, mark: str = "") -> Scored:
    """A set of questions, `+` for each right one; the surer the earlier. mark: before their ids."""
    items = [
        Item(id=f"{mark}{n}", db="d", category=None, question="?", outcome=Outcome.CORRECT if r == "+" else Outcome.WRONG, confidence=c)
        for n, (r, c) in enumerate(zip(rights, confidences or [1 - n / 10 for n in range(len(rights))], strict=True))
    ]
    thresholds = {} if threshold is None else {item.id: threshold for item in items}
    return Scored(name, results_of(items, data=name, split="validation", checkpoint="c", excluded=[]), thresholds)


def test_a_set_is_compared_on_the_questions_that_both_have():
    text = report([scored("own", "+++-+"), scored("reworded", "+--")])
    assert "| own | 5 | 80.0% | " in text
    assert "| reworded | 3 | 33.3% | " in text
    assert "| +66.7 |" in text
    assert "Calibrated" not in text


def test_a_set_is_compared_with_the_first_that_has_its_questions():
    business, again = (scored(name, rights, mark="b") for name, rights in (("business", "++++++"), ("business reworded", "+++---")))
    text = report([scored("own", "+--"), business, again])
    assert "| business | 6 | 100.0% | 61.0% to 100.0% | -66.7 |" in text
    assert "| business reworded | 6 | 50.0% | 18.8% to 81.2% | +50.0 |" in text


def test_what_is_right_at_each_confidence():
    text = report([scored("own", "++-+-", [1.0, 0.91, 0.95, 0.42, 0.05])])
    row = next(line for line in text.splitlines() if line.startswith("| own |") and " of " in line)
    assert row == "| own | 0% of 1 | – | – | – | 100% of 1 | – | – | – | – | 67% of 3 |"


def test_the_coverage_that_a_threshold_leaves():
    own = scored("own", "+++-", [0.9, 0.8, 0.7, 0.2], 0.7)
    text = report([own, scored("business", "+---", [0.9, 0.3, 0.2, 0.1], 0.85)])
    assert "(0.700 or 0.850, by whether" in text
    assert "| own | 75.0% | 100.0% (3 of 3) |" in text
    assert "| business | 25.0% | 100.0% (1 of 1) |" in text
