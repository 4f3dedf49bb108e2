"""Products over HTTP: deployed, listed, opened, refreshed, rolled back."""

import asyncio
import io
import json
import threading
from time import sleep

import pyarrow.parquet as pq
import pytest

from microgt.audit.events import Deployed
from microgt.audit.log import log_file
from microgt.products.store import Store
from microgt.serve.product_models import ProductDetail
from microgt.serve.service import Service
from microgt.serve.settings import Settings
from tests.product.scripted import AMOUNT, MONTH, UNKNOWN, by_region
from tests.serve.scripted import Model

BARS = {"kind": "chart", "mark": "bar", "x": {"output": 0}, "y": {"output": 1}}
SPEC = {"query": {"outputs": ["sales.region", {"kind": "aggregate", "fn": "sum", "of": "sales.amount"}]}, "view": BARS}
SALES = "region,amount\nnorth,20\nsouth,80\n"


@pytest.fixture(scope="module")
def sales(tmp_path_factory):
    return tmp_path_factory.mktemp("data") / "sales.csv"


@pytest.fixture(scope="module")
def client(serve, sales, tmp_path_factory):
    sales.write_text(SALES)
    with serve(Service([sales], Model, Settings(workers=1, products=tmp_path_factory.mktemp("products")))) as client:
        yield client


def refused(answer, status, code):
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    return answer.json()


def test_the_life_of_a_product(client, sales):
    said = {"owner": "ana", "canvas": {"decision": "where to put people"}, "value": {"estimate": 6, "effort_days": 2}}
    kept = client.post("/products", json={"name": "by-region", "spec": SPEC, **said})
    assert (kept.status_code, kept.json()["version"], kept.json()["page"]) == (201, 1, "/products/by-region/page")
    page = client.get("/products/by-region/page")
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "<svg" in page.text
    data = client.get("/products/by-region/data")
    assert pq.read_table(io.BytesIO(data.content)).to_pydict()["sum_amount"] == [20, 80]
    found = ProductDetail.model_validate(client.get("/products/by-region").json())
    assert (found.db, found.columns, found.cells) == ("sales", ["region", "sum_amount"], [["north", 20], ["south", 80]])
    assert (found.owner, found.score, found.canvas["decision"]) == ("ana", 3.0, "where to put people")
    assert found.chart
    assert "rows: min 1" in found.promised

    # More data make a second version; data that break what is promised change nothing.
    sales.write_text(SALES + "east,5\n")
    assert client.post("/products/by-region/refresh", json={"title": "Sales"}).json()["version"] == 2
    sales.write_text(SALES + ",5\n")
    broken = refused(client.post("/products/by-region/refresh"), 409, "E_CONTRACT")
    assert "region is missing in 1 of 3 rows" in broken["message"]
    assert (client.get("/products/by-region").json()["version"], client.get("/products").json()[0]["title"]) == (2, "Sales")
    assert client.get("/products/by-region", params={"version": 1}).json()["rows"] == 2
    back = client.post("/products/by-region/rollback").json()
    assert (back["version"], back["versions"], back["state"]) == (1, [1, 2], "deployed")
    assert client.post("/products/by-region/rollback", json={"to": 2}).json()["version"] == 2
    assert client.post("/products/by-region/retire").json()["state"] == "retired"
    sales.write_text(SALES)


def test_a_name_that_is_taken_is_not_taken_again_unless_that_is_meant(client):
    body = {"name": "sales", "spec": SPEC}
    assert client.post("/products", json=body).status_code == 201
    assert refused(client.post("/products", json=body), 409, "E_EXISTS")["where"] == "/name"
    assert client.post("/products", json={**body, "replace": True}).json()["version"] == 2


