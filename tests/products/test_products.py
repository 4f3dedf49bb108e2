"""From a file that was never seen to a page, to a refresh that is refused, and back."""

import json
import re
from pathlib import Path

import pyarrow.parquet as pq

from microgt.cli.main import main
from microgt.products.store import Store
from microgt.products.uses import note_use
from tests.products.orders import ORDERS


def test_the_life_of_a_product(shop, capsys):
    said = ["--owner", "sales", "--canvas", "decision=where to put people", "--value", "estimate=6", "--value", "effort_days=2"]
    assert main(["deploy", "by-region", "orders.csv", "region.json", *said]) == 0
    assert capsys.readouterr().out == "by-region version 1, deployed: products/by-region/1/index.html\n"
    first = Path("products/by-region/1")
    assert {path.name for path in first.iterdir()} == {
        "manifest.json", "spec.json", "query.sql", "contract.json", "chart.json", "data.parquet", "index.html",
    }  # fmt: skip
    data = pq.read_table(first / "data.parquet")
    assert sorted(data.to_pydict()["region"]) == ["<b>west</b>", "north", "south"]
    page = (first / "index.html").read_text()
    assert "<td>&lt;b&gt;west&lt;/b&gt;</td>" in page
    assert "<svg" in page
    assert "<script" not in page
    manifest = json.loads((first / "manifest.json").read_text())
    assert manifest["lineage"] == {"tables": ["orders"], "columns": ["orders.amount", "orders.region"]}
    assert (manifest["owner"], manifest["rows"], manifest["value"]) == ("sales", 3, {"estimate": "6", "effort_days": 2.0})

    # More data, which keep the contract: version 2, and all that was said of version 1.
    Path("orders.csv").write_text(ORDERS + "\n99,east,5,2024-01-02")
    assert main(["deploy", "by-region"]) == 0
    assert json.loads(Path("products/by-region/2/manifest.json").read_text())["owner"] == "sales"

    # Data that break it: nothing changes, and it says why.
    capsys.readouterr()
    Path("orders.csv").write_text(ORDERS + "\n99,,5,2024-01-02\n100,east,,2024-01-02")
    assert main(["deploy", "by-region"]) == 1
    assert capsys.readouterr().err == (
        "microgt: by-region breaks its contract and is not deployed: region is missing in 1 of 5 rows; sum_amount is missing in 1 of 5 rows\n"
    )
    Path("orders.csv").unlink()
    assert main(["deploy", "by-region"]) == 2
    capsys.readouterr()
    assert main(["products", "--json"]) == 0
    (product,) = json.loads(capsys.readouterr().out)
    assert (product["version"], product["versions"], product["score"]) == (2, [1, 2], 3.0)
    assert product["events"][-1].endswith("refused: region is missing in 1 of 5 rows; sum_amount is missing in 1 of 5 rows")
    assert main(["rollback", "by-region"]) == 0
    assert capsys.readouterr().out == "by-region version 1, deployed: products/by-region/1/index.html\n"
    assert main(["products", "by-region", "--retire"]) == 0
    assert "retired" in capsys.readouterr().out


def test_the_list_shows_use_and_ranks_by_value(shop, capsys):
    for name, value in (("a", []), ("b", ["--value", "score=1"]), ("c", ["--value", "estimate=9", "--value", "effort_days=2"])):
        assert main(["deploy", name, "orders.csv", "region.json", "--as", "draft", *value]) == 0
    assert main(["deploy", "b", "orders.csv", "month.json", "--as", "draft"]) == 0
    assert main(["deploy", "b", "--as", "draft"]) == 0  # run again it is still what it was
    store = Store(Path("products"))
    for what in ("view", "view", "up", "down", "up"):
        note_use(store, "b", what)
    capsys.readouterr()
    assert main(["products", "--by", "value"]) == 0
    header, *rows = capsys.readouterr().out.splitlines()
    assert re.search(r"views +edits +thumbs", header)
    assert [row.split()[0] for row in rows] == ["c", "b", "a"]
    assert re.search(r" 2 +1 +\+2 -1 ", rows[1])
    assert re.search(r" 0 +0 +\+0 -0 ", rows[2])
    assert main(["products"]) == 0
    assert [row.split()[0] for row in capsys.readouterr().out.splitlines()[1:]] == ["a", "b", "c"]


def test_a_forecast_is_deployed_with_its_band(shop, capsys):
    assert main(["deploy", "outlook", "orders.csv", "month.json", "--title", "What comes"]) == 0
    page = Path("products/outlook/1/index.html").read_text()
    assert "<h1>What comes</h1>" in page
    assert "the range is to hold 80% of cases" in page
    forecast = json.loads(Path("products/outlook/1/manifest.json").read_text())["forecast"]
    assert forecast["series"][0]["periods"] == ["2024-01-01", "2024-02-01", "2024-03-01"]


def test_drafts_prototypes_and_checks(shop, capsys):
    checks = [{"check": "between", "column": "sum_amount", "max": 100}]
    Path("checks.json").write_text(json.dumps(checks))
    deploy = ["deploy", "x", "orders.csv", "region.json", "--checks", "checks.json"]
    assert main([*deploy, "--as", "draft"]) == 0
    assert {path.name for path in Path("products/x/1").iterdir()} == {"manifest.json", "spec.json", "query.sql"}
    assert main([*deploy, "--as", "prototype"]) == 0
    assert "of sum_amount is not between None and 100.0" in capsys.readouterr().err
    assert main(deploy) == 1
    assert main(["products"]) == 0
    assert "prototype" in capsys.readouterr().out
    Path("checks.json").write_text('[{"check": "unique", "columns": ["amount"]}]')
    assert main(deploy) == 2
    assert capsys.readouterr().err == "microgt: a check names amount, and the columns are region, sum_amount\n"
    Path("checks.json").write_text('[{"check": "uniq"}]')
    assert main(deploy) == 2
    assert main(["deploy", "x", "orders.csv", "region.json", "--value", "worth=1"]) == 2
    assert "keys: driver, estimate, confidence, effort_days, score" in capsys.readouterr().err
