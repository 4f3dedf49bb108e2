"""The run as one page for a browser: figures, a list to filter, wrong answers side by side. It fetches nothing and works without scripts.

page.html  the template; Jinja escapes whatever models, questions and databases put into it
page.css   light and dark, by the reader's setting
page.js    the filter; the page allows this script alone, by its hash
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from markupsafe import Markup

from microgt.evaluation.paired import RunComparison
from microgt.evaluation.paired_table import notes, verdict
from microgt.evaluation.results import Item, Results
from microgt.evaluation.summary import NO_CATEGORY
from microgt.evaluation.table import DETECTABLE, cells, lines, percent, rows
from microgt.pages import pages

LONGEST = 4_000  # characters of one query or message
_HERE = Path(__file__).parent


def html(results: Results, title: str, against: RunComparison | None = None) -> str:
    """The page. against: how the run compares with an earlier one."""
    templates = pages(_HERE)
    templates.filters["cut"] = _cut
    script = (_HERE / "page.js").read_text(encoding="utf-8")
    return templates.get_template("page.html").render(
        title=title,
        results=results,
        accuracy=results.summary.accuracy,
        interval=f"{percent(results.summary.accuracy.low)} to {percent(results.summary.accuracy.high)}",
        headline=percent(results.summary.accuracy.rate) or "nothing",
        sections=[[(name, cells(rate), rate) for name, rate in section] for section in rows(results)],
        lines=[*lines(results), DETECTABLE],
        compared=[verdict(against.overall), *notes(against)] if against else [],
        items=sorted(results.items, key=lambda item: item.right),
        changes=_changes(against),
        choices=_choices(results.items),
        category=_category,
        style=Markup((_HERE / "page.css").read_text(encoding="utf-8")),
        script=Markup(script),
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def _category(item: Item) -> str:
    return item.category or NO_CATEGORY


def _choices(items: Iterable[Item]) -> dict[str, list[str]]:
    """What can be chosen under each heading, where there is a choice."""
    found = {
        "outcome": {str(item.outcome) for item in items},
        "category": {_category(item) for item in items},
        "difficulty": {item.difficulty for item in items if item.difficulty},
        "database": {item.db for item in items},
    }
    return {name: sorted(values) for name, values in found.items() if len(values) > 1}


def _changes(against: RunComparison | None) -> dict[str, str]:
    """id -> won or lost, of the answers that changed since the earlier run."""
    if against is None:
        return {}
    return {change.id: name for name in ("won", "lost") for change in getattr(against, name)}


def _cut(text: Any) -> str:
    """A text that is not without end."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text):,} characters)"
