"""The page in headless Chromium: from a question to a product, by mouse, by keys, on a phone, in two browsers at once."""

import re
import shutil

import pytest

from microgt.audit.log import log_file
from microgt.serve.service import Service
from microgt.serve.settings import Settings
from tests.serve.scripted import Model

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright.expect
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")]

TOTAL = {"kind": "aggregate", "fn": "sum", "of": "orders.amount"}
BY_REGION = {"query": {"outputs": ["orders.region", TOTAL]}, "view": {"kind": "chart", "mark": "bar"}}
BY_MONTH = {
    "query": {"outputs": [{"kind": "time_bucket", "grain": "month", "of": "orders.placed"}, TOTAL]},
    "view": {"kind": "chart", "mark": "line"},
}
READINGS = {"kind": "clarify", "readings": [BY_REGION, BY_MONTH]}
SPECS = {"region": BY_REGION, "month": BY_MONTH, "what": READINGS}
ORDERS = "id,region,amount,placed\n" + "".join(
    f"{i},{('north', 'south', '<i>west</i>')[i % 3]},{10 + i % 7},{2020 + i // 36}-{1 + i // 3 % 12:02}-15\n" for i in range(144)
)
SECONDS = 120_000.0  # a busy machine; nothing waits longer than it must


class ByWord(Model):
    """Proposes what the word in the question stands for."""

    def predict(self, question, schema):
        self.specs = (next(spec for word, spec in SPECS.items() if word in question),)
        return super().predict(question, schema)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("page")


@pytest.fixture(scope="module")
def address(serve, folder):
    (folder / "orders.csv").write_text(ORDERS)
    settings = Settings(workers=2, seconds=120.0, products=folder / "products", uploads=folder / "uploads", ui=True)
    with serve(Service([folder / "orders.csv"], ByWord, settings, name="scripted")) as client:
        yield str(client.base_url)


@pytest.fixture
def noted(folder):
    """`noted()`: what the log has, of this test."""
    log = log_file(folder / "orders.csv")
    before = len(list(log.events()))
    return lambda: list(log.events())[before:]


@pytest.fixture(scope="module")
def chromium():
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, address):
    """`open_page(width)` -> a page in a browser of its own. At the end none has had an error: no script failed, nothing broke the CSP."""
    contexts, errors = [], []

    def opened(width=1280, **more):
        context = chromium.new_context(viewport={"width": width, "height": 800}, **more)
        context.set_default_timeout(SECONDS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.goto(address)
        return page

    expect.set_options(timeout=SECONDS)
    yield opened
    for context in contexts:
        context.close()
    # What is refused on purpose is told by the browser too.
    assert [error for error in errors if "status of 4" not in error] == []


def ask(page, question):
    page.get_by_label("Question").fill(question)
    page.keyboard.press("Enter")


def title(page):
    return page.locator("#answer-title")


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def test_from_a_question_to_a_product(open_page):
    page = open_page()
    ask(page, "total amount by region")
    expect(title(page)).to_contain_text("as a bar chart")
    expect(page.locator("figure.chart svg")).to_be_visible()
    expect(page.get_by_role("cell", name="<i>west</i>")).to_be_visible()

    # Which words led where, and what the data can bear.
    assert page.locator(".asked u").all_text_contents() == ["amount", "region"]
    page.get_by_role("tab", name="Where it comes from").click()
    expect(page.locator(".links li").first).to_have_text("“amount” → orders.amount (by name)")
    looked = page.locator(".attention li")
    expect(looked).to_have_text("orders.amount: total amount by region ")
    assert looked.locator("mark").evaluate_all("marks => marks.map((mark) => mark.className)") == ["look-1", "look-2", "look-3", "look-4"]
    page.get_by_text("What the data can bear").click()
    expect(page.locator(".bears .can")).to_contain_text("totals and averages of amount")
    expect(page.locator(".bears .can")).to_contain_text("comparison by region (3 groups)")
    page.get_by_role("tab", name="Rows").click()

    # By hand: another mark, a condition, and back.
    press(page, "Donut")
    expect(title(page)).to_contain_text("as a donut")
    page.get_by_text("Filters, order, limit").click()
    page.get_by_label("Where").select_option("orders.region")
    page.get_by_label("Value", exact=True).fill("north")
    press(page, "Add")
    expect(page.locator("tbody tr")).to_have_count(1)
    press(page, "Undo")
    expect(page.locator("tbody tr")).to_have_count(3)

    # In words; and a correction.
    page.get_by_label("Change the answer in words").fill("as a line")
    page.keyboard.press("Enter")
    expect(title(page)).to_contain_text("as a line")
    page.get_by_role("button", name="No, it is wrong").click()
    press(page, "Keep correction")
    expect(page.get_by_role("status").filter(has_text="It is correction 1 of this database")).to_be_visible()
    page.get_by_label("First").fill("2")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(2)

    # A forecast, deployed with one press.
    ask(page, "total amount by month")
    expect(title(page)).to_contain_text("as a line")
    press(page, "Forecast")
    expect(page.locator(".forecast")).to_contain_text("in a band for 80% of cases")
    page.get_by_role("tab", name="SQL").click()
    expect(page.get_by_role("tabpanel")).to_contain_text("SUM(orders.amount)")
    press(page, "Deploy")
    page.get_by_role("link", name="Open it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("month")
    expect(page.locator("figure.chart svg")).to_be_visible()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Open page").click()
    expect(opened.value.locator("figure svg")).to_be_visible()

    page.get_by_label("Views").get_by_role("link", name="Products").click()
    expect(page.locator(".cards .thumb-chart svg")).to_have_count(1)
    expect(page.locator(".cards")).to_contain_text("2 views")


def test_a_suggestion_is_shown_and_readings_are_chosen_by_keys(open_page, noted):
    page = open_page()
    page.get_by_role("button", name="Total amount", exact=True).click()
    expect(title(page)).to_contain_text("as one number")
    expect(page.locator(".number")).to_contain_text("1,866")
    press(page, "Yes, it is right")
    expect(page.get_by_text("Noted as right.")).to_be_visible()
    assert [(event.question, event.origin) for event in noted()] == [("Total amount", "suggestion")] * 2
    page.locator("#main").focus()
    page.keyboard.press("/")
    page.keyboard.type("what amount")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What do you mean?")).to_be_visible()
    page.keyboard.press("2")
    expect(title(page)).to_contain_text("as a line")
    page.get_by_role("tab", name="Rows").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="SQL")).to_be_focused()
    expect(page.get_by_role("tab", name="SQL")).to_have_attribute("aria-selected", "true")


