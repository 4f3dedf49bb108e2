"""Variants of a small library: books by authors, copies of books, loans of copies."""

from dataclasses import dataclass, replace

import duckdb
import pytest

from microgt.evaluation.variants import Variants
from microgt.schema import Schema
from microgt.spec.types import Spec

DDL = """
CREATE TABLE authors (id INTEGER PRIMARY KEY, name VARCHAR, country VARCHAR);
CREATE TABLE books (id INTEGER PRIMARY KEY, author_id INTEGER REFERENCES authors(id), title VARCHAR NOT NULL, pages INTEGER, price DECIMAL(6, 2),
  genre ENUM('novel', 'essay', 'poems'), tags VARCHAR[]);
CREATE TABLE copies (book_id INTEGER REFERENCES books(id), number INTEGER, bought DATE, PRIMARY KEY (book_id, number));
CREATE TABLE loans (id INTEGER PRIMARY KEY, book_id INTEGER, number INTEGER, taken TIMESTAMP, days DOUBLE,
  FOREIGN KEY (book_id, number) REFERENCES copies(book_id, number));
CREATE TABLE reviews (id INTEGER PRIMARY KEY, stars INTEGER, day DATE);
INSERT INTO authors VALUES (1, 'Ada', 'FR'), (2, 'Bo', 'DE'), (3, 'Cy', 'FR'), (4, 'Di', NULL);
INSERT INTO books VALUES (1, 1, 'One', 100, 9.5, 'novel', ['a']), (2, 1, 'Two', 200, 19.5, 'essay', ['b', 'c']),
  (3, 2, 'Three', 300, 5, 'novel', NULL), (4, 3, 'Four', 250, 12.25, 'poems', []);
INSERT INTO copies VALUES (1, 1, '2020-01-05'), (1, 2, '2020-02-05'), (2, 1, '2021-07-01'), (3, 1, '2021-07-02');
INSERT INTO loans VALUES (1, 1, 1, '2022-01-01 10:00:00', 14), (2, 1, 2, '2022-03-01 11:30:00', 7.5), (3, 3, 1, '2022-03-05 09:00:00', 30);
CREATE VIEW long_books AS SELECT * FROM books WHERE pages > 150;
"""
SQL = "SELECT title FROM books JOIN authors ON author_id = authors.id WHERE pages >= 250 AND country = 'FR'"


@dataclass(frozen=True)
class Gold:
    id: str
    sql: str | None
    spec: Spec | None = None
    question: str = "?"
    db: str = "library"
    category: str | None = None


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    path = tmp_path_factory.mktemp("library") / "library.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(DDL)
    return path, Schema.from_duckdb(path)


def made(library, folder, *numbers, golds=(Gold("a", SQL),), seed=0):
    """The rows of all tables of each variant."""
    variants = Variants(library[0], library[1], golds, seed)
    found = []
    for number in numbers:
        path = variants.write(number, folder / f"{seed}-{number}.duckdb").path
        with duckdb.connect(str(path), read_only=True) as connection:
            names = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY ALL").fetchall()]
            found.append({name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names})
    return found


def test_seed_number_and_gold_decide_everything(library, tmp_path):
    for name in "abcd":
        (tmp_path / name).mkdir()
    first, second = made(library, tmp_path / "a", 1, 2)
    assert first != second
    assert made(library, tmp_path / "b", 2, 1) == [second, first]
    assert made(library, tmp_path / "c", 1, seed=1) != [first]
    assert made(library, tmp_path / "d", 1, golds=[Gold("a", SQL.replace("250", "77"))]) != [first]


def test_the_order_of_golds_means_nothing(library, tmp_path):
    golds = [Gold("a", SQL), Gold("b", "SELECT name FROM authors WHERE country <> 'DE'")]
    (tmp_path / "other").mkdir()
    assert made(library, tmp_path, 1, golds=golds) == made(library, tmp_path / "other", 1, golds=golds[::-1])


def test_shape_and_types_are_those_of_the_original(library, tmp_path):
    path, _ = library
    with duckdb.connect(str(path), read_only=True) as connection:
        wanted = connection.execute("SELECT table_name, column_name, data_type FROM duckdb_columns() ORDER BY ALL").fetchall()
    variant = Variants(library[0], library[1], [Gold("a", SQL)]).write(1, tmp_path / "1.duckdb").path
    with duckdb.connect(str(variant), read_only=True) as connection:
        assert connection.execute("SELECT table_name, column_name, data_type FROM duckdb_columns() ORDER BY ALL").fetchall() == wanted
        assert connection.execute("SELECT count(*) > 0 FROM long_books").fetchall() == [(True,)]


@pytest.mark.parametrize("seed", range(6))
def test_keys_hold(library, tmp_path, seed):
    for tables in made(library, tmp_path, 1, 2, 3, 4, 5, seed=seed):
        for table, width in {"authors": 1, "books": 1, "copies": 2, "loans": 1, "reviews": 1}.items():
            keys = [row[:width] for row in tables[table]]
            assert len(keys) >= 3
            assert len(set(keys)) == len(keys)
            assert not any(cell is None for key in keys for cell in key)
        assert all(row[2] is not None for row in tables["books"])
        assert {row[0] for row in tables["copies"]} <= {row[0] for row in tables["books"]}
        copies, loans = {row[:2] for row in tables["copies"]}, [row[1:3] for row in tables["loans"]]
        astray = [loan for loan in loans if loan not in copies]
        assert len(astray) < len(loans)


