"""Schemas read from files of every kind, and what is said of files that are none."""

import sqlite3

import duckdb
import pytest

from microgt.engine import worker
from microgt.engine.database import open_database
from microgt.errors import DataError, SpecError
from microgt.schema import ColumnType, ForeignKey, Schema
from microgt.schema.catalog import SETTINGS

DUCKDB = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, FullName VARCHAR, vip BOOLEAN, since DATE, tags VARCHAR[]);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id), amount DECIMAL(9, 2), placed_at TIMESTAMP);
INSERT INTO customers VALUES (1, 'Ada', true, '2023-01-10', ['a']), (2, 'Bo', false, '2024-03-05', NULL), (3, 'Ada', NULL, NULL, NULL);
INSERT INTO orders VALUES (1, 1, 9.5, '2024-01-01 10:00'), (2, 1, 1, '2024-02-29 23:59');
"""


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def shop(tmp_path):
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(DUCKDB)
    return path


@pytest.fixture
def school(tmp_path):
    path = tmp_path / "school.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript("""
        CREATE TABLE Teacher (TeacherID INTEGER PRIMARY KEY, Name TEXT, Room TEXT, Pay REAL, Years INTEGER);
        CREATE TABLE Lesson (Code TEXT, Taught_By INTEGER REFERENCES teacher, Hall INTEGER REFERENCES Nowhere(id));
        INSERT INTO Teacher VALUES (1, 'Eve', '007', 10, 'many'), (2, 'Gus', '12', NULL, 4);
        INSERT INTO Lesson VALUES ('M1', 1, NULL);
    """)
    connection.close()
    return path


def types(schema: Schema) -> dict[str, str]:
    return {c.id: c.type.value for c in schema.columns}


def test_duckdb(shop):
    schema = Schema.from_duckdb(shop)
    assert [t.name for t in schema.tables] == ["customers", "orders"]
    assert list(types(schema).values()) == ["number", "text", "boolean", "time", "other", "number", "number", "number", "time"]
    assert schema.table("orders").primary_key == ("orders.id",)
    assert schema.column("customers.FullName").words == ("full", "name")
    assert schema.keys == (ForeignKey("orders.customer_id", "customers.id"),)


def test_names_in_another_case_are_the_same(tmp_path):
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "CREATE TABLE Customers (Id INTEGER, Name VARCHAR, PRIMARY KEY (ID));"
            "CREATE TABLE orders (Customer_Id INTEGER, FOREIGN KEY (CUSTOMER_ID) REFERENCES customers(id))"
        )
    schema = Schema.from_duckdb(path)
    assert schema.keys == (ForeignKey("orders.Customer_Id", "Customers.Id"),)
    assert schema.table("Customers").primary_key == ("Customers.Id",)


def test_values_by_frequency_and_ranges_of_dates(shop):
    schema = Schema.from_duckdb(str(shop))
    assert schema.values["customers.FullName"] == ("Ada", "Bo")
    assert "orders.amount" not in schema.values
    assert schema.ranges == {"customers.since": ("2023-01-10", "2024-03-05"), "orders.placed_at": ("2024-01-01", "2024-02-29")}


def test_dates_without_a_time_of_day_are_known(shop):
    assert Schema.from_duckdb(shop).days == {"customers.since"}


def test_hidden_columns_have_no_values(shop):
    schema = Schema.from_duckdb(shop, hide=("customers.FullName", "customers.since"))
    assert schema.hidden == {"customers.FullName", "customers.since"}
    assert not schema.hidden & (schema.values.keys() | schema.ranges.keys())
    assert schema.column("customers.FullName")
    with pytest.raises(SpecError, match="unknown column 'FullNam' in customers; did you mean 'FullName'"):
        Schema.from_duckdb(shop, hide=("customers.FullNam",))


def test_sqlite_with_its_declared_keys(school):
    schema = Schema.from_sqlite(school)
    assert schema.keys == (ForeignKey("Lesson.Taught_By", "Teacher.TeacherID"),)
    assert types(schema)["Teacher.Pay"] == "number"
    assert types(schema)["Teacher.Room"] == "text", "numbers declared as text stay text"
    assert types(schema)["Teacher.Years"] == "text", "a number column with other cells is text"
    assert schema.values["Teacher.Room"] == ("007", "12")


def test_csv_and_parquet_files_are_tables_with_inferred_keys(tmp_path):
    (tmp_path / "customers.csv").write_text("id,name\n1,Ada\n2,Bo\n")
    parquet = tmp_path / "orders.parquet"
    duckdb.sql("SELECT 1 AS id, 2 AS customer_id, DATE '2024-01-01' AS day").write_parquet(str(parquet))
    schema = Schema.from_files(tmp_path / "customers.csv", parquet)
    assert [t.name for t in schema.tables] == ["customers", "orders"]
    assert schema.keys == (ForeignKey("orders.customer_id", "customers.id", inferred=True),)
    assert schema.column("orders.day").type is ColumnType.TIME
    (tmp_path / "notes.txt").write_text("not a table")
    assert {t.name for t in Schema.from_files(tmp_path).tables} == {"customers", "orders"}, "a folder: its tables"


def test_files_that_are_missing_empty_or_something_else(tmp_path, shop):
    with pytest.raises(DataError, match=r"no database at .*gone\.duckdb"):
        Schema.from_duckdb(tmp_path / "gone.duckdb")
    with pytest.raises(DataError, match=r"no database at .*gone\.csv: expected DuckDB, SQLite"):
        Schema.from_files(tmp_path / "gone.csv")
    with pytest.raises(DataError, match="no files given"):
        Schema.from_files()
    text = tmp_path / "letter.duckdb"
    text.write_text("Dear reader, this is no database at all. " * 100)
    with pytest.raises(DataError, match=r"letter\.duckdb is not a DuckDB database"):
        Schema.from_duckdb(text)
    with pytest.raises(DataError, match=r"letter\.duckdb is no database: expected DuckDB, SQLite"):
        Schema.from_sqlite(text)
    duckdb.connect(str(tmp_path / "empty.duckdb")).close()
    with pytest.raises(DataError, match=r"empty\.duckdb has no tables"):
        Schema.from_duckdb(tmp_path / "empty.duckdb")


def test_a_damaged_sqlite_file_is_named(tmp_path):
    path = tmp_path / "broken.sqlite"
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    with pytest.raises(DataError, match=r"broken\.sqlite is not a readable SQLite database"):
        Schema.from_sqlite(path)


def test_only_the_schema_main_is_read(tmp_path):
    path = tmp_path / "sales.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA old; CREATE TABLE old.orders (id INTEGER PRIMARY KEY, gone VARCHAR); CREATE SCHEMA empty")
        connection.execute("COMMENT ON COLUMN old.orders.gone IS 'primary key'")
    with pytest.raises(DataError, match=r"sales\.duckdb has no tables in its schema main, .* \(others: old\)"):
        Schema.from_duckdb(path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE orders (id INTEGER, amount DOUBLE)")
    assert list(types(Schema.from_duckdb(path))) == ["orders.id", "orders.amount"]


def test_views_are_read_when_they_need_nothing_but_the_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "shop.duckdb"
    for name in ("here", "gone"):
        (tmp_path / f"{name}.csv").write_text("a\n1\n")
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS id, 'x' AS name; CREATE TABLE dropped AS SELECT 1 AS a")
        connection.execute("CREATE VIEW good AS SELECT name FROM t; CREATE VIEW lost AS SELECT * FROM dropped; DROP TABLE dropped")
        connection.execute("CREATE VIEW outside AS SELECT * FROM 'here.csv'; CREATE VIEW missing AS SELECT * FROM 'gone.csv'")
        connection.execute("CREATE VIEW failing AS SELECT CAST(name AS INTEGER) AS id, CAST(name AS DATE) AS day FROM t")
        connection.execute("COMMENT ON COLUMN lost.a IS 'references t.id'")
    (tmp_path / "gone.csv").unlink()
    schema = Schema.from_duckdb(path)
    assert {t.name for t in schema.tables} == {"t", "good", "failing"}
    assert schema.values["good.name"] == ("x",)
    assert schema.keys == ()


def test_a_schema_is_read_under_the_settings_of_the_workers():
    assert SETTINGS.items() <= worker.SETTINGS.items()


def test_a_damaged_duckdb_file_is_named(shop):
    content = bytearray(shop.read_bytes())
    content[12288:] = b"\xff" * (len(content) - 12288)
    shop.write_bytes(content)
    with pytest.raises(DataError, match=r"shop\.duckdb cannot be read: "):
        Schema.from_duckdb(shop)


def test_a_csv_file_of_uneven_lines_is_refused_with_the_line(tmp_path):
    file = tmp_path / "broken.csv"
    file.write_text("a,b\n" + "1,2\n" * 50 + "1,2,3,4\n" + "1,2\n" * 50)
    with pytest.raises(DataError, match=r"broken\.csv cannot be read: line 52 has 4 fields, and the first line has 2"):
        open_database(file)
    file.write_text('"last, first"\n"Lovelace, Ada"\n"Hopper, Grace"\n')
    assert [column.name for column in open_database(file).schema.columns] == ["last, first"]


def test_texts_that_are_dates_are_dated(tmp_path):
    path = tmp_path / "stays.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript("""
        CREATE TABLE stays (id INTEGER PRIMARY KEY, arrived TEXT, "left" TEXT, booked TEXT, room TEXT, paid TEXT, days INTEGER);
        INSERT INTO stays VALUES (1, '2023-01-09', '2023-1-10 12:30', '9/1/2023', '101', '2023-02-01', 2023),
                                 (2, '2024-03-05', NULL, '2024-03-01', '2023', 'not yet', 2024);
    """)
    connection.close()
    schema = Schema.from_sqlite(path)
    assert schema.dated == {"stays.arrived", "stays.left"}
    assert schema.column("stays.arrived").type is ColumnType.TEXT
    assert schema.ranges == {"stays.arrived": ("2023-01-09", "2024-03-05"), "stays.left": ("2023-01-10", "2023-01-10")}
    assert "2023-01-09" in schema.values["stays.arrived"]