def test_the_most_valuable_stands_first(client):
    for name, score in (("a", None), ("b", 1), ("c", 2)):
        assert client.post("/products", json={"name": name, "spec": SPEC, "state": "draft", "value": {"score": score}}).status_code == 201
    ranked = [one["name"] for one in client.get("/products", params={"by": "value"}).json()]
    assert [name for name in ranked if name in "abc"] == ["c", "b", "a"]
    draft = client.get("/products/a").json()
    assert (draft["state"], draft["page"], draft["chart"], draft["cells"]) == ("draft", None, None, [])
    refused(client.get("/products/a/page"), 404, "E_NOT_FOUND")


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"name": "By Region"}, "/name"),
        ({"name": "../x"}, "/name"),
        ({"spec": UNKNOWN}, "/spec/query/outputs/0/column"),
        ({"spec": {"kind": "unanswerable", "reason": "no_path"}}, ""),
        ({"checks": [{"check": "between", "column": "gone"}]}, ""),
        ({"checks": [{"check": "nothing"}]}, "/checks/0"),
        ({"value": {"confidence": 2}}, "/value/confidence"),
        ({"canvas": {"decison": "x"}}, "/canvas/decison"),
        ({"owner": "\x00" * 501}, "/owner"),
    ],
)
def test_what_cannot_be_kept(client, body, where):
    answer = client.post("/products", json={"name": "refused", "spec": SPEC, **body})
    assert (answer.status_code, answer.json()["where"]) == (422, where), answer.text
    assert client.get("/products/refused").status_code == 404


def test_what_is_not_there(client):
    client.post("/products", json={"name": "once", "spec": SPEC})
    unknown = refused(client.get("/products/onec"), 404, "E_UNKNOWN_PRODUCT")
    assert unknown["message"].startswith("no product is called 'onec'; did you mean 'once'")
    for address in ("/products/once", "/products/once/page", "/products/once/data"):
        assert refused(client.get(address, params={"version": 7}), 404, "E_UNKNOWN_VERSION")["choices"] == ["1"]
    assert "no earlier version" in refused(client.post("/products/once/rollback"), 422, "E_INPUT")["message"]
    for verb in ("refresh", "rollback", "retire"):
        refused(client.post(f"/products/gone/{verb}"), 404, "E_UNKNOWN_PRODUCT")


def test_a_page_of_another_site_deploys_nothing(client):
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        refused(client.post("/products", json={"name": "own", "spec": SPEC}, headers=headers), 403, "E_ORIGIN")
    own = f"http://{client.base_url.netloc.decode()}"
    assert client.post("/products", json={"name": "own", "spec": SPEC}, headers={"Origin": own}).status_code == 201


def test_a_forecast_is_kept_with_its_page(serve, shop, tmp_path):
    spec = {"query": {"outputs": [MONTH, AMOUNT]}, "view": {"kind": "forecast", "of": {"output": 1}, "horizon": 3}}
    with serve(Service([shop], Model, Settings(workers=1, products=tmp_path))) as client:
        assert client.post("/products", json={"name": "months", "spec": spec}).status_code == 201
        found = client.get("/products/months").json()
        assert found["forecast"]["refused"]
        assert client.post("/products", json={"name": "regions", "spec": by_region(AMOUNT)}).status_code == 201
    with serve(Service([shop], Model, Settings(workers=1))) as client:
        assert client.get("/products").status_code == 404


