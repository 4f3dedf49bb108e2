"""The demonstration: build the embedded databases, train, evaluate by execution, answer three questions, leave a report."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from microgt.build import build, trusting
from microgt.data.demo.source import SEEN, UNSEEN, DemoSource
from microgt.errors import MicrogtError
from microgt.evaluation import results_of, results_table, write_report
from microgt.evaluation.results import Rate, Results
from microgt.evaluation.table import percent
from microgt.files import write_text
from microgt.model.predictor import Predictor
from microgt.product.asker import Asker
from microgt.product.chart import write_chart
from microgt.product.checkpoints import free_name, shipped_checkpoint
from microgt.product.predict import judge_model
from microgt.product.terminal import answer
from microgt.training.train import train

QUESTIONS = (
    ("retail", "Total sales by region last year as a donut"),
    ("flights", "Average departure delay per month as a line chart"),
    ("subscriptions", "Top 5 countries by MRR"),
)


COLUMNS = ("", "seen schemas", "unseen schema", "valid specs")


@dataclass(frozen=True)
class Shown:
    """A question of the demonstration and where its chart went; `error` when it could not be answered or drawn."""

    question: str
    chart: Path | None
    error: str | None = None


def demonstrate(config: dict[str, Any], folder: Path, console: Console) -> Path:
    """Do it all as `configs/demo.yaml` says; return the report's path."""
    with trusting(config["packages"]):
        return _demonstrate(config, folder, console)


def _demonstrate(config: dict[str, Any], folder: Path, console: Console) -> Path:
    source = build(config["data"]["source"])
    console.print("1/4 embedded databases", style="bold")
    for db in SEEN + UNSEEN:
        console.print(f"  {db}: {len(source.schema(db).tables)} tables, {source.database(db).stat().st_size >> 10} KiB")
    console.print("2/4 training questions are generated, then a model is trained", style="bold")
    runs = Path(config["runs"])
    checkpoint = train({**config, "name": free_name(config["name"], lambda name: (runs / name / "checkpoint").exists())})
    console.print("3/4 evaluation by execution on questions written by hand", style="bold")
    results = _judge(source, checkpoint, config["beam"])
    console.print(results_table(results))
    rows = [("trained now", results), ("shipped", _judge(source, shipped_checkpoint(), config["beam"]))]
    console.print(_beside(rows))
    console.print("4/4 three questions", style="bold")
    report = write_report(results, folder, title="Demonstration")
    shown = _ask(source, checkpoint, folder, console)
    _append(report, rows, shown, config)
    return report


def _judge(source: DemoSource, checkpoint: Path, beam: int) -> Results:
    """Seen and unseen schemas together; the table and the report set them apart."""
    predictor = Predictor.load(checkpoint, beam=beam)
    parts = [judge_model(source, predictor, split=split, checkpoint=str(checkpoint)) for split in ("test", "unseen")]
    items = [item for part in parts for item in part.items]
    return results_of(items, data=source.name, split="test+unseen", checkpoint=str(checkpoint), excluded=())


def _beside(rows: Sequence[tuple[str, Results]]) -> Table:
    """The model that was just trained and the one that comes with microgt, on the same questions."""
    table = Table(title=Text("right by execution", style="table.title"), title_justify="left")
    for name in COLUMNS:
        table.add_column(name, justify="right" if name else "left")
    for cells in _cells(rows):
        table.add_row(*cells)
    return table


def _cells(rows: Sequence[tuple[str, Results]]) -> list[list[str]]:
    def rate(found: Rate) -> str:
        return f"{percent(found.rate)} ({found.k} of {found.n})"

    return [[name, rate(r.summary.seen), rate(r.summary.unseen), percent(r.summary.valid_spec.rate)] for name, r in rows]


def _ask(source: DemoSource, checkpoint: Path, folder: Path, console: Console) -> list[Shown]:
    shown = []
    with Asker.from_checkpoint(checkpoint) as asker:
        for number, (db, question) in enumerate(QUESTIONS, 1):
            console.rule(Text(f"{db}: {question}", style="rule.text"))
            shown.append(_ask_one(asker, source.database(db), question, folder / f"question-{number}.html", console))
    return shown


def _ask_one(asker: Asker, database: Path, question: str, chart: Path, console: Console) -> Shown:
    """A question that has no answer, or none that can be drawn, does not end the demonstration."""
    try:
        answered = asker.ask(database, question)
        console.print(answer(answered))
        return Shown(question, write_chart(answered.table, answered.view, chart, title=answered.title, forecast=answered.forecast))
    except MicrogtError as error:
        console.print(Text(str(error)))
        return Shown(question, None, str(error))


def _append(report: Path, rows: Sequence[tuple[str, Results]], shown: Sequence[Shown], config: dict[str, Any]) -> None:
    """Add the model that comes with microgt, the questions and how to get this report again."""
    lines = ["", "## Beside the checkpoint that comes with microgt", ""]
    lines += [f"| {' | '.join(cells)} |" for cells in (COLUMNS, ["---", *["--:"] * (len(COLUMNS) - 1)], *_cells(rows))]
    lines += ["", "## Three questions", ""]
    lines += [f"- {s.question}: " + (f"[chart]({s.chart.name})" if s.chart else str(s.error)) for s in shown]
    training = config["training"]
    lines += ["", f"Made by `make demo` (seed {config['seed']}, at most {training['steps']} steps or {training['minutes']} minutes)."]
    text = report.read_text(encoding="utf-8") + "\n".join(lines) + "\n"
    write_text(report, text)


def plain_console() -> Console:
    """Standard output; wide enough for tables when it is no terminal."""
    return Console(width=None if sys.stdout.isatty() else 120, highlight=False)