@pytest.mark.parametrize("seed", range(3))
def test_some_references_lead_nowhere(library, tmp_path, seed):
    for tables in made(library, tmp_path, 1, 3, 4, seed=seed):
        assert {row[1] for row in tables["books"]} - {row[0] for row in tables["authors"]}
        assert {row[1:3] for row in tables["loans"]} - {row[:2] for row in tables["copies"]}


def test_values_lie_at_and_beside_the_literals(library, tmp_path):
    tables = made(library, tmp_path, 1, 2, 3, 4, 5)
    pages = {row[3] for t in tables for row in t["books"]}
    assert {249, 250, 251, None} <= pages
    countries = {row[2] for t in tables for row in t["authors"]}
    assert {"FR", "DE", None} < countries


CONDITIONS = [
    "pages >= 250 AND country = 'FR'",
    "pages BETWEEN 120 AND 130 AND name LIKE 'A%'",
    "genre = 'essay' AND price < 7.5 AND name IN ('Ada', 'Bo')",
    "country = 'FR' OR pages > 999",
    "authors.id IN (SELECT author_id FROM books WHERE pages = 777)",
    "date_part('year', bought) = 2031 AND pages < 10",
]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_rows_fulfil_the_conditions_of_gold_and_others_miss_them_by_one(library, tmp_path, condition):
    joined = "FROM copies JOIN books ON copies.book_id = books.id JOIN authors ON author_id = authors.id"
    golds = [Gold(f"{i}", f"SELECT title {joined} WHERE {c}") for i, c in enumerate(CONDITIONS)]
    variants = Variants(library[0], library[1], golds)
    mixed = 0
    for number in range(1, 6):
        with duckdb.connect(str(variants.write(number, tmp_path / f"{number}.duckdb").path), read_only=True) as connection:
            rows = connection.execute(f"SELECT count(*) FILTER ({condition}), count(*) {joined}").fetchall()
        mixed += 0 < rows[0][0] < rows[0][1]
    assert mixed >= 3


def test_groups_are_as_large_as_a_condition_says_and_one_more_or_less(library, tmp_path):
    golds = [Gold("a", "SELECT name FROM authors JOIN books ON author_id = authors.id GROUP BY authors.id, name HAVING count(*) >= 4")]
    variants = Variants(library[0], library[1], golds)
    sizes = set()
    for number in range(1, 6):
        with duckdb.connect(str(variants.write(number, tmp_path / f"{number}.duckdb").path), read_only=True) as connection:
            sizes |= set(connection.execute("SELECT count(*) FROM books GROUP BY author_id").fetchall())
    assert {(3,), (4,), (5,)} <= sizes


def test_no_null_where_gold_negates_or_sorts(library, tmp_path):
    golds = [Gold("a", "SELECT title FROM books WHERE pages <> 250 ORDER BY price"), Gold("b", SQL)]
    variants = Variants(library[0], library[1], golds)
    silent = [variants.write(number, tmp_path / f"{number}.duckdb").silent for number in range(1, 6)]
    assert silent.count(frozenset({"a"})) == 1
    assert silent.count(frozenset()) == 4
    for says_nothing, tables in zip(silent, made(library, tmp_path, 1, 2, 3, 4, 5, golds=golds), strict=True):
        nulls = any(row[3] is None or row[4] is None for row in tables["books"])
        assert nulls == bool(says_nothing)


def test_gold_that_the_importer_cannot_read_has_variants_all_the_same(library, tmp_path):
    [tables] = made(library, tmp_path, 1, golds=[Gold("a", "SELECT * FROM books, reviews"), Gold("b", "no SQL")])
    assert len(tables["books"]) > 3


def test_an_empty_table_gets_rows_of_its_types(library, tmp_path):
    [tables] = made(library, tmp_path, 1)
    assert {type(cell) for row in tables["reviews"] for cell in row[1:2]} <= {int, type(None)}
    assert len(tables["reviews"]) > 3


def test_a_key_of_several_columns_of_which_the_description_knows_one(library, tmp_path):
    path, schema = library
    tables = [replace(t, columns=tuple(replace(c, primary=c.name in ("id", "book_id")) for c in t.columns)) for t in schema.tables]
    described = replace(schema, tables=tuple(tables))
    for rows in made((path, described), tmp_path, 1, 2):
        copies = [row[:2] for row in rows["copies"]]
        assert len(set(copies)) == len(copies) > len({book for book, _ in copies})


def test_a_key_that_the_rows_break_is_none(tmp_path):
    with duckdb.connect(str(tmp_path / "notes.duckdb")) as connection:
        connection.execute("CREATE TABLE notes (id INTEGER, n INTEGER); INSERT INTO notes VALUES (1, 1), (1, 2), (2, 3)")
        connection.execute("COMMENT ON COLUMN notes.id IS 'primary key'")
    schema = Schema.from_duckdb(tmp_path / "notes.duckdb")
    (tmp_path / "made").mkdir()
    [tables] = made((tmp_path / "notes.duckdb", schema), tmp_path / "made", 2, golds=[])
    ids = [row[0] for row in tables["notes"]]
    assert len(set(ids)) < len(ids)