def test_owner_and_access_list_hold_for_named_tokens(serve, sales, tmp_path):
    settings = Settings(workers=1, products=tmp_path, token="root", tokens={"ana": "a-token", "ben": "b-token", "eve": "e-token"})
    with serve(Service([sales], Model, settings)) as client:

        def call(token, method, address, **body):
            return client.request(method, address, headers={"Authorization": f"Bearer {token}"}, json=body or None)

        assert call("a-token", "POST", "/products", name="sales", spec=SPEC, access=["ben"]).status_code == 201
        seen = {
            token: [one["name"] for one in call(token, "GET", "/products").json()] for token in ("root", "a-token", "b-token", "e-token")
        }
        assert seen == {"root": ["sales"], "a-token": ["sales"], "b-token": ["sales"], "e-token": []}
        for address in ("/products/sales", "/products/sales/page", "/products/sales/data", "/products/sales/chart"):
            refused(call("e-token", "GET", address), 404, "E_UNKNOWN_PRODUCT")
            assert call("b-token", "GET", address).status_code == 200
        for verb in ("refresh", "rollback", "retire"):
            refused(call("e-token", "POST", f"/products/sales/{verb}"), 404, "E_UNKNOWN_PRODUCT")
            assert refused(call("b-token", "POST", f"/products/sales/{verb}"), 403, "E_OWNER")["message"].startswith(
                "sales is owned by ana"
            )
        refused(call("b-token", "POST", "/products", name="sales", spec=SPEC, replace=True), 403, "E_OWNER")
        assert call("root", "POST", "/products/sales/refresh").json()["version"] == 2
        assert client.get("/products/sales/page", headers={"Cookie": "microgt_token=b-token"}).status_code == 200
        assert client.post("/products/sales/thumb", headers={"Cookie": "microgt_token=b-token"}, json={"thumb": "up"}).status_code == 401


def test_use_is_counted(client):
    client.post("/products", json={"name": "used", "spec": SPEC})
    for address in ("/products/used", "/products/used/page", "/products/used/chart", "/products/used/data"):
        assert client.get(address).status_code == 200
    for thumb in ("up", "up", "down"):
        found = client.post("/products/used/thumb", json={"thumb": thumb}).json()
    assert found["uses"] == {"view": 2, "edit": 0, "up": 2, "down": 1}
    client.post("/products/used/refresh")
    client.post("/products", json={"name": "used", "spec": {"query": SPEC["query"]}, "replace": True})
    assert client.get("/products/used").json()["uses"]["edit"] == 1
    assert client.post("/products/used/thumb", json={"thumb": "sideways"}).status_code == 422


@pytest.fixture
def named(serve, sales, tmp_path):
    """`call(who, method, address, **body)` of a server with tokens that have names; and the folder of its products."""
    settings = Settings(workers=1, products=tmp_path, token="root-token", tokens={who: f"{who}-token" for who in ("ana", "ben")})
    with serve(Service([sales], Model, settings)) as client:

        def call(who, method, address, **body):
            return client.request(method, address, headers={"Authorization": f"Bearer {who}-token"}, json=body or None)

        yield call, Store(tmp_path)


def test_each_version_is_seen_by_its_own_list_too(named):
    call, store = named

    def statuses(who, number):
        return {
            call(who, "GET", f"/products/sales{what}").status_code
            for what in (f"?version={number}", f"/page?version={number}", f"/data?version={number}", f"/chart?version={number}")
        }

    keep = {"name": "sales", "spec": SPEC, "replace": True}
    assert call("root", "POST", "/products", **keep, access=["ana"]).json()["version"] == 1
    assert call("ana", "POST", "/products", name="other", spec=SPEC).status_code == 201
    assert call("root", "POST", "/products", **keep).json()["version"] == 2
    assert store.manifest("sales")["access"] == ["ana"]
    assert call("root", "POST", "/products", **keep, access=["everyone"]).json()["version"] == 3
    assert call("root", "POST", "/products", **keep, access=["ana"], state="prototype").json()["version"] == 4
    assert [statuses("ben", number) for number in (1, 2, 3, 4)] == [{404}, {404}, {200}, {404}]
    assert [statuses("ana", number) for number in (1, 2, 3, 4)] == [{200}] * 4
    assert statuses("root", 1) == {200}
    assert refused(call("ben", "GET", "/products/sales/page?version=1"), 404, "E_UNKNOWN_VERSION")["choices"] == ["3"]

    # Nobody deploys what they may not see.
    for body in ({"to": 1}, {}):
        refused(call("ben", "POST", "/products/sales/rollback", **body), 404, "E_UNKNOWN_VERSION")
    assert store.record("sales").current == 3
    assert call("ana", "POST", "/products/sales/rollback", to=1).json()["version"] == 1
    assert refused(call("ben", "GET", "/products/sales?version=3"), 404, "E_UNKNOWN_PRODUCT")["choices"] == ["other"]


