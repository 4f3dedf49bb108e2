"""The light verbs, end to end in this process, and their answers to bad input."""

import io
import json

import duckdb
import pytest

from microgt.cli.main import main

SPEC = {"query": {"outputs": ["customers.region", {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "customers"}}]}}


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty working folder with one database and one spec."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("MICROGT_CHECKPOINT", raising=False)
    with duckdb.connect("shop.duckdb") as db:
        db.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, region VARCHAR)")
        db.execute("INSERT INTO customers VALUES (1, 'north'), (2, 'south')")
    (tmp_path / "spec.json").write_text(json.dumps(SPEC))
    return tmp_path


def call(capsys, *argv):
    status = main(list(argv))
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def refused(capsys, *argv, status=2) -> str:
    """The one line on stderr of a call that must fail with that status and print nothing else."""
    found, out, err = call(capsys, *argv)
    assert (found, out, err.count("\n")) == (status, "", 1), err
    return err


def test_check_accepts_and_rejects(here, capsys):
    assert call(capsys, "check", "shop.duckdb", "spec.json")[:2] == (0, "spec.json: ok\n")
    (here / "wrong.json").write_text(json.dumps(SPEC).replace("customers.region", "customers.regoin"))
    status, out, _ = call(capsys, "check", "shop.duckdb", "spec.json", "wrong.json")
    assert status == 1
    assert "wrong.json: E_UNKNOWN_ID" in out
    assert "did you mean 'region'?" in out
    status, out, _ = call(capsys, "check", "shop.duckdb", "spec.json", "wrong.json", "--json")
    assert [(entry["file"], [e["code"] for e in entry["errors"]]) for entry in json.loads(out)] == [
        ("spec.json", []),
        ("wrong.json", ["E_UNKNOWN_ID"]),
    ]


def test_check_names_the_place_of_what_is_no_spec(here, capsys):
    (here / "broken.json").write_text("{")
    assert "E_JSON" in call(capsys, "check", "shop.duckdb", "broken.json")[1]
    (here / "broken.json").write_text('{"query": {"outputs": []}}')
    assert "E_SPEC at /query/outputs: " in call(capsys, "check", "shop.duckdb", "broken.json")[1]


def test_what_nests_too_deeply_and_dialects_that_are_not_known_take_one_line(here, capsys):
    (here / "deep.json").write_text("[" * 100_000)
    assert "E_DEPTH" in refused(capsys, "compile", "shop.duckdb", "deep.json")
    assert "nosuch" in refused(capsys, "import-sql", "shop.duckdb", "SELECT id FROM customers", "--dialect", "nosuch")
    sql = f"SELECT id FROM customers WHERE {' OR '.join(['id = 1'] * 1500)}"
    assert "too_deep" in refused(capsys, "import-sql", "shop.duckdb", sql)


def test_compile_and_import_are_inverse(here, capsys, monkeypatch):
    status, sql, _ = call(capsys, "compile", "shop.duckdb", "spec.json")
    assert status == 0
    with duckdb.connect("shop.duckdb", read_only=True) as db:
        assert sorted(db.execute(sql).fetchall()) == [("north", 1), ("south", 1)]
    monkeypatch.setattr("sys.stdin", io.StringIO(sql))
    status, out, _ = call(capsys, "import-sql", "shop.duckdb", "-")
    assert status == 0
    (here / "again.json").write_text(out)
    status, again, _ = call(capsys, "compile", "shop.duckdb", "again.json")
    with duckdb.connect("shop.duckdb", read_only=True) as db:
        assert sorted(db.execute(again).fetchall()) == [("north", 1), ("south", 1)]


SCRIPT = """\
-- how many; by region
SELECT region, COUNT(*) FROM customers GROUP BY region;

SELECT regoin
FROM customers;
SELECT ';' FROM customers WHERE region = 'it''s;' -- no semicolon at the end
"""


def test_import_of_several_statements(here, capsys):
    (here / "reports.sql").write_text(SCRIPT)
    status, out, err = call(capsys, "import-sql", "shop.duckdb", "reports.sql")
    assert status == 1
    assert [json.loads(line)["query"]["outputs"][0] for line in out.splitlines()] == ["customers.region", {"value": ";"}]
    assert err == "microgt: reports.sql:4:8: unknown_column: no column 'regoin' in customers; did you mean 'region'?\n"


def test_import_as_json(here, capsys):
    (here / "reports.sql").write_text(SCRIPT)
    status, out, err = call(capsys, "import-sql", "shop.duckdb", "reports.sql", "--json")
    found = json.loads(out)
    assert (status, err) == (1, "")
    assert [(entry["line"], entry["column"]) for entry in found] == [(2, 1), (4, 1), (6, 1)]
    assert found[1]["sql"] == "SELECT regoin\nFROM customers"
    assert found[1]["error"] == {
        "code": "unknown_column",
        "line": 4,
        "column": 8,
        "message": "unknown_column at line 4, column 8: no column 'regoin' in customers; did you mean 'region'?",
        "choices": ["id", "region"],
    }
    assert found[0]["spec"]["query"]["outputs"][0] == "customers.region"
    (here / "one.sql").write_text("SELECT region FROM customers;")
    status, out, _ = call(capsys, "import-sql", "shop.duckdb", "one.sql", "--json")
    assert (status, len(json.loads(out))) == (0, 1)


