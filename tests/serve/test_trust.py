"""No number reaches a reader unless the engine or a forecaster said it, the question or the spec holds it, or it is named for what it is.

Every number of an output is looked for: among the cells that the engine returned, the points of the forecast, the words of the question and
the spec, and the few that are named (rows, confidence, versions, time). Then the engine says other numbers, and the output must follow.
How a number may be written is worked out here, in exact decimals, and for large ones from DuckDB's own text.
"""

import html
import io
import json
import re
from dataclasses import asdict
from datetime import date, datetime
from decimal import Context, Decimal
from functools import partial
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from microgt.cli.main import main
from microgt.engine.duckdb import DuckDBEngine
from microgt.engine.result import ResultTable
from microgt.forecast import Forecast
from microgt.product import history
from microgt.product.asker import Asker
from microgt.product.terminal import SHOWN_ROWS, answer, at
from microgt.serve.service import Service
from microgt.serve.settings import Settings
from tests.product.scripted import Scripted
from tests.serve.scripted import Model

NUMBER = re.compile(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?(?:e[+-]?\d+)?")
FACTOR = 7

AMOUNT = {"kind": "aggregate", "fn": "sum", "of": "orders.amount"}
AVERAGE = {**AMOUNT, "fn": "avg"}
ORDERS = {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "orders"}}
MONTH = {"kind": "time_bucket", "grain": "month", "of": "orders.placed"}
SHARE = {"kind": "arithmetic", "op": "div", "left": AMOUNT, "right": ORDERS}
BARS = {"kind": "chart", "mark": "bar", "x": {"output": 0}, "y": {"output": 1}}
LIMIT = {"limit": {"n": {"value": 2}}, "sort": [{"kind": "sort", "direction": "desc", "by": {"kind": "ref", "output": 1}}]}
SPECS = {
    "total amount by region": {"query": {"outputs": ["orders.region", AMOUNT]}, "view": BARS},
    "top 2 regions by average amount": {"query": {"outputs": ["orders.region", AVERAGE], **LIMIT}},
    "how many orders are there": {"query": {"outputs": [ORDERS]}},
    "amount per order by region": {"query": {"outputs": ["orders.region", SHARE]}},
    "amount by month, three months ahead": {
        "query": {"outputs": [MONTH, AMOUNT]},
        "view": {"kind": "forecast", "of": {"kind": "ref", "output": 1}, "horizon": 3},
    },
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Orders of forty months, whose amounts are no numbers that an output could have by chance."""
    path = tmp_path_factory.mktemp("trust") / "shop.duckdb"
    with duckdb.connect(path) as db:
        db.execute("CREATE TABLE orders (id INTEGER, region VARCHAR, amount DOUBLE, placed DATE)")
        rows = "SELECT i, ['north', 'south', 'west'][1 + i % 3], 1013.57 + i * 17.31, DATE '2020-01-01' + INTERVAL (i * 10) DAY"
        db.execute(f"INSERT INTO orders {rows} FROM range(123) t(i)")
    return path


class Heard:
    """What the engine and the forecaster have said. factor: of the engine's numbers, by which it can be made to say others."""

    def __init__(self, monkeypatch):
        self.factor, self.tables, self.forecasts = 1, list[ResultTable](), list[Forecast]()
        run, forecast = DuckDBEngine.run, history.make_forecast

        def heard(engine, sql):
            table = run(engine, sql)
            table = ResultTable(table.columns, tuple(tuple(map(self._scaled, row)) for row in table.rows), table.truncated)
            self.tables.append(table)
            return table

        def made(*given):
            self.forecasts.append(forecast(*given))
            return self.forecasts[-1]

        monkeypatch.setattr(DuckDBEngine, "run", heard)
        monkeypatch.setattr(history, "make_forecast", made)

    def _scaled(self, cell):
        return cell * self.factor if isinstance(cell, int | float | Decimal) else cell

    def begin(self, factor):
        """Forget what was said, and say other numbers from now on."""
        self.factor = factor
        self.tables.clear()
        self.forecasts.clear()

    @property
    def numbers(self) -> set[str]:
        """As they may be written."""
        cells = [cell for table in self.tables for row in table.rows for cell in row]
        return written(cells) | written(leaf for one in self.forecasts for leaf in leaves(asdict(one)))

    @property
    def measures(self) -> set[str]:
        """The last column of all tables, and the points to come."""
        return written(row[-1] for table in self.tables for row in table.rows) | written(p for one in self.forecasts for p in one.points)


@pytest.fixture
def heard(monkeypatch):
    return Heard(monkeypatch)


def numbers(text: str) -> set[str]:
    """The numbers in a text, without the commas between thousands."""
    return {found.replace(",", "") for found in NUMBER.findall(text)}


def written(cells) -> set[str]:
    """How cells may be written: for people, as JSON, as dates, rounded as errors of forecasts are."""
    return {number for cell in cells if cell is not None for form in forms(cell) for number in numbers(form)}


def forms(cell):
    """Of a number the exact one, its digits as a double is printed, and rounded to two decimals or four digits."""
    yield cell.isoformat() if isinstance(cell, date) else str(cell)
    if isinstance(cell, datetime):
        yield str(cell.date())
    elif isinstance(cell, date):
        yield f"{cell}T00:00:00"  # as charts write days
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool) and Decimal(cell).is_finite():
        exact = Decimal(cell)
        yield from (f"{exact:f}", f"{exact:.2f}", f"{Context(prec=4).create_decimal(exact).normalize():f}")
        if exact == int(exact):
            yield str(int(exact))
    if isinstance(cell, float):
        yield f"{cell:,.4g}"  # as errors of forecasts are told


