"""What a profile says of data that were made to have each fault."""

import json
from datetime import date, timedelta

import duckdb
import pytest

from microgt.cli.main import main
from microgt.profile import bears, keys, make, profile
from microgt.profile.page import page

FIRST = date(2022, 1, 1)


@pytest.fixture(scope="module", autouse=True)
def own_cache(tmp_path_factory):
    """No profile reads what another run has stored."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MICROGT_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Customers; an order a day for three years but March 2023, two of them of nobody, one amount far too large; outages, one a year."""
    path = tmp_path_factory.mktemp("shop") / "shop.duckdb"
    days = [FIRST + timedelta(days=i) for i in range(3 * 365)]
    days = [day for day in days if (day.year, day.month) != (2023, 3)]
    orders = [
        (i, 1 + i % 9 if i > 2 else 77, 10.0 + i % 5 if i != 9 else 1e6, day, str(i % 4), ("web", "shop")[i % 2])
        for i, day in enumerate(days)
    ]
    with duckdb.connect(path) as db:
        db.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, region VARCHAR)")
        db.execute(
            "CREATE TABLE orders (order_id INTEGER, customer_id INTEGER, amount DOUBLE, placed DATE, priority VARCHAR, channel VARCHAR)"
        )
        db.execute("CREATE TABLE outages (began DATE, minutes INTEGER)")
        db.execute("COMMENT ON COLUMN orders.customer_id IS 'references customers.id'")
        db.executemany("INSERT INTO customers VALUES (?, ?)", [(i, None if i == 4 else "north") for i in range(1, 10)])
        db.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?)", [*orders, orders[-1]])
        db.executemany("INSERT INTO outages VALUES (?, ?)", [(date(2018 + i, 2 + i, 3), 10 * i) for i in range(5)])
    return path


@pytest.fixture(scope="module")
def found(shop):
    """Its profile."""
    return profile(shop)


def table(found, name):
    return next(table for table in found.tables if table.name == name)


def column(found, name):
    return next(column for column in table(found, name.split(".")[0]).columns if column.name == name.split(".")[1])


def test_figures_of_columns(found):
    amount = column(found, "orders.amount")
    assert (amount.type, amount.nulls, amount.distinct, amount.low, amount.high) == ("DOUBLE", 0, 6, "10.0", "1000000.0")
    assert (amount.median, amount.outliers, amount.notes) == (12.0, 1, ("1 far from the others",))
    assert column(found, "orders.priority").notes == ("text, though 100% are numbers",)
    region = column(found, "customers.region")
    assert (region.nulls, region.distinct, region.notes) == (1, 1, ("one value, or none",))
    assert (found.skipped, table(found, "orders").rows) == ((), 1065)


def test_keys_duplicates_and_orphans(found):
    assert table(found, "customers").keys == ("id",)
    orders = table(found, "orders")
    assert (orders.keys, orders.duplicates, dict(orders.repeated)) == ((), 1, {"order_id": 1})
    assert [(j.column, j.target, j.how, j.rows, j.orphans) for j in found.joins] == [
        ("orders.customer_id", "customers.id", "declared", 1065, 3)
    ]


def test_dates_with_their_gaps(found):
    (placed,) = table(found, "orders").dates
    assert (placed.first, placed.last, placed.grain, placed.periods, placed.covered) == ("2022-01-01", "2024-12-30", "day", 1095, 1064)
    assert placed.gaps == (("2023-02-28", "2023-04-01", 32),)


def test_what_the_data_bear_and_what_not(found):
    orders, outages = table(found, "orders"), table(found, "outages")
    assert "totals and averages of amount" in orders.bears
    assert "comparison by priority (4 groups), channel (2 groups)" in orders.bears
    assert "a trend by day of placed, 2022-01-01 to 2024-12-30" in orders.bears
    assert "totals of priority: these numbers are text" in orders.lacks
    assert "counts and totals without a look at its 1 duplicate row" in orders.lacks
    assert "no forecast along began (5 rows in 5 years): by year it needs 8 complete years, and there are 3: 5 are missing" in outages.lacks
    assert "no trend, no forecast, nothing about last year: there is no column of dates" in table(found, "customers").lacks


