"""Pictures of the page of `microgt serve --ui` on a small shop, with a model whose proposals are given: python scripts/page_screenshots.py

It needs Chromium and writes reports/ui/*.png.
"""

from __future__ import annotations

import math
import shutil
import sys
import tempfile
import threading
from pathlib import Path
from time import sleep
from typing import Any

import duckdb
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
OUT = ROOT / "reports" / "ui"

from microgt.serve.app import create_app  # noqa: E402
from microgt.serve.service import Service  # noqa: E402
from microgt.serve.settings import Settings  # noqa: E402
from tests.serve.scripted import Model  # noqa: E402

SALES: dict[str, Any] = {"kind": "aggregate", "fn": "sum", "of": "orders.amount"}
REGION = {
    "query": {"outputs": ["customers.region", SALES], "sort": [{"kind": "sort", "direction": "desc", "by": {"kind": "ref", "output": 1}}]}
}
MONTH = {"kind": "time_bucket", "grain": "month", "of": "orders.placed"}
SPECS = {
    "amount by region": {**REGION, "view": {"kind": "chart", "mark": "bar"}},
    "share": {**REGION, "view": {"kind": "chart", "mark": "donut"}},
    "next three months": {"query": {"outputs": [MONTH, SALES]}, "view": {"kind": "forecast", "of": {"output": 1}, "horizon": 3}},
    "by month": {"query": {"outputs": [MONTH, SALES]}, "view": {"kind": "chart", "mark": "line"}},
}
QUESTIONS = (
    "Total amount by region",
    "Each region's share of the amount",
    "Amount of orders in the next three months",
    "Amount of orders by month",
)


class Given(Model):
    """Proposes what is given for the question."""

    def predict(self, question, schema):
        """The spec whose words stand in the question."""
        self.specs = (next((spec for words, spec in SPECS.items() if words in question.lower()), REGION),)
        return super().predict(question, schema)


def make_shop(path: Path) -> Path:
    """Four years of orders with a trend and a season."""
    regions = ("North", "South", "East", "West")
    with duckdb.connect(str(path)) as db:
        db.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, name VARCHAR, region VARCHAR)")
        db.execute("CREATE TABLE products (id INTEGER PRIMARY KEY, name VARCHAR, price DOUBLE)")
        db.execute(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id), "
            "product_id INTEGER REFERENCES products(id), amount DOUBLE, placed DATE)"
        )
        db.executemany("INSERT INTO customers VALUES (?, ?, ?)", [(i, f"Customer {i}", regions[i * i % 11 % 4]) for i in range(1, 41)])
        db.executemany("INSERT INTO products VALUES (?, ?, ?)", [(i, f"Product {i}", 5.0 * i) for i in range(1, 9)])
        rows = []
        for month in range(48):
            level = 900 + 14 * month + 220 * math.sin(month / 6 * math.pi) + 60 * math.cos(month * month)
            for k in range(8):
                day = f"{2022 + month // 12}-{1 + month % 12:02}-{3 + 3 * k:02}"
                rows.append((len(rows) + 1, 1 + (7 * k + month) % 40, 1 + k, round(level * (0.6 + 0.1 * k), 2), day))
        db.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?)", rows)
    return path


def opened(browser: Browser, address: str, width: int, height: int, scheme: Any) -> Page:
    """The page in a browser of its own."""
    page = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme).new_page()
    page.set_default_timeout(120_000)
    page.goto(address)
    return page


def ask(page: Page, question: str) -> None:
    """And wait for the chart."""
    page.get_by_label("Question").fill(question)
    page.keyboard.press("Enter")
    page.locator(".asked", has_text=question).wait_for()
    page.wait_for_selector("figure.chart svg.marks")


def take(browser: Browser, address: str) -> None:
    """All pictures."""
    page = opened(browser, address, 1280, 900, "light")
    for question in QUESTIONS:
        ask(page, question)
        page.get_by_role("button", name="Deploy").click()
        page.get_by_role("link", name="Open it").wait_for()
    ask(page, QUESTIONS[0])
    page.get_by_role("heading", level=2).click()
    page.screenshot(path=OUT / "answer-light.png")
    page.get_by_text("Tables and keys").click()
    page.get_by_text("What the data can bear").click()
    page.get_by_role("tab", name="Where it comes from").click()
    page.locator(".bears section").first.wait_for()
    page.locator(".links").scroll_into_view_if_needed()
    page.screenshot(path=OUT / "data-light.png")
    page.get_by_role("link", name="Products").click()
    page.locator(".cards svg.marks").nth(len(QUESTIONS) - 1).wait_for()
    page.screenshot(path=OUT / "products-light.png")
    page = opened(browser, address, 1280, 900, "dark")
    ask(page, QUESTIONS[2])
    page.screenshot(path=OUT / "forecast-dark.png")
    page = opened(browser, address, 360, 780, "light")
    ask(page, QUESTIONS[0])
    page.screenshot(path=OUT / "phone.png")


def main() -> None:
    """Serve, and take the pictures."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make: Any = Given
        settings = Settings(workers=1, seconds=120, products=folder / "products", uploads=folder / "uploads", ui=True)
        server = uvicorn.Server(
            uvicorn.Config(create_app(Service([make_shop(folder / "shop.duckdb")], make, settings)), port=0, log_level="warning")
        )
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            while not server.started:
                sleep(0.05)
            port = server.servers[0].sockets[0].getsockname()[1]
            with sync_playwright() as started:
                browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
                take(browser, f"http://127.0.0.1:{port}")
        finally:
            server.should_exit = True
            thread.join()


if __name__ == "__main__":
    main()
