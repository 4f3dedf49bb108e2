"""Schemas and specs over HTTP."""

import duckdb
import pytest
from jsonschema import Draft202012Validator

from microgt.errors import ConfigError, DataError
from microgt.serve.models import Checked, SchemaOut, SpecRun
from microgt.serve.service import Service
from microgt.serve.settings import Settings
from microgt.spec import json_schema
from tests.product.scripted import AMOUNT, MONTH, ORDERS, UNKNOWN, by_region
from tests.serve.scripted import Model

BARS = {"kind": "chart", "mark": "bar", "x": {"output": 0}, "y": {"output": 1}}
FORECAST = {"query": {"outputs": [MONTH, AMOUNT]}, "view": {"kind": "forecast", "of": {"output": 1}, "horizon": 3}}
LONG = {"query": {"outputs": ["numbers.n"]}}
KEYS = ["code", "message", "where", "choices"]


@pytest.fixture(scope="module")
def client(serve, shop):
    with serve(Service([shop], Model, Settings(workers=1))) as client:
        yield client


def problem(answer, status):
    assert answer.status_code == status, answer.text
    assert list(answer.json()) == KEYS
    return answer.json()


def test_the_schema_of_a_database(client):
    found = SchemaOut.model_validate(client.get("/schema").json())
    assert (found.db, [table.name for table in found.tables]) == ("shop", ["customers", "orders"])
    region, placed = found.tables[0].columns[1], found.tables[1].columns[3]
    assert (region.id, region.type, region.examples) == ("customers.region", "text", ["south", "north"])
    assert (placed.type, placed.first, placed.last) == ("time", "2024-01-05", "2024-02-09")
    assert [(key.column, key.target) for key in found.keys] == [("orders.customer_id", "customers.id")]


def test_a_spec_is_run(client):
    found = SpecRun.model_validate(client.post("/spec/run", json={"spec": {**by_region(AMOUNT), "view": BARS}}).json())
    assert (found.columns, found.rows, found.row_count) == (["region", "sum_amount"], [["south", 80.0], ["north", 20.0]], 2)
    assert found.words == "The total orders amount by customers region, largest first, as a bar chart."
    assert found.chart
    assert found.chart["data"]["values"][0] == {"c0": "south", "c1": 80.0}
    assert (found.truncated, found.warnings, found.forecast) == (False, [], None)
    assert list(found.seconds) == ["wait", "run", "chart", "total"]
    assert found.data_version == client.get("/schema").json()["data_version"]


def test_a_forecast_that_cannot_be_made_says_why(client):
    found = SpecRun.model_validate(client.post("/spec/run", json={"spec": FORECAST}).json())
    assert found.forecast
    assert (found.forecast.computed, found.forecast.refused) == (False, found.warnings[:1])
    assert found.chart


def test_periods_count_from_the_given_day(client):
    period = {"kind": "in_period", "of": "orders.placed", "period": {"kind": "this", "unit": "month"}}
    spec = {"query": {"outputs": [AMOUNT], "where": period}}
    assert client.post("/spec/run", json={"spec": spec}).json()["rows"] == [[80.0]]
    assert client.post("/spec/run", json={"spec": spec, "as_of": "2024-01-31"}).json()["rows"] == [[20.0]]


def test_a_spec_is_checked(client):
    right = Checked.model_validate(client.post("/spec/check", json={"spec": by_region(AMOUNT)}).json())
    assert (right.ok, right.errors) == (True, [])
    assert right.sql
    assert "SUM(orders.amount)" in right.sql
    wrong = Checked.model_validate(client.post("/spec/check", json={"spec": UNKNOWN}).json())
    assert (wrong.ok, wrong.words, wrong.sql) == (False, None, None)
    (error,) = wrong.errors
    assert (error.code, error.where) == ("E_UNKNOWN_ID", "/query/outputs/0/column")
    assert error.message == "unknown column 'amonut' in orders; did you mean 'amount'?"
    none = client.post("/spec/check", json={"spec": {"kind": "unanswerable", "reason": "no_path"}}).json()
    assert (none["ok"], none["sql"]) == (True, None)