def leaves(value):
    if isinstance(value, dict):
        return [leaf for part in value.values() for leaf in leaves(part)]
    return [leaf for part in value for leaf in leaves(part)] if isinstance(value, list | tuple) else [value]


def named(question: str, spec: dict, sql: str, rows: int) -> set[str]:
    """Numbers of question and spec, of the SQL that is printed and of what a product promises, how many rows, the confidence, the band of a
    forecast."""
    return numbers(f"{question} {json.dumps(spec)} {sql} {rows} {max(rows - SHOWN_ROWS, 0)} 0.9 90 80")


def without(text: str, *parts: str) -> str:
    for part in parts:
        text = text.replace(part, "")
    return text


def in_terminal(shop, question, serve):
    with Asker(Scripted(SPECS[question])) as asker:
        answered = asker.ask(shop, question)
    console = Console(width=300, record=True, file=io.StringIO())
    console.print(answer(answered))
    said = answered.to_json()
    return without(console.export_text(), said["data_version"], at(answered)), said


def in_json(shop, question, serve):
    with Asker(Scripted(SPECS[question])) as asker:
        said = asker.ask(shop, question).to_json()
    return without(json.dumps(said), said["data_version"], said["answered_at"]), said


def over_http(address, shop, question, serve):
    body = {"question": question} if address == "/ask" else {"spec": SPECS[question]}
    with serve(Service([shop], lambda: Model(SPECS[question]), Settings(workers=1))) as client:
        answer = client.post(address, json=body)
    assert answer.status_code == 200, answer.text
    said = answer.json()
    drawn = said["chart"]["data"]["values"] if said["chart"] and "values" in said["chart"].get("data", {}) else []
    shown = {**said, "chart": drawn, "seconds": None}
    return without(json.dumps(shown), said["data_version"], said["answered_at"]), {"spec": SPECS[question], **said}


def on_a_page(shop, question, serve):
    Path("spec.json").write_text(json.dumps(SPECS[question]))
    assert main(["deploy", "one", str(shop), "spec.json"]) == 0
    version = json.loads(Path("products/one/product.json").read_text())["current"]
    place = Path("products/one") / str(version)
    manifest = json.loads((place / "manifest.json").read_text())
    page = re.sub(r"<(style|svg)\b.*?</\1>", "", (place / "index.html").read_text(), flags=re.DOTALL)  # of the picture, axes and places
    text = without(html.unescape(re.sub(r"<[^>]*>", " ", page)), manifest["source"]["data_version"], manifest["made"]["at"])
    promised = {name: json.loads((place / name).read_text()) for name in ("spec.json", "contract.json")}
    return text, {"spec": promised, "sql": (place / "query.sql").read_text(), "row_count": manifest["rows"]}


SURFACES = {
    "terminal": in_terminal,
    "json": in_json,
    "ask over http": partial(over_http, "/ask"),
    "spec over http": partial(over_http, "/spec/run"),
    "page": on_a_page,
}