def test_import_refuses_what_the_checker_refuses(here, capsys):
    sql = "SELECT id FROM customers;\nSELECT id FROM customers WHERE id = (SELECT id, region FROM customers)"
    status, out, err = call(capsys, "import-sql", "shop.duckdb", sql)
    assert (status, out.count("\n")) == (1, 1)
    assert err == "microgt: SQL:2:1: E_OUTPUTS at /query/where/query: a query inside an expression has one output, not 2\n"


def test_import_of_a_file_with_one_statement_is_a_spec_file(here, capsys):
    (here / "one.sql").write_text("SELECT region\nFROM customers;\n")
    status, out, _ = call(capsys, "import-sql", "shop.duckdb", "one.sql")
    (here / "one.json").write_text(out)
    assert (status, call(capsys, "check", "shop.duckdb", "one.json")[1]) == (0, "one.json: ok\n")
    assert call(capsys, "import-sql", "shop.duckdb", "one.sql", "--words")[1].count("\n") == 1


def test_import_names_the_line_of_what_is_no_sql(here, capsys):
    (here / "wrong.sql").write_text("SELECT region FROM customers;\n\nSELECT region\nFROM customers WHERE (id = 1;\n")
    status, out, err = call(capsys, "import-sql", "shop.duckdb", "wrong.sql")
    assert (status, out.count("\n")) == (1, 1)
    assert err == "microgt: wrong.sql:4:28: syntax: Expecting ), near '1'\n"
    (here / "open.sql").write_text("SELECT id FROM customers;\nSELECT 'never ends")
    status, out, err = call(capsys, "import-sql", "shop.duckdb", "open.sql")
    assert (status, json.loads(out)["query"]["outputs"]) == (1, ["customers.id"])
    assert err == "microgt: open.sql:2:1: syntax: a quote or a comment does not end\n"
    (here / "empty.sql").write_text("-- nothing\n")
    assert "there is no SELECT to import" in refused(capsys, "import-sql", "shop.duckdb", "empty.sql")
    assert "gone.sql: No such file or directory" in refused(capsys, "import-sql", "shop.duckdb", "gone.sql")


def test_compile_to_another_dialect(here, capsys):
    status, sql, _ = call(capsys, "compile", "shop.duckdb", "spec.json", "--dialect", "spark")
    assert status == 0
    assert "GROUP BY" in sql
    spec = {"query": {"outputs": [{"kind": "aggregate", "fn": "median", "of": "customers.id"}]}}
    (here / "median.json").write_text(json.dumps(spec))
    text = refused(capsys, "compile", "shop.duckdb", "median.json", "--dialect", "mysql")
    assert text == "microgt: E_DIALECT: MEDIAN cannot be said in mysql with the same meaning\n"


def test_words(here, capsys):
    status, out, _ = call(capsys, "compile", "shop.duckdb", "spec.json", "--words")
    assert status == 0
    assert "region" in out


def test_graph_shows_the_link(here, capsys):
    status, out, _ = call(capsys, "graph", "shop.duckdb", "How many customers are in the north?")
    assert status == 0
    assert "north" in out


@pytest.mark.parametrize(
    ("argv", "text"),
    [
        (["check", "gone.duckdb", "spec.json"], "no database at gone.duckdb: expected a DuckDB, SQLite, CSV or Parquet file"),
        (["check", "shop.duckdb", "gone.json"], "gone.json: No such file or directory"),
        (["check", "shop.duckdb"], "the following arguments are required: SPEC"),
        (
            ["compile", "shop.duckdb", "spec.json", "--dialect", "klingon"],
            "unknown dialect 'klingon'; choices: bigquery, clickhouse, duckdb",
        ),
        (["compile", "shop.duckdb", "spec.json", "--as-of", "soon"], "'soon' is not a date: expected YYYY-MM-DD"),
        (["import-sql", "shop.duckdb", "SELEKT 1 FRM"], "syntax"),
        (["graph", "shop.duckdb", " "], "the question is empty"),
        (["ask", "shop.duckdb", ""], "the question is empty"),
        (["ask", "shop.duckdb", "how many", "--as-of", "soon"], "'soon' is not a date"),
        (["ask", "shop.duckdb", "how many", "--json", "--sql"], "not allowed with argument --json"),
        (["ask", "shop.duckdb", "how many customers", "--checkpoint", "gone"], "no checkpoint at gone"),
    ],
)
def test_bad_input_is_one_line_and_status_2(here, capsys, argv, text):
    assert text in refused(capsys, *argv)


def test_databases_that_are_none(here, capsys):
    duckdb.connect("empty.duckdb").close()
    assert "no table" in refused(capsys, "check", "empty.duckdb", "spec.json")
    (here / "noise.duckdb").write_bytes(bytes(range(256)) * 40)
    assert "noise.duckdb" in refused(capsys, "check", "noise.duckdb", "spec.json")
