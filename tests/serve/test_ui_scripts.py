"""What the page makes of answers, by its own scripts in Node on elements that only keep what they are given."""

import json
import shutil
import subprocess

import pytest

from microgt.serve.ui_routes import FOLDER

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="there is no Node on this machine")

ELEMENTS = """
class Element {
  constructor(tag) { Object.assign(this, { tag, attributes: {}, children: [] }); }
  setAttribute(name, value) { this.attributes[name] = value; }
  addEventListener() {}
  append(...children) { this.children.push(...children); }
  get text() { return this.children.map((child) => (child instanceof Element ? child.text : String(child))).join(""); }
  all(tag) { return this.children.flatMap((child) => (child instanceof Element ? [...(child.tag === tag ? [child] : []), ...child.all(tag)] : [])); }
}
globalThis.document = { createElement: (tag) => new Element(tag), addEventListener() {}, documentElement: new Element("html") };
globalThis.matchMedia = () => ({ matches: false, addEventListener() {} });
const { withMark } = await import("./spec.mjs");
const { forecastRows, rows } = await import("./answer.mjs");
const cells = (made) => made[0].all("tr").slice(1).map((row) => row.all("td").map((cell) => cell.text));
"""
SUM = {"kind": "aggregate", "fn": "sum", "of": "orders.amount"}
MONTH = {"kind": "time_bucket", "grain": "month", "of": "orders.placed"}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """run(expression) -> its value, by the page's scripts."""
    folder = tmp_path_factory.mktemp("scripts")
    for script in (FOLDER / "js").glob("*.js"):
        (folder / f"{script.stem}.mjs").write_text(script.read_text(encoding="utf-8").replace('.js"', '.mjs"'), encoding="utf-8")

    def value(expression):
        (folder / "main.mjs").write_text(f"{ELEMENTS}console.log(JSON.stringify({expression}));", encoding="utf-8")
        told = subprocess.run([NODE, "main.mjs"], cwd=folder, capture_output=True, text=True, timeout=60, check=False)
        assert told.returncode == 0, told.stderr
        return json.loads(told.stdout)

    return value


def answer(columns, rows, written=None):
    return {"columns": columns, "rows": rows, "written": written or ["number"] * len(columns)}


def marked(run, mark, outputs, shown):
    spec = {"kind": "answer", "query": {"outputs": outputs}, "view": {"kind": "table"}}
    view = run(f"withMark({json.dumps(spec)}, {json.dumps(mark)}, {json.dumps(shown)}).view")
    return {axis: view[axis]["output"] for axis in ("x", "y", "color") if axis in view}


def test_a_line_of_two_measures_has_no_color(run):
    shown = answer(["month", "sum", "count"], [["2024-01-01", 5.5, 3], ["2024-02-01", 6.5, 4]])
    assert marked(run, "line", [MONTH, SUM, SUM], shown) == {"x": 0, "y": 2}
    assert marked(run, "scatter", [MONTH, SUM, SUM], shown) == {"x": 0, "y": 2, "color": 1}


def test_the_color_of_a_line_is_what_tells_its_rows_apart(run):
    rows = [[2024, month, region, "all", 3] for month in ("2024-01-01", "2024-02-01") for region in ("north", "south")]
    columns = ["year", "month", "region", "scope", "sum"]
    year = {"kind": "date_part", "part": "year", "of": "orders.placed"}
    outputs = [year, MONTH, "orders.region", "orders.scope", SUM]
    shown = answer(columns, rows, ["label", *["number"] * 4])
    assert marked(run, "line", outputs, shown) == {"x": 1, "y": 4, "color": 2}


def test_large_numbers_are_numbers_that_stay_as_they_are(run):
    shown = answer(["region", "total"], [["north", "12345678901234567.89"], ["south", 7]])
    assert run(f"cells(rows({json.dumps(shown['columns'])}, {json.dumps(shown['rows'])}))") == [shown["rows"][0], ["south", "7"]]
    cities = answer(["region", "total", "city"], [[*row, "Bonn"] for row in shown["rows"]])
    assert marked(run, "bar", ["orders.region", SUM, "orders.city"], cities) == {"x": 0, "y": 1, "color": 2}


def test_a_forecast_is_written_as_its_past(run):
    series = {"name": ["north"], "periods": ["2024-03-01"], "points": [0.123], "low": [0.1], "high": [0.15]}
    shown = answer(["month", "region", "share"], [["2024-02-01", "north", 0.11]], ["number", "number", "share"])
    told = {**shown, "forecast": {"of": "share", "by": "month", "series": [series]}}
    assert run(f"cells(forecastRows({json.dumps(told)}))") == [["north", "2024-03-01", "12.3%", "10.0%", "15.0%"]]
