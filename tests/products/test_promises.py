"""What a new version of a product is held to: the same spec to all that was promised, another one to what somebody has asked for."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from microgt.cli.main import main
from microgt.errors import ConfigError, ContractBroken, DataError
from microgt.products.deploy import again, deploy, promote
from microgt.products.make import Plan
from microgt.products.manifest import Described
from microgt.products.store import PROTOTYPE, Store
from microgt.spec.json import read_spec
from tests.products.orders import BY_MONTH, BY_REGION, ORDERS

STORE = Store(Path("products"))
BARS = read_spec(BY_REGION)
LYING = read_spec({**BY_REGION, "view": {"kind": "chart", "mark": "barh"}})
COUNTS = {"query": {"outputs": ["orders.region", {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "orders"}}]}}
CHECK = {"check": "between", "column": "sum_amount", "min": 100}
FEWER = "".join(ORDERS.splitlines(keepends=True)[:10])


def given(*args):
    Path("checks.json").write_text(json.dumps([CHECK]))
    return main(["deploy", "x", "orders.csv", "region.json", *args])


def current(name="x"):
    return STORE.record(name).current


def contract(number, name="x"):
    return json.loads((STORE.version(name, number) / "contract.json").read_text())


@pytest.fixture
def fewer(shop):
    """The shop with a product whose totals are at least 100, after most of its orders have gone."""
    assert given("--checks", "checks.json") == 0
    (shop / "orders.csv").write_text(FEWER)
    return shop


def test_a_forecast_that_is_no_longer_possible_does_not_replace_a_good_one(shop, capsys):
    plan = Plan("outlook", Path("orders.csv"), read_spec(BY_MONTH))
    assert deploy(STORE, plan).number == 1
    assert "forecast: series 1" in Path("products/outlook/1/index.html").read_text()
    Path("orders.csv").write_text("".join(ORDERS.splitlines(keepends=True)[:7]))
    why = "0 series are forecast, and 1 were promised; no forecast of sum_amount for the next 3 months: .* are missing"
    for refresh in (lambda: again(STORE, "outlook", Described()), lambda: deploy(STORE, plan)):
        with pytest.raises(ContractBroken, match=why):
            refresh()
    assert current("outlook") == 1
    kept = again(STORE, "outlook", Described(), PROTOTYPE)
    assert kept.broken[0].startswith("0 series are forecast")
    with pytest.raises(ContractBroken, match="0 series are forecast"):
        promote(STORE, "outlook", kept.number)
    assert again(STORE, "outlook", Described(), anew=True).number == 3
    assert current("outlook") == 3


def test_a_forecast_of_a_version_that_did_not_promise_it_is_held_too(shop):
    deploy(STORE, Plan("outlook", Path("orders.csv"), read_spec(BY_MONTH)))
    file = Path("products/outlook/1/contract.json")
    file.write_text(json.dumps({name: part for name, part in contract(1, "outlook").items() if name not in ("given", "series")}))
    Path("orders.csv").write_text("".join(ORDERS.splitlines(keepends=True)[:7]))
    with pytest.raises(ContractBroken, match="0 series are forecast, and 1 were promised"):
        again(STORE, "outlook", Described())


def test_the_spec_of_a_forecast_is_the_same_with_and_without_a_period_that_has_begun(shop):
    plan = Plan("outlook", Path("orders.csv"), read_spec(BY_MONTH))
    for more in ("", "\n48,north,5,2024-01-02\n49,north,5,2024-01-03", ""):
        Path("orders.csv").write_text(ORDERS + more)
        number = deploy(STORE, plan).number
    assert contract(number, "outlook") == contract(1, "outlook")
    assert not Path("products/outlook/uses.jsonl").exists()  # nothing says that it was edited


def test_the_same_spec_given_again_is_held_to_what_it_promised(fewer, capsys):
    for args in ([], ["--checks", "checks.json"]):
        capsys.readouterr()
        assert given(*args) == 1
        assert "of sum_amount is not between 100.0 and None" in capsys.readouterr().err
    assert current() == 1
    (fewer / "orders.csv").write_text(ORDERS)
    assert given() == 0
    assert contract(2) == contract(1)
    (fewer / "orders.csv").write_text(FEWER)
    assert given("--drop-checks") == 0
    assert (current(), contract(3)["given"]) == (3, [])
    assert main(["deploy", "x"]) == 0


def test_what_was_promised_can_be_dropped_without_the_spec_and_when_it_cannot_be_read(fewer):
    assert main(["deploy", "x"]) == 1
    Path("products/x/1/contract.json").write_text("{")
    with pytest.raises(DataError, match="contract.json cannot be read"):
        again(STORE, "x", Described())
    assert main(["deploy", "x", "--drop-checks"]) == 0
    assert contract(2)["given"] == []


def test_another_spec_keeps_the_checks_that_were_asked_for(fewer, capsys):
    plan = Plan("x", Path("orders.csv"), LYING)
    with pytest.raises(ContractBroken, match="of sum_amount is not between 100.0 and None"):
        deploy(STORE, plan)
    (fewer / "orders.csv").write_text(ORDERS)
    assert deploy(STORE, plan).lost == ()
    assert [check["column"] for check in contract(2)["given"]] == ["sum_amount"]

    # Without the column there is nothing to check, and that is said.
    (fewer / "counts.json").write_text(json.dumps(COUNTS))
    assert main(["deploy", "x", "orders.csv", "counts.json"]) == 0
    assert "no longer checked, its columns are gone: between: column sum_amount, min 100.0" in capsys.readouterr().err
    assert STORE.record("x").events[-1].endswith("version 3 does not have the columns of: between: column sum_amount, min 100.0")


def test_another_spec_is_not_held_to_what_only_rows_have_shown(shop):
    deploy(STORE, Plan("x", Path("orders.csv"), BARS))
    Path("orders.csv").write_text(ORDERS + "\n99,,,2024-01-02")
    with pytest.raises(ContractBroken, match="region is missing in 1 of 4 rows"):
        deploy(STORE, Plan("x", Path("orders.csv"), BARS))
    assert deploy(STORE, Plan("x", Path("orders.csv"), LYING)).number == 2


def test_a_prototype_is_promoted(shop, capsys):
    assert given("--title", "Good") == 0
    assert given("--as", "prototype", "--title", "Better") == 0
    assert current() == 1
    capsys.readouterr()
    assert main(["deploy", "x", "--version", "2"]) == 0
    assert capsys.readouterr().out == "x version 2, deployed: products/x/2/index.html\n"
    assert (current(), STORE.manifest("x")["title"], STORE.record("x").before) == (2, "Better", 1)
    assert main(["deploy", "x", "--version", "2"]) == 2
    assert main(["deploy", "x", "--version", "9"]) == 2
    for more in (["--owner", "ana"], ["--drop-checks"], ["--as", "draft"], ["--access", "everyone"]):
        capsys.readouterr()
        assert main(["deploy", "x", "--version", "2", *more]) == 2
        assert "give only NAME" in capsys.readouterr().err
    assert main(["rollback", "x"]) == 0
    assert current() == 1
    assert " by " in STORE.record("x").events[-1]
    with pytest.raises(ConfigError, match="version 1 of 'x' is no prototype"):
        promote(STORE, "x", 1)


def test_a_prototype_that_breaks_its_contract_is_not_promoted(fewer, capsys):
    assert given("--as", "prototype") == 0
    capsys.readouterr()
    assert main(["deploy", "x", "--version", "2"]) == 1
    assert "of sum_amount is not between 100.0 and None" in capsys.readouterr().err
    assert current() == 1


def test_an_access_list_is_kept_until_it_is_for_everyone(shop):
    for args, access in (
        (["--access", "ana"], ["ana"]), ([], ["ana"]), (["--access", "ben", "--access", "eve"], ["ben", "eve"]),
        (["--access", "everyone"], []), ([], []),
    ):  # fmt: skip
        assert given("--as", "draft", *args) == 0
        assert STORE.manifest("x")["access"] == access
    assert replace(Described(access=("ana",)), access=("everyone",)).to_json()["access"] == []


def test_a_product_that_cannot_be_read_hides_no_other(shop, capsys):
    for name in ("a", "b", "c", "d"):
        assert main(["deploy", name, "orders.csv", "region.json", "--as", "draft"]) == 0
    Path("products/a/1/manifest.json").write_text("{")
    Path("products/b/product.json").write_text("[]")
    Path("products/c/1/manifest.json").write_text('{"title": "no more than that"}')
    capsys.readouterr()
    assert main(["products", "--json"]) == 0
    said = capsys.readouterr()
    assert [one["name"] for one in json.loads(said.out)] == ["d"]
    assert [line.partition(":")[0] for line in said.err.splitlines()] == ["a is left out", "b is left out", "c is left out"]
    assert main(["products", "a"]) == 2
