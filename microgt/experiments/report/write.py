"""The report's files: markdown beside its pictures, and one page that holds everything."""

from __future__ import annotations

from pathlib import Path

from microgt.experiments.report.arms import Comparison
from microgt.experiments.report.charts import curves, deltas, svg
from microgt.experiments.report.page import page, table
from microgt.experiments.report.table import HEAD, notes, rows
from microgt.files import write_text


def write_arms_report(found: Comparison, path: Path, *, title: str, command: str, remains: str = "", learned: str = "") -> list[Path]:
    """Write `path` (.md), a page of the same name (.html) and its pictures (.svg); return the files.

    command: that makes the report. remains: what is not in it because it is not done. learned: what people say of it, in paragraphs.
    """
    pictures = _pictures(found)
    files = [write_text(path.with_name(f"{path.stem}-{name.replace(' ', '-')}.svg"), picture) for name, picture in pictures.items()]
    text = [f"# {title}", "", f"Made by `{command}`." + (f" {remains}" if remains else ""), "", *table(HEAD, list(rows(found))), ""]
    text += [f"{note}\n" for note in notes(found)]
    text += [f"![{name}]({file.name})\n" for name, file in zip(pictures, files, strict=True)]
    text += ["## What was learned\n", f"{learned.strip()}\n"] if learned else []
    whole = page(
        title=title,
        command=command,
        remains=remains,
        head=HEAD,
        rows=list(rows(found)),
        notes=notes(found),
        pictures=pictures,
        learned=learned.strip().split("\n\n") if learned else [],
    )
    return [write_text(path, "\n".join(text)), write_text(path.with_suffix(".html"), whole), *files]


def _pictures(found: Comparison) -> dict[str, str]:
    """What there is to draw."""
    drawn = {}
    if found.deltas:
        drawn["over the baseline"] = svg(deltas(found))
    if any(run.learning_curve for arm in found.arms for run in arm.runs):
        drawn["learning curves"] = svg(curves(found))
    return drawn
