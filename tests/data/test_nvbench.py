"""The reader of nvBench, on questions made up for these tests."""

import gzip
import json

import pytest

from microgt.data.nvbench import read_nvbench
from microgt.errors import DataError
from microgt.schema.types import Column, ColumnType, Schema, Table
from microgt.spec.importer.vql import Bin, Vql

SCHEMA = Schema("shop", (Table("t", ("t",), (Column("t", "a", ColumnType.TEXT, ("a",)),)),))
ROW = {
    "id": "q1",
    "db_id": "shop",
    "question": "?",
    "query": 'SELECT a, COUNT(a) FROM t WHERE a LIKE "%x%"',
    "chart": "Line",
    "bin_column": "a",
    "bin_unit": "YEAR",
    "mark": {"type": "line", "interpolate": "monotone"},
    "vega_encoding": {"x": {}, "y": {}},
    "result_matches": None,
    "hardness": "Easy",
}


def write(root, *rows):
    (root / "nvbench").mkdir()
    for name, part in (("train", rows), ("dev", ())):
        with gzip.open(root / "nvbench" / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in part)


def test_a_question_has_its_chart_in_duckdbs_sql(tmp_path):
    write(tmp_path, ROW)
    (found,) = read_nvbench(tmp_path, {"shop": SCHEMA})
    assert found.vql == Vql("Line", "SELECT a, COUNT(a) FROM t WHERE a ILIKE '%x%'", Bin("a", "YEAR"))
    assert (found.mark, found.channels, found.confirmed) == ("line", {"x", "y"}, None)


def test_sql_that_is_none_and_charts_without_bins(tmp_path):
    write(tmp_path, ROW | {"query": "SELECT FROM ("}, ROW | {"bin_column": None, "bin_unit": None, "mark": "bar"})
    broken, plain = read_nvbench(tmp_path, {"shop": SCHEMA})
    assert broken.vql is None
    assert plain.vql is not None
    assert plain.vql.bin is None
    assert plain.mark == "bar"


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(DataError, match=r"nvbench/train\.jsonl\.gz"):
        read_nvbench(tmp_path, {})
