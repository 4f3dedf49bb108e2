"""Conditions that are said together: all of them hold, or the model reads them."""

import pytest

from tests.product.scripted import AMOUNT, by_region
from tests.refine.refined import changed

BY_REGION = by_region(AMOUNT)
PLACED, GROUPS = "orders placed is", "the total orders amount is"


def filtered(shop, *words):
    """What the one reading asks for, in words."""
    found = changed(shop, BY_REGION, *words)
    if found is None:
        return None
    (only,) = found
    return only.removeprefix("The total orders amount by customers region").removesuffix(", largest first").removeprefix(" where ")


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("only 2021 and 2023", f"{PLACED} in 2021 or {PLACED} in 2023"),
        ("only 2020, 2021 and 2023", f"{PLACED} in 2020 or {PLACED} in 2021 or {PLACED} in 2023"),
        ("for 2021 or 2023", f"{PLACED} in 2021 or {PLACED} in 2023"),
        ("in 2021 and in 2023", f"{PLACED} in 2021 or {PLACED} in 2023"),
        ("placed in 2021 and 2023", f"{PLACED} in 2021 or {PLACED} in 2023"),
        ("only January and March", f"{PLACED} in January or {PLACED} in March"),
        ("January & March 2023", f"{PLACED} in January 2023 or {PLACED} in March 2023"),
        ("Q1 and Q3 2023", f"{PLACED} in Q1 2023 or {PLACED} in Q3 2023"),
        ("last year and this year", f"{PLACED} in the last whole year or {PLACED} in the current year"),
        ("2019 and 2021 to 2023", f"{PLACED} in 2019 or {PLACED} from 2021 to 2023"),
    ],
)
def test_a_list_of_periods_is_one_of_them(shop, words, asked):
    assert filtered(shop, words) == asked


@pytest.mark.parametrize(
    "words", ["from 2021 to 2023", "between 2021 and 2023", "from 2021 and 2023", "2021 to 2023", "2021 - 2023", "2021 \N{EN DASH} 2023", "only 2021-2023"]
)  # fmt: skip
def test_a_span_is_said_to_be_one(shop, words):
    assert filtered(shop, words) == f"{PLACED} from 2021 to 2023"


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("since 2021 and before 2023", f"{PLACED} on or after 2021 and {PLACED} before 2023"),
        ("placed since 2021, before 2023", f"{PLACED} on or after 2021 and {PLACED} before 2023"),
        ("in 2023 since February 2023", f"{PLACED} in 2023 and {PLACED} on or after February 2023"),
        ("above 100 and below 2000", f", only groups where {GROUPS} more than 100 and {GROUPS} less than 2000"),
        ("only south, since 2021 and before 2023",
         f'customers region is "south" and {PLACED} on or after 2021 and {PLACED} before 2023'),
        ("placed in 2023 and joined in 2021", f"{PLACED} in 2023 and customers joined is in 2021"),
        ("only south and only north", 'customers region is "south" or "north"'),
    ],
)  # fmt: skip
def test_what_is_said_together_holds_together(shop, words, asked):
    assert filtered(shop, words) == asked


def test_bounds_of_one_column_are_of_rows_or_of_groups(shop):
    for words in ("amount above 10 and amount below 50", "amount above 10 and below 50"):
        assert changed(shop, BY_REGION, words) == [
            "The total orders amount by customers region where orders amount is more than 10 and orders amount is less than 50, largest first",
            f"The total orders amount by customers region, only groups where {GROUPS} more than 10 and {GROUPS} less than 50, largest first",
        ]


@pytest.mark.parametrize(
    "words",
    [
        "only 2021, only 2023", "since 2021 and 2023", "before 2021 and after 2023", "after 2023 and until 2023", "2023, last month", "Q1, Q3 2023", "March and 2023",
        "since January and before March", "below 10 and above 50", "above 50 and at most 50",
    ],
)  # fmt: skip
def test_what_would_hold_of_nothing_or_is_unclear_is_left_to_the_model(shop, words):
    assert filtered(shop, words) is None


@pytest.mark.parametrize(
    ("before", "words", "asked"),
    [
        ("only 2021 and 2023", "only 2024", f"{PLACED} in 2024"),
        ("since 2021 and before 2023", "only 2024", f"{PLACED} in 2024"),
        ("only 2024", "since 2021 and before 2023", f"{PLACED} on or after 2021 and {PLACED} before 2023"),
        ("only 2021 and 2023", "for all time", ""),
        ("above 100", "above 100 and below 2000", f", only groups where {GROUPS} more than 100 and {GROUPS} less than 2000"),
        ("above 100 and below 2000", "above 5", f", only groups where {GROUPS} more than 5"),
        ("only south", "only north and only 2024", f'customers region is "north" and {PLACED} in 2024'),
        ("only south", "only 2024, drop the filter", f"{PLACED} in 2024"),
    ],
)
def test_what_was_asked_before_goes(shop, before, words, asked):
    assert filtered(shop, before, words) == asked
