"""Years, quarters and months of tables that have no date: columns of numbers or text say them."""

import duckdb
import pytest

from microgt.errors import CannotRefine
from microgt.graph import Linker
from microgt.schema.types import Schema
from tests.refine.refined import changed

POP = {"kind": "aggregate", "fn": "sum", "of": "gap.pop"}
BY_CONTINENT = {"query": {"outputs": ["gap.continent", POP]}}
BEFORE = "The total pop of gap by continent"


def made(folder, *statements):
    """Schema and linker of a database."""
    path = folder / "world.duckdb"
    with duckdb.connect(path) as db:
        for statement in statements:
            db.execute(statement)
    schema = Schema.from_duckdb(path)
    return schema, Linker(schema)


GAP = (
    "CREATE TABLE gap (country VARCHAR, continent VARCHAR, year INTEGER, month VARCHAR, pop INTEGER)",
    "INSERT INTO gap SELECT 'c' || i % 5, ['Asia', 'Europe'][1 + i % 2], 2000 + i % 7, ['January', 'February', 'March', 'April'][1 + i % 4], i "
    "FROM range(60) t(i)",
)


@pytest.fixture(scope="module")
def gap(tmp_path_factory):
    """Populations by an integer year and a month in words."""
    return made(tmp_path_factory.mktemp("gap"), *GAP)


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("only 2003", "year is 2003"),
        ("in 2003", "year is 2003"),
        ("only year 2003", "year is 2003"),
        ("2003 and 2005", "year is 2003 or 2005"),
        ("since 2003", "year is at least 2003"),
        ("from 2001 to 2003", "year is between 2001 and 2003"),
        ("since 2001 and before 2005", "year is at least 2001 and year is less than 2005"),
        ("only March", 'month is "March"'),
        ("only March and April", 'month is "March" or "April"'),
        ("February to March", 'month is "February" or "March"'),
        ("only March 2003", 'year is 2003 and month is "March"'),
        ("March 2003 and April 2004", '(year is 2003 and month is "March") or (year is 2004 and month is "April")'),
    ],
)
def test_a_period_is_said_of_the_columns(gap, words, asked):
    assert changed(gap, BY_CONTINENT, words) == [f"{BEFORE} where {asked}"]


@pytest.mark.parametrize(
    ("words", "becomes"),
    [
        ("by year", "The total pop of gap by year"),
        ("by month", "The total pop of gap by month"),
        ("monthly", "The total pop of gap by month"),
        ("by month of the year", "The total pop of gap by month"),
        ("also by year", "The total pop of gap by continent and year"),
        ("only March by year", 'The total pop of gap by year where month is "March"'),
    ],
)
def test_a_unit_of_time_is_its_column(gap, words, becomes):
    assert changed(gap, BY_CONTINENT, words) == [becomes]


def test_what_was_asked_of_the_same_column_goes(gap):
    assert changed(gap, BY_CONTINENT, "only 2003", "only 2005") == [f"{BEFORE} where year is 2005"]
    assert changed(gap, BY_CONTINENT, "2003 and 2005", "since 2004") == [f"{BEFORE} where year is at least 2004"]
    assert changed(gap, BY_CONTINENT, "March 2003 and April 2004", "only 2005") == [f"{BEFORE} where year is 2005"]
    assert changed(gap, BY_CONTINENT, "only 2003", "only March") == [f'{BEFORE} where year is 2003 and month is "March"']
    assert changed(gap, BY_CONTINENT, "only 2003", "for all time") == [BEFORE]


@pytest.mark.parametrize(
    "words", ["last year", "by quarter", "by weekday", "only December", "since March 2003", "only 2003-05-01", "March 2003 to April 2004", "pop 2003"]
)  # fmt: skip
def test_what_the_columns_do_not_say_is_left_to_the_model(gap, words):
    assert changed(gap, BY_CONTINENT, words) is None


@pytest.mark.parametrize("words", ["forecast 3 years", "forecast it"])
def test_a_forecast_needs_dates(gap, words):
    with pytest.raises(CannotRefine, match="has no dates"):
        changed(gap, BY_CONTINENT, words)


def test_a_table_without_any_leaves_periods_to_the_model(tmp_path):
    plain = made(tmp_path, "CREATE TABLE gap (continent VARCHAR, pop INTEGER)", "INSERT INTO gap VALUES ('Asia', 1)")
    assert [changed(plain, BY_CONTINENT, words) for words in ("only 2003", "by year", "by weekday")] == [None] * 3


def test_numbered_months_and_quarters_and_years_in_text(tmp_path):
    numbered = made(
        tmp_path,
        "CREATE TABLE gap (continent VARCHAR, year VARCHAR, quarter VARCHAR, month INTEGER, pop INTEGER)",
        "INSERT INTO gap SELECT 'Asia', (2000 + i % 5)::VARCHAR, 'Q' || (1 + i % 4), 1 + i % 12, i FROM range(60) t(i)",
    )
    assert changed(numbered, BY_CONTINENT, "only 2003") == [f'{BEFORE} where year is "2003"']
    assert changed(numbered, BY_CONTINENT, "only Q2") == [f'{BEFORE} where quarter is "Q2"']
    assert changed(numbered, BY_CONTINENT, "March to May") == [f"{BEFORE} where month is between 3 and 5"]
    assert changed(numbered, BY_CONTINENT, "November to February") is None


def test_dates_of_what_is_asked_about_come_first(tmp_path):
    dated = made(tmp_path, *GAP, "ALTER TABLE gap ADD COLUMN taken DATE")
    assert changed(dated, BY_CONTINENT, "only 2003") == [f"{BEFORE} where taken is in 2003"]
    assert changed(dated, BY_CONTINENT, "only year 2003") == [f"{BEFORE} where year is 2003"]
    assert changed(dated, BY_CONTINENT, "by year") == ["The total pop of gap by year of taken"]


def test_dates_of_other_tables_do_not(tmp_path):
    beside = made(tmp_path, *GAP, "CREATE TABLE visits (id INTEGER PRIMARY KEY, day DATE)")
    assert changed(beside, BY_CONTINENT, "only 2003") == [f"{BEFORE} where year is 2003"]
    assert changed(beside, BY_CONTINENT, "by year") == ["The total pop of gap by year"]


def test_a_year_of_something_is_meant_when_it_is_named(tmp_path):
    films = made(
        tmp_path,
        "CREATE TABLE gap (continent VARCHAR, release_year INTEGER, pop INTEGER)",
        "INSERT INTO gap VALUES ('Asia', 2003, 1)",
    )
    assert changed(films, BY_CONTINENT, "only 2003") is None
    assert changed(films, BY_CONTINENT, "release year 2003") == [f"{BEFORE} where release year is 2003"]
    assert changed(films, BY_CONTINENT, "by year") == ["The total pop of gap by release year"]
