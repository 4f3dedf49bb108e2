"""Numbers and dates as they are written in questions."""

import pytest

from microgt.graph.dates import dates
from microgt.graph.numbers import as_number, numbers
from microgt.graph.words import split_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("taller than 180cm", {180}),
        ("between 85 and 90", {85, 90}),
        ("over 2.5 million users", {2.5, 2_500_000}),
        ("more than 5k visits", {5000}),
        ("a 5m wall", {5, 5_000_000}),
        ("twenty five orders", {20, 25}),
        ("fifteen orders", {15}),
        ("below -3 degrees", {-3}),
        ("zip 94107, please", {94107}),
        ("costs $1,250.50", {1250.5}),
        ("no number", set()),
    ],
)
def test_numbers(text, expected):
    assert {v.value for v in numbers(split_words(text))} == expected


@pytest.mark.parametrize(("word", "number"), [("1,500", 1500), ("0.5", 0.5), ("Three", 3), ("3a", None), ("2023-05", None)])
def test_one_word_as_a_number(word, number):
    assert as_number(word) == number


@pytest.mark.parametrize("digits", [100, 101, 400, 5000])
@pytest.mark.parametrize("form", ["{}", "{}k", "{} billion", "0.{}"])
def test_very_long_numbers(digits, form):
    found = list(numbers(split_words("over " + form.format("9" * digits))))
    assert bool(found) == (digits == 100)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hired after November 5th, 2007", {"2007-11-05"}),
        ("hired on 7th September, 1987", {"1987-09-07"}),
        ("hired on the 7th of September 1987", {"1987-09-07"}),
        ("checked in on Oct 23, 2010", {"2010-10-23"}),
        ("on 2023-05-01", {"2023-05-01"}),
        ("on 5/13/2013", {"5/13/2013", "2013-05-13"}),
        ("in March of 2023", {"March 2023"}),
        ("in Q2 2024", {"Q2 2024"}),
        ("in q3", {"Q3"}),
        ("songs of Sept", {"September"}),
        ("who may mar this", set()),
        ("February 31, 2020", {"February 2020"}),
        ("in May", {"May"}),
        ("in may 2024", {"May 2024"}),
        ("the first quarter of 2025", {"Q1 2025"}),
        ("2nd quarter", {"Q2"}),
        ("2024 Q1", {"Q1 2024"}),
        ("the first half of 2025", {"H1 2025"}),
        ("2024 H2 and h1", {"H2 2024", "H1"}),
        ("second half 2024", {"H2 2024"}),
        ("the first half of the match", set()),
        ("June to August 2013", {"June 2013", "August 2013"}),
        ("Jan-March 2025", {"January 2025", "March 2025"}),
        ("Q1, Q2 and Q3 2024", {"Q1 2024", "Q2 2024", "Q3 2024"}),
        ("second in March 2023 or 2024", {"March 2023"}),
    ],
)
def test_dates(text, expected):
    assert {v.value for v in dates(split_words(text))} == expected