def test_every_mistake_has_one_shape(client):
    def run(**body):
        return problem(client.post("/spec/run", json=body), 422)

    assert run(spec=UNKNOWN)["where"] == "/spec/query/outputs/0/column"
    assert run(spec={"query": {"outputs": ["orders.id"], "limmit": 3}})["message"] == "unknown field 'limmit'; did you mean 'limit'?"
    assert run(spec="{}")["where"] == "/spec"
    assert run(spec=by_region(AMOUNT), more=1)["where"] == "/more"
    assert run(spec=by_region(AMOUNT), as_of="soon")["where"] == "/as_of"
    assert run()["message"] == "Field required"
    assert run(spec={"kind": "unanswerable", "reason": "no_path"})["code"] == "E_UNANSWERABLE"
    assert run(spec={"kind": "clarify", "readings": [by_region(AMOUNT), by_region(ORDERS)]})["choices"] == ["0", "1"]
    assert problem(client.get("/nowhere"), 404)["code"] == "E_NOT_FOUND"
    assert problem(client.get("/spec/run"), 405)["code"] == "E_METHOD"
    unknown = problem(client.get("/schema", params={"db": "shpo"}), 404)
    assert (unknown["code"], unknown["message"], unknown["choices"]) == (
        "E_UNKNOWN_DB",
        "no database is called 'shpo'; did you mean 'shop'?",
        ["shop"],
    )


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"spec', 422, "E_JSON"),
        (b'\xff{"spec"', 400, "E_BODY"),
        (b"[" * 50_000, 400, "E_BODY"),
        (b'{"spec": ' + b"9" * 5_000 + b"}", 400, "E_BODY"),
        (b'{"spec": {"query": {"outputs": [{"value": "\\ud800"}]}}}', 422, "E_JSON"),
        (b"x" * 65_537, 413, "E_TOO_LARGE"),
        ([b"x" * 40_000, b"x" * 40_000], 413, "E_TOO_LARGE"),
    ],
)
def test_bodies_that_are_no_spec(client, body, status, code):
    content = body if isinstance(body, bytes) else iter(body)
    answer = client.post("/spec/run", content=content, headers={"Content-Type": "application/json"})
    assert problem(answer, status)["code"] == code


def test_two_databases_are_told_apart_by_name(serve, shop, tmp_path):
    other = tmp_path / "numbers.csv"
    other.write_text("n\n1\n2\n")
    with serve(Service([shop, other], Model)) as client:
        which = problem(client.post("/spec/run", json={"spec": LONG}), 422)
        assert (which["code"], which["choices"]) == ("E_WHICH_DB", ["shop", "numbers"])
        assert client.post("/spec/run", json={"spec": LONG, "db": "numbers"}).json()["rows"] == [[1], [2]]
        donut = {"query": {"outputs": ["numbers.n", "numbers.n"]}, "view": {**BARS, "mark": "donut"}}
        assert client.post("/spec/run", json={"spec": donut, "db": "numbers"}).json()["chart"]["mark"]["type"] == "arc"
        other.write_text("n\n1\n2\n-3\n")
        drawn = client.post("/spec/run", json={"spec": donut, "db": "numbers"}).json()
        assert (drawn["chart"], drawn["row_count"]) == (None, 3)
        assert drawn["warnings"][0].startswith("cannot draw a donut: its parts are not negative")
        assert client.post("/spec/run", json={"spec": LONG, "db": "numbers"}).json()["rows"] == [[1], [2], [-3]]
        assert client.get("/health").json() == {"live": True, "ready": True, "reasons": []}
        other.unlink()
        assert problem(client.get("/schema", params={"db": "numbers"}), 503)["code"] == "E_DATABASE"
        health = client.get("/health")
        assert (health.status_code, health.json()["reasons"]) == (503, ["1 of 2 databases cannot be opened"])
        assert client.get("/health/live").status_code == 204
    with pytest.raises(ConfigError, match="would both be the database 'shop': rename one"):
        Service([shop, tmp_path / "shop.csv"], Model)
    with pytest.raises(DataError, match="no database at"):
        Service([tmp_path / "gone.duckdb"], Model)


def test_rows_beyond_the_cap_are_cut_and_it_is_said(serve, tmp_path):
    with duckdb.connect(tmp_path / "many.duckdb") as db:
        db.execute("CREATE TABLE numbers AS SELECT range AS n FROM range(1001)")
    with serve(Service([tmp_path / "many.duckdb"], Model)) as client:
        found = client.post("/spec/run", json={"spec": LONG}).json()
    assert (found["row_count"], len(found["rows"]), found["truncated"]) == (1000, 1000, True)
    assert found["warnings"] == ["only the first 1000 rows are shown"]


def test_the_openapi_holds_the_json_schema_of_specs(client):
    document = client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for name, definition in json_schema()["$defs"].items():
        said = document["components"]["schemas"][name]
        assert definition.get("properties", {}).keys() == said.get("properties", {}).keys(), name
    schema = {"$ref": "#/components/schemas/SpecToRun", "components": document["components"]}
    Draft202012Validator.check_schema(schema)
    assert Draft202012Validator(schema).is_valid({"spec": {**by_region(AMOUNT), "view": BARS}})
    assert not Draft202012Validator(schema).is_valid({"spec": {"query": {"outputs": []}}})