def test_a_steady_number_of_rows_is_no_reason_against_a_forecast(tmp_path):
    rows = "".join(f"{2020 + i // 36}-{1 + i // 3 % 12:02}-{1 + 9 * (i % 3):02},{i % 7}\n" for i in range(144))
    (tmp_path / "orders.csv").write_text(f"placed,amount\n{rows}")
    (orders,) = profile(tmp_path / "orders.csv").tables
    (forecast,) = [line for line in orders.bears if "forecast" in line]
    assert forecast.startswith("a forecast by week of placed")
    assert not [line for line in orders.lacks if "forecast" in line]


def test_the_command_line_prints_and_writes_a_page(shop, found, tmp_path, capsys):
    assert main(["profile", str(shop), "--html", str(tmp_path / "shop.html"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(found.to_json()))
    written = (tmp_path / "shop.html").read_text(encoding="utf-8")
    assert written == page(found)
    assert "http" not in written.replace("http-equiv", "")
    assert main(["profile", str(tmp_path / "none.csv")]) == 2
    assert "no database at" in capsys.readouterr().err


@pytest.mark.parametrize("count", [100, pytest.param(2_000, marks=pytest.mark.slow)])
def test_odd_names_many_columns_and_markup(tmp_path, count):
    names = ['say ""hi""', "select", "a b", "🙂", "<b>", "semi;colon", *(f"c{i}" for i in range(count - 6))]
    header = ",".join(f'"{name}"' for name in names)
    (tmp_path / "wide.csv").write_text(header + "\n" + "\n".join(",".join([str(r)] * count) for r in range(3)))
    found = profile(tmp_path / "wide.csv")
    (wide,) = found.tables
    assert [c.name for c in wide.columns][:6] == ['say "hi"', "select", "a b", "🙂", "<b>", "semi;colon"]
    assert (len(wide.columns), {c.distinct for c in wide.columns}) == (count, {3})
    assert "<td>&lt;b&gt;</td>" in page(found)


def test_an_empty_table_is_told_of(tmp_path):
    with duckdb.connect(tmp_path / "empty.duckdb") as db:
        db.execute("CREATE TABLE t (a INTEGER, b DATE, c VARCHAR, d INTEGER[])")
    found = profile(tmp_path / "empty.duckdb")
    assert (found.tables[0].rows, found.tables[0].dates, found.skipped) == (0, (), ())
    assert "nothing that needs numbers: it has 0 rows" in found.tables[0].lacks


def profiled(folder, content, **others):
    """The profile of a table, and of others beside it."""
    for name, text in {"t": content, **others}.items():
        (folder / f"{name}.csv").write_text(text)
    return profile(folder)


def test_months_written_month_first_are_a_series_and_the_profile_says_how_they_were_read(tmp_path):
    rows = "".join(f"{month:02}/01/{year},{1000 + 7 * month + year}\n" for year in (2021, 2022, 2023) for month in range(1, 13))
    found = profiled(tmp_path, f"month,amount\n{rows}")
    (series,) = found.tables
    assert column(found, "t.month").notes == ("read as month/day/year; could be day/month/year",)
    assert "a trend by month of month, 2021-01-01 to 2023-12-01" in series.bears
    assert [line for line in series.bears if line.startswith("a forecast by month of month")]
    assert "totals and averages of amount" in series.bears, "amounts may all differ"
    assert series.keys == ("month",)
    assert "could be day/month/year" in page(found)


def test_what_is_known_of_a_file_stands_with_its_table(tmp_path, capsys):
    (tmp_path / "t.csv").write_text("a,b\n" + "x,2,3\n" * 30)
    assert main(["profile", str(tmp_path / "t.csv")]) == 0
    assert "left out above the table: 1 line, from 'a,b'" in capsys.readouterr().out
    (lines,) = profile(tmp_path / "t.csv").tables
    assert lines.loaded[1] == "made-up names, as no line was taken for the names of the columns: column0, column1, column2"


def test_numbers_that_name_something_are_no_quantities(tmp_path):
    names = "CustomerID,ShipZip,year,order_no,rating,units,sales_per_day,phone2"
    rows = "".join(f"{i % 9},{10000 + i},{2020 + i % 3},{7 * i},{1 + i % 5},{i * i},{i},{555000 + i}\n" for i in range(60))
    (found,) = profiled(tmp_path, f"{names}\n{rows}").tables
    assert "totals and averages of units, sales_per_day" in found.bears
    assert "averages of rating, whose totals mean nothing" in found.bears
    assert "comparison by year (3 groups), rating (5 groups)" in found.bears
    assert set(found.keys) == {"ShipZip", "order_no", "phone2"}


def test_numbers_of_the_schemas_keys_are_no_quantities(tmp_path):
    with duckdb.connect(tmp_path / "shop.duckdb") as db:
        db.execute("CREATE TABLE buyers (buyer INTEGER PRIMARY KEY, name VARCHAR)")
        db.execute("CREATE TABLE sales (bought_by INTEGER REFERENCES buyers (buyer), amount INTEGER)")
        db.execute("INSERT INTO buyers SELECT range, 'n' FROM range(5); INSERT INTO sales SELECT range % 5, range FROM range(50)")
    found = profile(tmp_path / "shop.duckdb")
    assert (table(found, "buyers").keys, table(found, "sales").keys) == (("buyer",), ())
    assert "totals and averages of amount" in table(found, "sales").bears


def test_numbers_written_for_people_are_told_of_and_are_no_groups(tmp_path):
    rows = "".join(
        f'"${i % 30},234.50";"{i % 30}.234,50 €";({i % 30}%);N{i % 30};0{1000 + i % 30};{1 + i % 12}/20/2024 5:07 PM\n' for i in range(90)
    )
    found = profiled(tmp_path, f"price;preis;discount;kind;zip;sold\n{rows}")
    said = "text, though 100% are numbers, with signs of currencies, separators of thousands or decimal commas"
    assert [column.notes for column in found.tables[0].columns] == [(said,)] * 3 + [(), (), ("text, though 100% are dates",)]
    assert "comparison by kind (30 groups), zip (30 groups), sold (12 groups)" in found.tables[0].bears
    assert "totals of price, preis, discount: these numbers are text" in found.tables[0].lacks
    assert not set(found.tables[0].keys) & {"price", "preis", "discount"}


def test_what_is_not_looked_at_is_told_of(tmp_path, monkeypatch):
    monkeypatch.setattr(keys, "MOST_JOINS", 1)
    monkeypatch.setattr(make, "MOST_DATES", 2)
    monkeypatch.setattr(bears, "MOST_DATES", 1)
    monkeypatch.setattr(bears, "MOST_NAMED", 1)
    content = "place_code,zone_code,since,until,seen,kind,sort\n" + "".join(
        f"p{i},z{i},2024-01-0{i},2024-02-0{i},2024-03-0{i},a{i % 2},b\n" for i in range(1, 8)
    )
    found = profiled(tmp_path, content, more="note,place_code,zone_code\n" + "x,p1,z1\ny,p1,z1\n" * 3)
    said = "\n".join(found.skipped)
    assert "dates of t: of 3 columns of dates only the first 2 were looked at" in said
    assert "trends of t: of 2 columns of dates only the first 1 were looked at" in said
    assert "joins: of 2 that are possible only the first 1 were looked at" in said
    assert "sizes of groups of t: of 3 columns only the first 1 were looked at" in said
