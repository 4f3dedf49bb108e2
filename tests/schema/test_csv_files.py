"""What a CSV file means that can be read in several ways, and what is said of its reading."""

from datetime import date

import duckdb
import pytest

from microgt.schema import csv_files, load
from microgt.schema.load import as_duckdb
from microgt.schema.remarks import remarks_in

MONTHS = [(year, month) for year in (2021, 2022, 2023) for month in range(1, 13)]
AMERICAN = [f"{month:02}/01/{year}" for year, month in MONTHS]
EUROPEAN = [f"01/{month:02}/{year}" for year, month in MONTHS]
DAY_FIRST, MONTH_FIRST = "read as day/month/year; could be month/day/year", "read as month/day/year; could be day/month/year"


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))


def loaded(path, content):
    """The rows of a file, and what is said of it: of the table under the column ""."""
    path.write_text(content)
    copy = as_duckdb(path)
    with duckdb.connect(str(copy), read_only=True) as connection:
        rows = connection.execute(f"FROM {path.stem}").fetchall()
    return rows, {column: list(lines) for (_, column), lines in remarks_in(copy).items()}


def dated(path, *columns):
    """The same of a file with only dates."""
    names = ",".join(f"d{i}" for i in range(len(columns)))
    return loaded(path, names + "\n" + "\n".join(map(",".join, zip(*columns, strict=True))) + "\n")


@pytest.mark.parametrize(
    ("written", "second", "said"),
    [
        (AMERICAN, date(2021, 2, 1), MONTH_FIRST),
        (AMERICAN[::-1], date(2023, 11, 1), MONTH_FIRST),
        (AMERICAN[:12], date(2021, 2, 1), MONTH_FIRST),
        (AMERICAN[::3], date(2021, 4, 1), MONTH_FIRST),
        ([day for day in sorted(AMERICAN) for _ in "ab"], date(2021, 1, 1), MONTH_FIRST),
        ([day.replace("/", "-") for day in AMERICAN], date(2021, 2, 1), MONTH_FIRST),
        ([day.replace("/20", "/") for day in AMERICAN], date(2021, 2, 1), f"{MONTH_FIRST} or year/month/day"),
        (EUROPEAN, date(2021, 2, 1), DAY_FIRST),
        (["01/05/2021", "02/03/2021", "02/11/2021", "03/01/2021", "05/09/2021", "06/02/2021"], date(2021, 2, 3), MONTH_FIRST),
        (["05/01/2021", "03/02/2021", "11/02/2021", "01/03/2021", "09/05/2021", "02/06/2021"], date(2021, 2, 3), DAY_FIRST),
        (["03/01/2021", "04/01/2021", "05/01/2021", "08/01/2021", "09/01/2021", "10/01/2021"], date(2021, 1, 4), DAY_FIRST),
        (["04/03/2024", "02/01/2024"], date(2024, 1, 2), DAY_FIRST),
    ],
)
def test_dates_that_can_be_read_in_several_ways_are_read_by_their_order_and_spacing(tmp_path, written, second, said):
    rows, remarks = dated(tmp_path / "t.csv", written)
    assert (rows[1][0], remarks) == (second, {"d0": [said]})


@pytest.mark.parametrize(
    ("written", "second"),
    [
        (["12/01/2021", "13/01/2021"], date(2021, 1, 13)),
        (["01/12/2021", "01/13/2021"], date(2021, 1, 13)),
        (["01.02.2021", "02.02.2021"], date(2021, 2, 2)),
        (["2021-01-02", "2021-02-02"], date(2021, 2, 2)),
    ],
)
def test_of_dates_that_can_be_read_in_one_way_nothing_is_said(tmp_path, written, second):
    rows, remarks = dated(tmp_path / "t.csv", written)
    assert (rows[1][0], remarks) == (second, {})


def test_times_of_day_are_kept(tmp_path):
    rows, remarks = dated(tmp_path / "t.csv", [f"{day} 10:30:15" for day in AMERICAN])
    assert (str(rows[1][0]), remarks) == ("2021-02-01 10:30:15", {"d0": [MONTH_FIRST]})


def test_a_file_has_one_order_of_all_its_dates(tmp_path):
    shipped = [f"{month:02}/25/{year}" for year, month in MONTHS]
    rows, remarks = dated(tmp_path / "american.csv", AMERICAN, shipped)
    assert (rows[1], remarks) == ((date(2021, 2, 1), date(2021, 2, 25)), {})
    rows, remarks = dated(tmp_path / "european.csv", EUROPEAN, [f"25/{day[3:]}" for day in EUROPEAN])
    assert (rows[1], remarks) == ((date(2021, 2, 1), date(2021, 2, 25)), {})
    rows, remarks = dated(tmp_path / "neither.csv", AMERICAN, EUROPEAN)
    assert (rows[1], remarks) == ((date(2021, 1, 2), date(2021, 2, 1)), {"d0": [DAY_FIRST], "d1": [DAY_FIRST]})


def test_dates_that_begin_late_in_a_file_are_looked_at_too(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_files, "_ROWS", 2)
    rows, remarks = loaded(tmp_path / "t.csv", "a,d{0}\n" + "1,\n" * 4 + "".join(f"1,{day}\n" for day in AMERICAN))
    assert (rows[5][1], remarks) == (date(2021, 2, 1), {"d{0}": [MONTH_FIRST]})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a,b\n" + "1,2,3\n" * 30, ["left out above the table: 1 line, from 'a,b'", "made-up names, as no line was taken for the names of "
         "the columns: column0, column1, column2"]),
        ("a,b\n" + "1,2\n" * 5 + "\nregion,amount,cost\n" + "north,1,2\n" * 90, ["left out above the table: 7 lines, from 'a,b'"]),
        ("a,,a\n1,2,3\n", ["made-up names, as the file has none or has them twice: column1, a_1"]),
        ("\n\na,b\n1,2\n", None),
        ('\ufeff a ,"say ""hi"""\n1,2\n', None),
        ("'x,y';b\n'1,5';2\n", None),
        ("a\tb\n1\t2\n", None),
    ],
)  # fmt: skip
def test_lines_that_are_left_out_and_names_that_are_made_up_are_told_of(tmp_path, content, said):
    _, remarks = loaded(tmp_path / "t.csv", content)
    assert remarks.get("") == said


def test_a_copy_of_an_earlier_loader_is_not_taken(tmp_path, monkeypatch):
    path = tmp_path / "t.csv"
    path.write_text("d\n" + "\n".join(AMERICAN) + "\n")
    with monkeypatch.context() as earlier:
        earlier.setattr(load, "_LOADER_VERSION", 3)
        earlier.setattr(load, "as_meant", lambda *_: None)
        old = as_duckdb(path)
        assert not remarks_in(old)
    assert remarks_in(as_duckdb(path))
