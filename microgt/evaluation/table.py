"""The figures of a run as a table for the terminal."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from microgt.evaluation.results import Rate, Results
from microgt.evaluation.summary import NO_CATEGORY

MANY = 25
DETECTABLE = (
    "detectable: the smallest gain of another run on the same questions that a paired test (5%) finds 4 times out of 5,\n"
    "if one question in ten is right in one run only; none: the questions are too few"
)


def results_table(results: Results) -> Table:
    """Headline first, then by category and by database (at most 25 of each), then outcomes."""
    title = Text(f"{results.data} {results.split}: {results.summary.accuracy.n} questions", style="table.title")
    table = Table(title=title, title_justify="left")
    table.add_column("")
    table.add_column("right", justify="right")
    table.add_column("of", justify="right")
    table.add_column("share", justify="right")
    table.add_column("95% interval", justify="right")
    table.add_column("detectable", justify="right")
    for section in rows(results):
        for name, rate in section:
            table.add_row(Text(name), *cells(rate))
        table.add_section()
    table.caption = f"{outcome_line(results)}\n{DETECTABLE}"
    table.caption_justify = "left"
    return table


def rows(results: Results) -> list[list[tuple[str, Rate]]]:
    """Sections of named rates; a rate of nothing is left out."""
    summary = results.summary
    head = [("execution accuracy", summary.accuracy), ("  seen databases", summary.seen), ("  unseen databases", summary.unseen)]
    if summary.accuracy_all:
        head.append((f"  with {len(results.excluded)} excluded as wrong", summary.accuracy_all))
    quality = [
        ("valid spec", summary.valid_spec),
        ("executable", summary.executable),
        ("same spec as gold", summary.exact_match),
        ("same chart as gold", summary.chart_match),
    ]
    sections = [head, quality, *(list(by.items())[:MANY] for by in (summary.by_category, summary.by_database) if set(by) != {NO_CATEGORY})]
    return [kept for section in sections if (kept := [(name, rate) for name, rate in section if rate.n])]


def cells(rate: Rate) -> list[str]:
    """k, n, share, interval and smallest difference as they are shown."""
    return [
        str(rate.k),
        str(rate.n),
        percent(rate.rate),
        f"{percent(rate.low)} to {percent(rate.high)}",
        points(rate.detectable) if rate.detectable else "none",
    ]


def outcome_line(results: Results) -> str:
    """The count of each outcome that occurred; `vacuous` always, because the headline counts it as right."""
    counts = [f"{outcome} {n}" for outcome, n in results.summary.outcomes.items() if n or outcome == "vacuous"]
    return "outcomes: " + ", ".join(counts)


def percent(share: float | None) -> str:
    """`73.4%`."""
    return "" if share is None else f"{100 * share:.1f}%"


def points(difference: float | None) -> str:
    """`+1.2`: a difference of shares, in points."""
    return "" if difference is None else f"{100 * difference:+.1f}"


def one_line(text: str | None) -> str:
    """A text without line breaks; `nothing` for none."""
    return " ".join((text or "nothing").split())
