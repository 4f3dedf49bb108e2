"""A folder that says how a run went: report.md, results.json, accuracy.png."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from microgt.evaluation.results import Item, Rate, Results
from microgt.evaluation.summary import NO_CATEGORY
from microgt.evaluation.table import DETECTABLE, cells, one_line, outcome_line, percent, rows
from microgt.files import write_bytes, write_text

if TYPE_CHECKING:
    import altair as alt

PICTURE = "accuracy.png"
SHOWN = 20  # wrong items, and bars


def write_report(results: Results, folder: str | Path, *, title: str = "Evaluation") -> Path:
    """Write the report into `folder`, each file complete or not at all, and return the path of the markdown file, written last."""
    folder = Path(folder)
    write_bytes(folder / PICTURE, picture(results))
    results.write(folder / "results.json")
    return write_text(folder / "report.md", markdown(results, title))


def markdown(results: Results, title: str) -> str:
    """The report's text."""
    lines = [f"# {title}", "", f"{results.data} {results.split}; {_headline(results)}", "", f"![accuracy by category]({PICTURE})", ""]
    lines += ["| | right | of | share | 95% interval | detectable |", "|---|--:|--:|--:|--:|--:|"]
    for section in rows(results):
        lines += [f"| {_cell(name)} | {' | '.join(cells(rate))} |" for name, rate in section]
    lines += ["", outcome_line(results).capitalize() + ".", "", DETECTABLE.capitalize() + ".", ""]
    if results.excluded:
        reasons = Counter(item.reason for item in results.excluded)
        lines += ["Excluded: " + "; ".join(f"{n} {reason}" for reason, n in reasons.most_common()) + ".", ""]
    wrong = [item for item in results.items if not item.outcome.right]
    if wrong:
        lines += [f"## Not right ({min(len(wrong), SHOWN)} of {len(wrong)}; all in results.json)", ""]
        lines += [line for item in wrong[:SHOWN] for line in _wrong(item)]
    made_by = ", ".join(f"{name} {version}" for name, version in results.versions.items())
    return "\n".join(
        [
            *lines,
            "## Made by",
            "",
            f"microgt {results.microgt} ({results.git or 'no checkout'}), {made_by}.",
            f"Checkpoint: {results.checkpoint or 'none'}.",
            "",
        ]
    )


def picture(results: Results) -> bytes:
    """PNG: accuracy by category (by database when there are no categories) with 95% intervals; the line is the headline."""
    import vl_convert

    return vl_convert.vegalite_to_png(json.dumps(_chart(results).to_dict()), scale=2)


def _chart(results: Results) -> alt.LayerChart | alt.FacetChart:
    import altair as alt

    groups, label = results.summary.by_category, "category"
    if set(groups) <= {NO_CATEGORY}:
        groups, label = results.summary.by_database, "database"
    largest = sorted(groups, key=lambda name: (-groups[name].n, name))[:SHOWN]
    data = alt.Data(values=[_bar(name, groups[name]) for name in sorted(largest)])
    share = alt.Scale(domain=[0, 1])
    base = alt.Chart(data).encode(y=alt.Y("name:N", title=None, sort=None, axis=alt.Axis(labelLimit=260)))
    bars = base.mark_bar(color="#9ecae1").encode(x=alt.X("rate:Q", title="execution accuracy", scale=share, axis=alt.Axis(format="%")))
    spans = base.mark_rule(color="#08519c", strokeWidth=2).encode(x=alt.X("low:Q", scale=share), x2="high:Q")
    overall = alt.Chart(alt.Data(values=[{"rate": results.summary.accuracy.rate or 0.0}])).mark_rule(strokeDash=[4, 3]).encode(x="rate:Q")
    return alt.layer(bars, spans, overall).properties(title=f"{results.data} {results.split}: accuracy by {label}", width=480)


def _bar(name: str, rate: Rate) -> dict[str, str | float]:
    return {"name": f"{name} ({rate.n})", "rate": rate.rate or 0.0, "low": rate.low, "high": rate.high}


def _headline(results: Results) -> str:
    summary = results.summary
    text = f"execution accuracy **{percent(summary.accuracy.rate) or 'of nothing'}** ({summary.accuracy.k} of {summary.accuracy.n}; "
    text += f"95% interval {percent(summary.accuracy.low)} to {percent(summary.accuracy.high)}"
    if summary.clustered:
        text += f", drawing databases {percent(summary.clustered[0])} to {percent(summary.clustered[1])}"
    return text + ")."


def _wrong(item: Item) -> list[str]:
    said = item.error or item.reason or ""
    return [
        f"- `{item.id}` ({item.db}) {item.outcome}: {item.question}",
        f"  - gold: `{_line(item.gold_sql)}`",
        f"  - predicted: `{_line(item.sql)}` {_line(said)}",
    ]


def _line(text: str | None) -> str:
    return one_line(text).replace("`", "'")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").strip()
