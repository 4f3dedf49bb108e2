"""Files that a page sends."""

import duckdb
import pytest

from microgt.serve.service import Service
from microgt.serve.settings import Settings
from microgt.serve.uploads import cleaned
from tests.serve.scripted import Model

SALES = b"region,amount\nnorth,20\nsouth,80\n"


@pytest.fixture(scope="module")
def uploads(tmp_path_factory):
    return tmp_path_factory.mktemp("served") / "uploads"


@pytest.fixture(scope="module")
def client(serve, shop, uploads):
    with serve(Service([shop], Model, Settings(workers=1, uploads=uploads, upload=10_000))) as client:
        yield client


def send(client, content, file, **more):
    return client.post("/databases", content=content, params={"file": file, **more})


def refused(answer, status, code):
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    return answer.json()["message"]


def rows(client, db, column):
    answer = client.post("/spec/run", json={"db": db, "spec": {"query": {"outputs": [column]}}})
    assert answer.status_code == 200, answer.text
    return answer.json()["rows"]


def test_a_file_becomes_a_database_and_stays_one(client, serve, shop, uploads, tmp_path):
    taken = send(client, SALES, "Sales 2024.csv")
    assert (taken.status_code, taken.json()["name"], taken.json()["tables"]) == (201, "Sales_2024", ["Sales_2024"])
    served = client.get("/databases").json()
    assert [one for one in served if one["name"] in ("shop", "Sales_2024")] == [
        {"name": "shop", "uploaded": False}, {"name": "Sales_2024", "uploaded": True},
    ]  # fmt: skip
    assert rows(client, "Sales_2024", "Sales_2024.region") == [["north"], ["south"]]
    duckdb.sql("SELECT 'north' AS region, 'ana' AS manager").write_parquet(str(tmp_path / "managers.parquet"))
    added = send(client, (tmp_path / "managers.parquet").read_bytes(), "managers.parquet", db="Sales_2024")
    assert sorted(added.json()["tables"]) == ["Sales_2024", "managers"]
    assert rows(client, "Sales_2024", "managers.manager") == [["ana"]]
    (uploads / "broken").mkdir()
    (uploads / "broken" / "broken.parquet").write_bytes(b"nothing")
    with serve(Service([shop], Model, Settings(workers=1, uploads=uploads))) as again:
        names = [database["name"] for database in again.get("/databases").json()]
        assert "Sales_2024" in names
        assert "broken" not in names
        assert rows(again, "Sales_2024", "managers.manager") == [["ana"]]


def test_what_is_there_is_replaced_only_when_that_is_meant(client, uploads):
    send(client, SALES, "sales.csv")
    assert "has the table 'Sales' already" in refused(send(client, SALES, "Sales.tsv", db="sales"), 409, "E_EXISTS")
    assert "no uploaded one" in refused(send(client, SALES, "shop.csv", replace=True), 409, "E_EXISTS")
    assert send(client, SALES.replace(b",", b"\t") + b"east\t1\n", "sales.tsv", replace=True).status_code == 201
    assert len(rows(client, "sales", "sales.region")) == 3
    refused(send(client, b"PAR1 but not really", "sales.parquet", replace=True), 422, "E_FILE")
    assert len(rows(client, "sales", "sales.region")) == 3
    assert [path.name for path in (uploads / "sales").iterdir()] == ["sales.tsv"]


@pytest.mark.parametrize(
    ("content", "file", "status", "code", "said"),
    [
        (b"", "empty.csv", 422, "E_FILE", "the file is empty"),
        (SALES, "sales.xlsx", 422, "E_FILE_KIND", "send CSV, TSV or Parquet"),
        (SALES, "sales", 422, "E_FILE_KIND", "'sales' is no file of a known kind"),
        (b"PAR1 but not really", "x.parquet", 422, "E_FILE", "x.parquet cannot be read"),
        (b"\x00\x01\xff" * 10, "x.csv", 422, "E_FILE", "This file is not utf-8 encoded"),
        (SALES * 1000, "large.csv", 413, "E_TOO_LARGE", "more than 10,000 bytes"),
    ],
)
def test_files_that_are_no_table(client, uploads, content, file, status, code, said):
    before = sorted(uploads.rglob("*")), client.get("/databases").json()
    message = refused(send(client, content, file), status, code)
    assert said in message
    assert str(uploads) not in message
    assert (sorted(uploads.rglob("*")), client.get("/databases").json()) == before


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\data\\Orders 'n' \"more\"", "Orders_n_more"),
        ("select", "select"),
        ("📈", "table"),
        ("größe 📈", "größe"),
        ("x" * 300, "x" * 60),
        ("..", "table"),
        ("a\x00b", "a_b"),
    ],
)
def test_names_are_cleaned(name, clean):
    assert cleaned(name, "table") == clean


def test_columns_of_any_name_and_a_server_without_databases(serve, tmp_path):
    with serve(Service([], Model, Settings(workers=1, uploads=tmp_path))) as client:
        assert refused(client.get("/schema"), 404, "E_NO_DB").startswith("no database is served yet")
        assert send(client, 'select,"a ""b""",📈,with space\n1,2,3,4\n'.encode(), "select.csv").status_code == 201
        for column in ("select", 'a "b"', "📈", "with space"):
            answer = client.post("/spec/run", json={"spec": {"query": {"outputs": [f"select.{column}"]}}})
            assert answer.status_code == 200, answer.text


def test_without_a_folder_for_them_none_is_taken(serve, shop):
    with serve(Service([shop], Model, Settings(workers=1))) as client:
        refused(send(client, SALES, "sales.csv"), 405, "E_METHOD")
        assert client.get("/databases").json() == [{"name": "shop", "uploaded": False}]