def test_who_has_done_it_is_written_down(named, sales):
    call, store = named
    assert call("ana", "POST", "/products", name="sales", spec=SPEC).status_code == 201
    assert call("ana", "POST", "/products/sales/refresh").status_code == 200
    assert call("root", "POST", "/products/sales/refresh").status_code == 200
    events = [event for event in log_file(sales).events() if isinstance(event, Deployed) and event.place == str(store.folder.resolve())]
    assert [event.by for event in events[:2]] == ["ana", "ana"]
    assert events[2].by not in ("ana", "ben")  # the one token has no name: it is whoever runs the server
    for verb in ("rollback", "retire"):
        assert call("ana", "POST", f"/products/sales/{verb}").status_code == 200
    assert [event.split(" ", 1)[1] for event in store.record("sales").events[-2:]] == [
        "rolled back from version 3 to 2 by ana",
        "retired by ana",
    ]


def test_a_product_that_cannot_be_read_hides_no_other(named, caplog):
    call, store = named
    for name in ("good", "odd", "torn"):
        assert call("root", "POST", "/products", name=name, spec=SPEC, state="draft").status_code == 201
    (store.version("torn") / "manifest.json").write_text('{"title": "torn",}')
    (store.version("odd") / "manifest.json").write_text(json.dumps({"title": "odd"}))
    for who in ("root", "ben"):
        caplog.clear()
        assert [one["name"] for one in call(who, "GET", "/products").json()] == ["good"]
        assert {record.getMessage().partition(" is left out")[0] for record in caplog.records} >= {"product torn", "odd"}
        assert call(who, "GET", "/products/good").status_code == 200
    refused(call("ben", "GET", "/products/torn"), 404, "E_UNKNOWN_PRODUCT")
    assert "manifest.json cannot be read" in refused(call("root", "GET", "/products/torn"), 503, "E_DATABASE")["message"]


def test_what_is_quick_does_not_wait_for_what_is_made(serve, sales, tmp_path):
    service, done = Service([sales], Model, Settings(workers=1, products=tmp_path, queue=0)), threading.Event()
    with serve(service) as client:
        for _ in range(2):
            assert client.post("/products", json={"name": "sales", "spec": SPEC, "replace": True}).status_code == 201
        long = threading.Thread(target=lambda: asyncio.run(service.builds.do(lambda desk: done.wait(300), 300)))
        long.start()
        try:
            while not service.builds.running:
                sleep(0.01)
            assert client.post("/products/sales/thumb", json={"thumb": "up"}).json()["uses"]["up"] == 1
            assert client.post("/products/sales/rollback").json()["version"] == 1
            assert client.post("/products/sales/retire").json()["state"] == "retired"
            refused(client.post("/products/sales/refresh"), 503, "E_BUSY")
        finally:
            done.set()
            long.join()


def test_the_same_spec_is_held_to_its_checks_until_they_are_dropped(client, sales):
    body = {"name": "checked", "spec": SPEC, "replace": True}
    kept = client.post("/products", json={**body, "checks": [{"check": "between", "column": "sum_amount", "min": 10}]})
    assert kept.status_code == 201
    sales.write_text("region,amount\nnorth,2\n")
    try:
        assert "between 10.0 and None" in refused(client.post("/products", json=body), 409, "E_CONTRACT")["message"]
        assert client.post("/products", json={**body, "drop_checks": True}).json()["version"] == 2
    finally:
        sales.write_text(SALES)


def test_a_listing_has_no_chart(client):
    kept = client.post("/products", json={"name": "listing", "spec": {"query": {"outputs": ["sales.region"]}}})
    assert kept.json()["page"] == "/products/listing/page"
    found = client.get("/products/listing").json()
    assert (found["chart"], found["chart_note"], len(found["cells"])) == (None, "", 2)
    assert "shows no chart" in refused(client.get("/products/listing/chart"), 404, "E_NOT_FOUND")["message"]
    assert "listing" in [one["name"] for one in client.get("/products").json()]
