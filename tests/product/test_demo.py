"""What the demonstration prints of its questions."""

import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from rich.console import Console

from microgt.engine.result import ResultTable
from microgt.errors import NotAnswerable
from microgt.product import demo
from microgt.spec.types import TableView


class Refusing:
    """An asker that answers nothing."""

    given = NotAnswerable("no column [/b] :smile:")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def ask(self, db, question):
        raise self.given


def test_questions_and_refusals_are_printed_as_they_are(tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "Asker", SimpleNamespace(from_checkpoint=lambda path: Refusing()))
    monkeypatch.setattr(demo, "QUESTIONS", (("shop", "speed [/s]"),))
    source: Any = SimpleNamespace(database=Path)
    console = Console(file=io.StringIO(), width=60)
    (shown,) = demo._ask(source, tmp_path, tmp_path, console)
    rule, refusal = console.file.getvalue().splitlines()
    assert "shop: speed [/s]" in rule
    assert refusal.rstrip() == shown.error == "no column [/b] :smile:"


def test_an_answer_without_rows_is_shown_and_has_no_chart(tmp_path, monkeypatch):
    empty = ResultTable(("region", "sales"), (), False)
    monkeypatch.setattr(demo, "answer", lambda answered: "no row matches")
    asker: Any = SimpleNamespace(ask=lambda db, question: SimpleNamespace(table=empty, view=TableView(), title="Sales?", forecast=None))
    console = Console(file=io.StringIO(), width=60)
    shown = demo._ask_one(asker, tmp_path, "Sales?", tmp_path / "chart.html", console)
    assert "no row matches" in console.file.getvalue()
    assert shown.chart is None
    assert "no rows" in str(shown.error)
    assert not (tmp_path / "chart.html").exists()