@pytest.mark.parametrize("surface", SURFACES)
def test_every_number_comes_from_the_engine_or_a_forecaster(shop, heard, surface, serve, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for question in SPECS:
        before: set[str] = set()
        for factor in (1, FACTOR):
            heard.begin(factor)
            text, said = SURFACES[surface](shop, question, serve)
            found, free = numbers(text), named(question, said["spec"], said["sql"], said["row_count"])
            assert found <= heard.numbers | free, (question, found - heard.numbers - free)
            assert found & heard.measures, question
            # What was said before is gone: no number is remembered or made up.
            assert not found & (before - heard.measures - heard.numbers - free), question
            before = heard.measures
        assert before


# ------------------------------------------------------------------ numbers that a double cannot hold

LARGE = ("9007199254740993", "-9223372036854775807", "12")  # ids
MONEY = ("12345678901234567.89", "99999999999999.99", "1234.50")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    """Accounts with long numbers and much money on them."""
    path = tmp_path_factory.mktemp("ledger") / "ledger.duckdb"
    with duckdb.connect(path) as db:
        db.execute("CREATE TABLE accounts (number BIGINT, balance DECIMAL(38, 2))")
        db.execute(f"INSERT INTO accounts VALUES {', '.join(f'({n}, {b})' for n, b in zip(LARGE, MONEY, strict=True))}")
    return path


def said_by_duckdb(path):
    """The columns as DuckDB writes them."""
    with duckdb.connect(path, read_only=True) as db:
        rows = db.execute("SELECT number::VARCHAR, balance::VARCHAR FROM accounts ORDER BY balance DESC").fetchall()
    return list(zip(*rows, strict=True))


def with_commas(text):
    """Of a number's text: thousands apart, decimals that are not zero."""
    whole, _, decimals = text.partition(".")
    while whole != (whole := re.sub(r"(\d)(\d{3})(?!\d)", r"\1,\2", whole)):
        pass
    return whole + (f".{decimals}" if decimals.strip("0") else "")


@pytest.mark.parametrize("surface", SURFACES)
def test_large_numbers_keep_their_digits(ledger, surface, serve, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(SPECS, "all accounts", {"query": {"outputs": ["accounts.number", "accounts.balance"]}})
    ids, balances = said_by_duckdb(ledger)
    assert (set(ids), set(balances)) == (set(LARGE), set(MONEY))
    text, said = SURFACES[surface](ledger, "all accounts", serve)
    if "rows" not in said or surface == "terminal":
        assert all(re.search(rf"(?<![\d,.-]){re.escape(with_commas(cell))}(?![\d,.])", text) for cell in (*ids, *balances)), text
    if "rows" in said:
        # A reader of JSON whose numbers are doubles, as a browser's are.
        rows = json.loads(json.dumps(said["rows"]), parse_int=float)
        found = [[cell if isinstance(cell, str) else Decimal(repr(cell)) for cell in column] for column in zip(*rows, strict=True)]
        for column, exact in zip(found, (ids, balances), strict=True):
            assert {Decimal(cell) for cell in column} == set(map(Decimal, exact))
            assert {cell for cell in column if isinstance(cell, str)} == {cell for cell in exact if len(cell.lstrip("-")) > 15}


@pytest.mark.parametrize("surface", ["terminal", "page"])
def test_a_share_is_forecast_as_its_past_is_written(shop, surface, serve, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    view = {"kind": "forecast", "of": {"kind": "ref", "output": 1}, "horizon": 3}
    monkeypatch.setitem(SPECS, "amount by month ahead", {"query": {"outputs": [MONTH, {"kind": "share", "of": AMOUNT}]}, "view": view})
    text, _ = SURFACES[surface](shop, "amount by month ahead", serve)
    coming = re.split(r"\bforecast by\b", re.split(r"(?m)^\s*[Ff]orecast\s*$", text)[1])[0]
    cells = re.findall(r"(?<![\d-])\d+\.\d+%?", coming)
    assert len(cells) >= 3
    assert all(cell.endswith("%") for cell in cells), cells


class Silent(Model):
    """Proposes nothing."""

    def predict(self, question, schema):
        raise AssertionError("the model was asked")


def test_a_profile_and_suggestions_ask_no_model(shop, serve):
    with serve(Service([shop], Silent, Settings(workers=1))) as client:
        profile, suggestions = client.get("/profile"), client.get("/suggestions")
        assert (profile.status_code, suggestions.status_code) == (200, 200)
        assert "123" in numbers(profile.text)  # orders
        assert client.post("/ask", json={"question": "total amount"}).status_code == 500


def test_an_answer_carries_what_is_needed_to_check_it(shop, serve):
    for surface in ("json", "ask over http", "spec over http"):
        _, said = SURFACES[surface](shop, "total amount by region", serve)
        assert said["sql"].startswith("SELECT")
        assert said["row_count"] == len(said["rows"]) == 3
        assert re.fullmatch(r"[0-9a-f]{12}", said["data_version"])
        assert datetime.fromisoformat(said["answered_at"]).tzinfo
    text, said = in_terminal(shop, "total amount by region", serve)
    assert "confidence 90% · data version  · 3 rows · " in text
    assert said["sql"] in re.sub(r" +$", "", text, flags=re.MULTILINE)


def test_the_test_sees_a_number_that_nobody_said(shop, heard, serve, monkeypatch):
    monkeypatch.setattr("microgt.product.request.in_words", lambda spec, schema: "It is 4711, about 5% more.")
    heard.begin(1)
    text, said = in_terminal(shop, "how many orders are there", serve)
    free = named("how many orders are there", said["spec"], said["sql"], said["row_count"])
    assert numbers(text) - heard.numbers - free == {"4711", "5"}
