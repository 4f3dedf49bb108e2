"""A profile as one page for a browser, which fetches nothing and runs no script."""

from __future__ import annotations

from pathlib import Path

from microgt.pages import pages
from microgt.profile.facts import Profile
from microgt.profile.words import about, joined


def page(profile: Profile) -> str:
    """The page; names and values are escaped."""
    return pages(Path(__file__).parent).get_template("page.html").render(profile=profile, about=about, joined=joined, number=_number)


def _number(number: float | None) -> str:
    return "" if number is None else f"{number:,.6g}" if isinstance(number, float) else f"{number:,}"
