"""Tables as markdown, and a page that holds a table with its pictures and needs no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from markupsafe import Markup

from microgt.pages import pages


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a markdown table; numbers stand to the right."""
    lines = [f"| {' | '.join(head)} |", f"|---|{'--:|' * (len(head) - 1)}"]
    return lines + [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]


def page(
    *,
    title: str,
    command: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    notes: Sequence[str],
    pictures: Mapping[str, str],
    remains: str = "",
    learned: Sequence[str] = (),
) -> str:
    """The HTML. pictures: SVG by what they show. learned: paragraphs. Everything else is escaped."""
    drawn = {name: Markup(picture) for name, picture in pictures.items()}
    return (
        pages(Path(__file__).parent)
        .get_template("page.html")
        .render(title=title, command=command, remains=remains, head=head, rows=rows, notes=notes, pictures=drawn, learned=learned)
    )
