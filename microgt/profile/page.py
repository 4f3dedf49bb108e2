"""A profile as one page for a browser, which fetches nothing and runs no script."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from microgt.profile.facts import Profile
from microgt.profile.words import about, joined


def page(profile: Profile) -> str:
    """The page; names and values are escaped."""
    loader = FileSystemLoader(Path(__file__).parent)
    pages = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return pages.get_template("page.html").render(profile=profile, about=about, joined=joined, number=_number)


def _number(number: float | None) -> str:
    return "" if number is None else f"{number:,.6g}" if isinstance(number, float) else f"{number:,}"
