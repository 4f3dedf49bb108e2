"""The figures of a run as a table for the terminal."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from microgt.evaluation.results import Rate, Results, Selective
from microgt.evaluation.summary import ALL_SLOTS, NO_CATEGORY

MANY = 25
DETECTABLE = (
    "detectable: the smallest gain of another run on the same questions that a paired test (5%) finds 4 times out of 5, "
    "if one question in ten is right in one run only; none: the questions are too few"
)


def results_table(results: Results) -> Table:
    """Headline first, then by category, difficulty and database (at most 25 of each), then what is no rate."""
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
    table.caption = Text("\n".join([*lines(results), DETECTABLE]), style="table.caption")
    table.caption_justify = "left"
    return table


def rows(results: Results) -> list[list[tuple[str, Rate]]]:
    """Sections of named rates; a rate of nothing is left out."""
    summary = results.summary
    head = [("execution accuracy", summary.accuracy), ("  seen databases", summary.seen), ("  unseen databases", summary.unseen)]
    if summary.original:
        head[0] = (f"execution accuracy over {results.variants} variants", summary.accuracy)
        head.insert(1, ("  on the original databases alone", summary.original))
    if summary.accuracy_all:
        head.append((f"  with {len(results.excluded)} excluded as wrong", summary.accuracy_all))
    quality = [
        ("valid spec", summary.valid_spec),
        ("executable", summary.executable),
        ("same spec as gold", summary.exact_match),
        ("exact set match, no values", summary.set_match),
        ("same chart as gold", summary.chart_match),
    ]
    if summary.answered.k < summary.answered.n:
        quality += [("answered", summary.answered), ("right if answered", summary.right_if_answered)]
    groups = (summary.by_category, summary.by_difficulty, summary.by_database)
    sections = [head, quality, *(list(by.items())[:MANY] for by in groups if set(by) != {NO_CATEGORY})]
    return [kept for section in sections if (kept := [(name, rate) for name, rate in section if rate.n])]


def lines(results: Results) -> list[str]:
    """What is no rate: outcomes, slots, values, confidences, seconds."""
    summary = results.summary
    found = [outcome_line(results)]
    if summary.slots:
        scores = ", ".join(f"{name} {percent(score.f1)}" for name, score in summary.slots.items() if score.f1 is not None)
        found.append(f"slot F1 over {summary.slots[ALL_SLOTS].items} questions: {scores}")
    if summary.value_recall is not None:
        found.append(f"literals of gold found: {percent(summary.value_recall)}")
    if summary.selective:
        found.append(_confidences(summary.selective))
    if summary.latency:
        times = summary.latency
        found.append(f"seconds for a prediction: median {times.p50:.3g}, 90% {times.p90:.3g}, 99% {times.p99:.3g}")
    if results.not_predicted:
        found.append(f"questions left out because nothing was predicted: {len(results.not_predicted)}")
    if results.unused:
        found.append(f"lines of {results.predictions} that are of no use: {len(results.unused)} (the first: {results.unused[0]})")
    return found


def _confidences(found: Selective) -> str:
    half = next(point for point in found.curve if point.coverage >= 0.5)
    auroc = "unknown" if found.auroc is None else f"{found.auroc:.3f}"
    return f"confidences: AUROC {auroc}, AURC {found.aurc:.3f}; of the surer half {percent(half.accuracy)} are right"


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
