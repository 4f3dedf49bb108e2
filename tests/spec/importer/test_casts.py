"""Casts: one that changes nothing goes, a timestamp as a date is its day, every other one is refused."""

from collections import Counter

import duckdb
import pytest

from microgt.errors import ImportSqlError
from microgt.schema.catalog import read_tables
from microgt.schema.types import Schema
from microgt.spec.checker import check
from microgt.spec.compiler import compile_spec
from microgt.spec.importer import import_sql

DATA = """
CREATE TABLE visits (id INTEGER PRIMARY KEY, seen TIMESTAMP, day DATE, cost DOUBLE, level VARCHAR, paid BOOLEAN);
INSERT INTO visits VALUES (1, '2024-01-01 10:30:00', '2024-01-01', 1.6, '7', true), (2, '2024-01-01 23:00:00', '2024-01-02', 2.5, '12', true),
    (3, '2024-02-01 00:00:00', NULL, NULL, 'x', false), (4, NULL, '2024-02-01', -0.7, NULL, NULL);
"""
SAME = """
SELECT CAST(seen AS DATE) AS d, COUNT(*) FROM visits GROUP BY d
SELECT id FROM visits WHERE CAST(seen AS DATE) = '2024-01-01'
SELECT id FROM visits WHERE seen::DATE <= DATE '2024-01-01'
SELECT id FROM visits WHERE seen BETWEEN TIMESTAMP '2024-01-01' AND TIMESTAMP '2024-01-01 12:00:00'
SELECT CAST(CAST(seen AS DATE) AS DATE) FROM visits
SELECT year(CAST(seen AS DATE)), EXTRACT(hour FROM CAST(seen AS TIMESTAMP)) FROM visits
SELECT DATEDIFF('day', CAST(seen AS DATE), TIMESTAMP '2024-03-01 12:00:00') FROM visits
SELECT SUM(CAST(cost AS DOUBLE)), CAST(COUNT(*) AS INTEGER) FROM visits
SELECT CAST(COUNT(*) AS DOUBLE) / COUNT(cost) FROM visits
SELECT SUM(TRY_CAST(level AS DOUBLE)), SUM(CAST(paid AS INTEGER)) FROM visits
SELECT TRY_CAST(level AS DOUBLE) + 1 FROM visits
SELECT CAST(level AS VARCHAR) FROM visits
SELECT id FROM visits WHERE CAST(day AS VARCHAR) LIKE '2024-01%'
SELECT id FROM visits WHERE id = CAST(2 AS BIGINT)
"""
REFUSED = """
SELECT SUM(CAST(cost AS INTEGER)) FROM visits
SELECT SUM(TRY_CAST(cost AS INTEGER)) FROM visits
SELECT SUM(CAST(cost AS DECIMAL(10, 1))) FROM visits
SELECT CAST(id AS VARCHAR) FROM visits ORDER BY 1
SELECT TRY_CAST(level AS DOUBLE) FROM visits
SELECT CAST(level AS DATE) FROM visits
SELECT CAST(paid AS INTEGER) FROM visits
SELECT CAST(MAX(seen) AS DATE) FROM visits
SELECT id FROM visits WHERE id = CAST(2.7 AS INTEGER)
SELECT id FROM visits WHERE id = CAST('2' AS INTEGER)
SELECT id FROM visits WHERE seen = CAST('2024-01-01 10:30:00' AS DATE)
"""


@pytest.fixture(scope="module")
def visits():
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        connection.execute(DATA)
        yield connection


@pytest.fixture(scope="module")
def of_visits(visits):
    return Schema("visits", tuple(read_tables(visits)))


@pytest.mark.parametrize("sql", SAME.strip().splitlines())
def test_same_rows(sql, of_visits, visits):
    spec = import_sql(sql, of_visits)
    assert check(spec, of_visits) == []
    found, wanted = visits.execute(compile_spec(spec, of_visits)).fetchall(), visits.execute(sql).fetchall()
    assert Counter(found) == Counter(wanted)


@pytest.mark.parametrize("sql", REFUSED.strip().splitlines())
def test_a_cast_that_changes_values_is_refused(sql, of_visits):
    with pytest.raises(ImportSqlError) as error:
        import_sql(sql, of_visits)
    assert error.value.code == "cast"


def test_hours_are_not_taken_of_a_day(of_visits):
    with pytest.raises(ImportSqlError):
        import_sql("SELECT EXTRACT(hour FROM CAST(seen AS DATE)) FROM visits", of_visits)
    with pytest.raises(ImportSqlError):
        import_sql("SELECT COUNT(DISTINCT CAST(seen AS DATE)) FROM visits", of_visits)
