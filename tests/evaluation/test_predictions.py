"""Predictions of other systems from a file: each mistake costs its own question only."""

import json

import pytest

from microgt.errors import DataError
from microgt.evaluation.predictions import LONGEST, read_predictions

SPEC = {"query": {"outputs": ["customers.region"]}}


@pytest.fixture
def read(tmp_path):
    def read(*lines, asked=("a", "b"), excluded=()):
        file = tmp_path / "predictions.jsonl"
        encoded = (line if isinstance(line, bytes) else (line if isinstance(line, str) else json.dumps(line)).encode() for line in lines)
        file.write_bytes(b"\n".join(encoded) + b"\n")
        return read_predictions(file, asked, excluded)

    return read


def test_sql_specs_and_specs_as_text(read):
    found = read(
        {"id": "a", "prediction": "SELECT 1", "confidence": 0.5, "seconds": 0.1},
        "",
        {"id": "b", "prediction": SPEC, "model": "mine"},
        {"id": 3, "prediction": json.dumps(SPEC)},
        asked=("a", "b", "3"),
    )
    a, b, three = found.predictions
    assert (a.sql, a.spec, a.error, a.confidence, a.seconds) == ("SELECT 1", None, None, 0.5, 0.1)
    assert (b.id, b.sql, b.error) == ("b", None, None)
    assert b.spec == three.spec
    assert found.unused == ()


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"prediction": None}, "nothing was predicted"),
        ({"prediction": "  "}, "nothing was predicted"),
        ({}, "nothing was predicted"),
        ({"prediction": 3}, "prediction/str: Input should be a valid string"),
        ({"prediction": {"query": {}}}, "E_SPEC at /query"),
        ({"prediction": "{no json"}, "E_JSON"),
        ({"prediction": "SELECT 1", "confidence": 2}, "confidence: Input should be less than or equal to 1"),
        ({"prediction": "x" * 5_000_000}, f"a prediction of 5,000,029 bytes; at most {LONGEST:,} are read"),
        ({"prediction": {"query": {"outputs": [json.loads("[" * 100 + "]" * 100)]}}}, "E_SPEC at /query/outputs/0"),
    ],
)
def test_a_bad_prediction_is_an_error_of_its_question(read, more, says):
    bad, good = read({"id": "a", **more}, {"id": "b", "prediction": "SELECT 1"}).predictions
    assert says in (bad.error or "")
    assert (bad.sql, bad.spec) == (None, None)
    assert good.sql == "SELECT 1"


def test_two_predictions_for_one_question_count_as_none(read):
    a, b = read(
        {"id": "a", "prediction": "SELECT 1"}, {"id": "b", "prediction": "SELECT 1"}, {"id": "a", "prediction": "SELECT 2"}
    ).predictions
    assert (a.sql, a.error) == (None, "several predictions: lines 1 and 3")
    assert b.sql == "SELECT 1"


def test_lines_that_belong_to_no_question_are_listed(read):
    found = read(
        "not json",
        '{"prediction": "SELECT 1"}',
        '["a"]',
        b"\xff\xfe",
        {"id": "z", "prediction": "x"},
        {"id": "out"},
        {"id": "a"},
        excluded=("out",),
    )
    assert [p.id for p in found.predictions] == ["a"]
    assert len(found.unused) == 5
    assert found.unused[0].startswith("line 1: Invalid JSON")
    assert found.unused[1] == "line 2: id: Field required"
    assert found.unused[4] == "line 5: no question has the id 'z'"


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(DataError, match="cannot read the predictions .*: No such file"):
        read_predictions(tmp_path / "none.jsonl", ("a",))