def test_a_thumb_teaches_only_what_the_question_was_answered_with(open_page, noted):
    page = open_page()
    ask(page, "total amount by region")
    press(page, "Yes, it is right")
    expect(page.get_by_text("Noted as right.")).to_be_visible()
    press(page, "Donut")
    expect(title(page)).to_contain_text("as a donut")
    press(page, "Yes, it is right")
    expect(page.get_by_text("If it is what “total amount by region” means, keep it as a correction.")).to_be_visible()
    expect(page.get_by_label("What “total amount by region” means")).to_be_visible()
    page.get_by_label("Change the answer in words").fill("as a line")
    page.keyboard.press("Enter")
    expect(title(page)).to_contain_text("as a line")
    press(page, "Yes, it is right")
    expect(page.get_by_label("What “total amount by region” means")).to_be_visible()

    first, up, changed, hand, words, edit = noted()
    assert [event.event for event in (first, up, changed, hand, words, edit)] == ["asked", "judged"] * 3
    assert [event.origin for event in (first, up, changed, hand, words, edit)] == [
        "question",
        "question",
        "by hand",
        "by hand",
        "question",
        "question",
    ]
    assert (up.spec, changed.previous, hand.spec, words.previous) == (first.spec, first.spec, changed.spec, changed.spec)
    assert (up.question, edit.spec["kind"]) == ("total amount by region", "edit")


def test_two_browsers_do_not_disturb_each_other(open_page):
    one, two = open_page(), open_page()
    ask(one, "total amount by region")
    ask(two, "total amount by month")
    expect(title(one)).to_contain_text("as a bar chart")
    expect(title(two)).to_contain_text("as a line")
    press(one, "Donut")
    press(two, "Table")
    expect(title(one)).to_contain_text("as a donut")
    expect(title(two)).not_to_contain_text("as a")
    press(two, "Undo")
    expect(title(two)).to_contain_text("as a line")
    expect(title(one)).to_contain_text("as a donut")


def test_a_file_is_asked_about_on_a_phone(open_page):
    page = open_page(360, color_scheme="dark", has_touch=True)
    page.get_by_text("Add data").click()
    file = {"name": "Sales 'n' more.csv", "mimeType": "text/csv", "buffer": b'region,"a ""b""",amount\nnorth,1,20\nsouth,2,80\n'}
    page.locator("#files").set_input_files(file)
    expect(page.get_by_label("Database")).to_have_value("Sales_n_more")
    expect(page.get_by_label("Question")).to_have_attribute("placeholder", "Ask about Sales_n_more…")
    fits(page)
    page.get_by_label("Database").select_option("orders")
    ask(page, "total amount by region")
    expect(page.locator("figure.chart svg")).to_be_visible()
    page.get_by_text("Tables and keys").click()
    expect(page.get_by_role("button", name=re.compile("column orders.placed"))).to_be_visible()
    fits(page)
    page.get_by_label("Views").get_by_role("link", name="Products").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    fits(page)


def fits(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
