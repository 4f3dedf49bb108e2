"""Which versions have a chart, and of how much."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from microgt.engine.result import ResultTable
from microgt.product.run import Ran
from microgt.products import picture
from microgt.products.deploy import deploy
from microgt.products.make import Plan
from microgt.products.picture import picture_of
from microgt.products.store import Store
from microgt.spec.json import read_spec
from tests.products.orders import BY_MONTH, BY_REGION

DAYS = ResultTable(("day", "n"), tuple((date(2020, 1, 1) + timedelta(days=i), i) for i in range(40)))
NAMES = ResultTable(("name", "n"), tuple((f"name {i}", i) for i in range(40)))
FEW = ResultTable(("name", "n"), tuple(("north" if i % 2 else "south", i) for i in range(40)))


@pytest.fixture(autouse=True)
def few_marks(monkeypatch):
    monkeypatch.setattr(picture, "MOST_MARKS", 10)
    monkeypatch.setattr(picture, "MOST_POINTS", 30)


def drawn(table, view):
    found = picture_of(Ran(read_spec({**BY_REGION, "view": view}), "", table, None))
    return found, len(json.loads(found.vega)["data"]["values"]) if found.vega else 0


@pytest.mark.parametrize(
    ("table", "mark", "count"),
    [(NAMES, "bar", 10), (NAMES, "barh", 10), (NAMES, "line", 10), (DAYS, "line", 30), (DAYS, "heatmap", 10), (FEW, "histogram", 30)],
)
def test_no_more_is_drawn_than_can_be_told_apart_and_that_is_said(table, mark, count):
    found, marks = drawn(table, {"kind": "chart", "mark": mark})
    assert (marks, found.note) == (count, f"the chart shows the first {count} of 40 rows")
    assert found.svg.startswith("<svg")


def test_what_is_few_is_drawn_whole():
    found, marks = drawn(ResultTable(NAMES.columns, NAMES.rows[:10]), {"kind": "chart", "mark": "bar"})
    assert (marks, found.note) == (10, "")


def test_a_listing_and_no_rows_have_no_chart():
    assert drawn(NAMES, {"kind": "table"})[0] == picture.Picture()
    assert drawn(ResultTable(NAMES.columns, ()), {"kind": "chart", "mark": "bar"})[0] == picture.Picture()


def test_the_note_stands_in_manifest_and_page(shop, monkeypatch):
    monkeypatch.setattr(picture, "MOST_MARKS", 2)
    monkeypatch.setattr(picture, "MOST_POINTS", 20)
    store = Store(Path("products"))
    for name, spec, note in (
        ("bars", BY_REGION, "the chart shows the first 2 of 3 rows"),
        ("outlook", BY_MONTH, "the chart shows the last 20 of 48 rows"),
    ):
        deploy(store, Plan(name, Path("orders.csv"), read_spec(spec)))
        assert store.manifest(name)["chart_note"] == note
        assert f"<p>{note}</p>" in (store.version(name) / "index.html").read_text()
    past = json.loads((store.version("outlook") / "chart.json").read_text())["data"]["values"]
    assert min(row["t"] for row in past) == "2022-05-01T00:00:00"


def test_a_listing_is_kept_without_a_chart(shop):
    listing = {"query": {"outputs": ["orders.region", "orders.id"]}}
    kept = deploy(Store(Path("products")), Plan("rows", Path("orders.csv"), read_spec(listing)))
    assert not (kept.folder / "chart.json").exists()
    page = (kept.folder / "index.html").read_text()
    assert "<svg" not in page
    assert "<td>&lt;b&gt;west&lt;/b&gt;</td>" in page
