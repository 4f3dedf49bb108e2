"""Spider's tables.json, on one written by hand."""

import json

import duckdb

from microgt.schema import ColumnType, ForeignKey
from microgt.schema.dictionaries import with_values
from microgt.schema.spider import read_spider_tables

ROW = {
    "db_id": "school",
    "table_names_original": ["Teacher", "Lesson"],
    "table_names": ["teacher", "taught lesson"],
    "column_names_original": [[-1, "*"], [0, "T_ID"], [0, "Name"], [1, "Code"], [1, "By"], [1, "Held"], [1, "Extra"]],
    "column_names": [[-1, "*"], [0, "teacher id"], [0, "Full name"], [1, "code"], [1, "taught by"], [1, "held"], [1, ""]],
    "column_types": ["text", "number", "text", "text", "number", "time", "others"],
    "primary_keys": [1, [3, 4]],
    "foreign_keys": [[4, 1]],
}


def test_original_names_are_ids_and_written_names_are_words(tmp_path):
    path = tmp_path / "tables.json"
    path.write_text(json.dumps([ROW]))
    schema = read_spider_tables(path)["school"]
    assert [c.id for c in schema.columns] == ["Teacher.T_ID", "Teacher.Name", "Lesson.Code", "Lesson.By", "Lesson.Held", "Lesson.Extra"]
    assert schema.table("Lesson").words == ("taught", "lesson")
    assert schema.column("Teacher.Name").words == ("full", "name")
    assert schema.column("Lesson.Extra").words == ("Extra",), "a column without a written name has its original one"
    assert schema.column("Lesson.Held").type is ColumnType.TIME
    assert schema.column("Lesson.Extra").type is ColumnType.OTHER
    assert schema.table("Lesson").primary_key == ("Lesson.Code", "Lesson.By")
    assert schema.keys == (ForeignKey("Lesson.By", "Teacher.T_ID"),)
    assert schema.values == {}


def test_types_in_the_file_win_over_described_ones(tmp_path):
    path = tmp_path / "tables.json"
    path.write_text(json.dumps([ROW]))
    with duckdb.connect(str(tmp_path / "school.duckdb")) as connection:
        connection.execute("CREATE TABLE teacher (t_id INTEGER, name VARCHAR)")
        connection.execute('CREATE TABLE lesson (code VARCHAR, "by" INTEGER, held VARCHAR)')
        connection.execute("INSERT INTO lesson VALUES ('M1', 1, 'in March')")
    schema = with_values(read_spider_tables(path)["school"], tmp_path / "school.duckdb")
    assert schema.column("Lesson.Held").type is ColumnType.TEXT
    assert schema.column("Lesson.Extra").type is ColumnType.OTHER, "a column that is not in the file keeps its type"
    assert schema.values == {"Lesson.Code": ("M1",), "Lesson.Held": ("in March",)}
    assert schema.ranges == {}
