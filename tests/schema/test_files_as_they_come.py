"""CSV files as people have them: opened as they are meant, or refused with the reason."""

import gzip

import pytest

from microgt.engine.database import open_database
from microgt.errors import DataError, SpecError
from microgt.product.not_numbers import refuse_words
from microgt.schema import ColumnType
from microgt.spec.json import read_spec

ROWS = "region,amount,placed\nnorth,20,2024-01-05\nsouth,80,2024-02-07\n"


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))


def opened(path, content):
    path.write_bytes(content)
    return open_database(path).schema


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("bom.csv", b"\xef\xbb\xbf" + ROWS.encode()),
        ("semicolon.csv", ROWS.replace(",", ";").encode()),
        ("tab.tsv", ROWS.replace(",", "\t").encode()),
        ("windows.csv", ROWS.replace("\n", "\r\n").encode()),
        ("packed.csv.gz", gzip.compress(ROWS.encode(), mtime=0)),
        ("UPPER.CSV", ROWS.encode()),
        ("no end.csv", ROWS.rstrip().encode()),
        ("it's [1] *.csv", ROWS.encode()),
    ],
)
def test_a_file_is_read_as_it_is_meant(tmp_path, file, content):
    schema = opened(tmp_path / file, content)
    assert [(column.name, column.type) for column in schema.columns] == [
        ("region", ColumnType.TEXT),
        ("amount", ColumnType.NUMBER),
        ("placed", ColumnType.TIME),
    ]
    (table,) = schema.tables
    assert schema.values[f"{table.name}.region"] == ("north", "south")


def test_a_header_without_rows_is_an_empty_table(tmp_path):
    schema = opened(tmp_path / "orders.csv", b"region,amount\n")
    assert [column.name for column in schema.columns] == ["region", "amount"]


def test_amounts_with_a_decimal_comma_are_text_that_says_so(tmp_path):
    schema = opened(tmp_path / "orders.csv", b"region;amount\nnorth;1.234,50\nsouth;20,10\n")
    assert schema.column("orders.amount").type is ColumnType.TEXT
    with pytest.raises(SpecError, match=r"orders\.amount is text such as '1\.234,50', '20,10'"):
        refuse_words(read_spec({"query": {"outputs": [{"kind": "aggregate", "fn": "sum", "of": "orders.amount"}]}}), schema)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", r"orders\.csv is empty"),
        (b"\n\n", r"orders\.csv is empty"),
        ("straße,betrag\nköln,1\n".encode("latin-1"), r"orders\.csv cannot be read: .*not utf-8 encoded.* Save it as UTF-8"),
        (b"a,b\n1,2\n3\n4,5\n", "line 3 has 1 fields, and the first line has 2"),
        (ROWS.encode("utf-16"), r"orders\.csv cannot be read"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_the_reason(tmp_path, content, said):
    with pytest.raises(DataError, match=said):
        opened(tmp_path / "orders.csv", content)
