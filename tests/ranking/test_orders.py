"""Orders that a question names by their two ends."""

import pytest

from microgt.ranking.cues import asked
from microgt.ranking.orders import orders


@pytest.mark.parametrize(
    "question",
    [
        "Names from old to young",
        "oldest to youngest",
        "from the biggest to the smallest",
        "bigger to smaller",
        "sizes, tall to short",
        "dates, late to early",
        "from new to old",
        "high-to-low amounts",
        "most expensive to least expensive",
        "names from Z to A",
    ],
)
def test_from_high_to_low_is_descending(question):
    assert orders(question)[:2] == (True, False)
    assert {"sort", "descending"} <= asked(question)
    assert not {"extreme", "between"} & asked(question)


@pytest.mark.parametrize(
    "question",
    [
        "amounts from lowest to highest",
        "young to old",
        "earliest to latest",
        "from old to new by date",
        "least to most popular",
        "names A-Z",
    ],
)
def test_from_low_to_high_is_not(question):
    assert orders(question)[:2] == (False, True)
    assert "sort" in asked(question)
    assert not {"descending", "extreme", "between"} & asked(question)


@pytest.mark.parametrize(
    "question",
    [
        "who gave most to a charity",
        "flights from Oldham to Newcastle",
        "from 1 to 5",
        "the highest amount",
        "How long to first response per agent?",
        "Who shipped the most parcels to small cities?",
        "ratio of highest to lowest salary",
        "calls from the new to the old office",
        "days from first to last order per customer",
        "low to high risk customers",
        "Orders from A-Z Supplies",
    ],
)
def test_what_names_no_order(question):
    assert orders(question) == (False, False, question)
