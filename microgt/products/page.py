"""The page of a version: chart, rows, and where they come from. It fetches nothing and runs no script."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

from microgt.pages import pages
from microgt.product.cells import days, shown
from microgt.product.run import Ran
from microgt.products.contract import Contract

SHOWN_ROWS = 500


def page(name: str, manifest: Mapping[str, Any], ran: Ran, contract: Contract, picture: str) -> str:
    """picture: the chart as SVG, whose text is escaped; everything else is escaped here."""
    table = days(ran.table)
    coming = ran.forecast if ran.forecast and ran.forecast.found else None
    return (
        pages(Path(__file__).parent)
        .get_template("page.html")
        .render(
            name=name,
            manifest=manifest,
            sql=ran.sql,
            picture=Markup(picture),
            columns=table.columns,
            rows=[[shown(cell, table.written_as(i)) for i, cell in enumerate(row)] for row in table.rows[:SHOWN_ROWS]],
            more=len(table.rows) - SHOWN_ROWS,
            coming=days(coming.table) if coming else None,
            told=coming.told() if coming else [],
            refused=ran.forecast.refused if ran.forecast else (),
            shown=shown,
            checks=promises(contract),
        )
    )


def promises(contract: Contract) -> list[str]:
    """What is promised, in words."""
    return [*map(said, contract.checks), *([f"forecast: series {contract.series}"] if contract.series else [])]


def said(check: Any) -> str:
    """A check in words."""
    told = check.model_dump(exclude={"check"}, exclude_none=True)
    return f"{check.check.replace('_', ' ')}: " + ", ".join(f"{name} {_listed(value)}" for name, value in told.items())


def _listed(value: Any) -> str:
    return " + ".join(map(str, value)) if isinstance(value, tuple) else str(value)
