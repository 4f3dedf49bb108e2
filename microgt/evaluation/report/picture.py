"""Accuracy by category as a picture."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from microgt.evaluation.results import Rate, Results
from microgt.evaluation.summary import NO_CATEGORY

if TYPE_CHECKING:
    import altair as alt

MOST = 20  # bars


def picture(results: Results) -> bytes:
    """PNG: accuracy by category (by database when there are no categories) with 95% intervals; the line is the headline."""
    import vl_convert

    return vl_convert.vegalite_to_png(json.dumps(_chart(results).to_dict()), scale=2)


def _chart(results: Results) -> alt.LayerChart | alt.FacetChart:
    import altair as alt

    groups, label = results.summary.by_category, "category"
    if set(groups) <= {NO_CATEGORY}:
        groups, label = results.summary.by_database, "database"
    largest = sorted(groups, key=lambda name: (-groups[name].n, name))[:MOST]
    data = alt.Data(values=[_bar(name, groups[name]) for name in sorted(largest)])
    share = alt.Scale(domain=[0, 1])
    base = alt.Chart(data).encode(y=alt.Y("name:N", title=None, sort=None, axis=alt.Axis(labelLimit=260)))
    bars = base.mark_bar(color="#9ecae1").encode(x=alt.X("rate:Q", title="execution accuracy", scale=share, axis=alt.Axis(format="%")))
    spans = base.mark_rule(color="#08519c", strokeWidth=2).encode(x=alt.X("low:Q", scale=share), x2="high:Q")
    overall = alt.Chart(alt.Data(values=[{"rate": results.summary.accuracy.rate or 0.0}])).mark_rule(strokeDash=[4, 3]).encode(x="rate:Q")
    return alt.layer(bars, spans, overall).properties(title=f"{results.data} {results.split}: accuracy by {label}", width=480)


def _bar(name: str, rate: Rate) -> dict[str, str | float]:
    return {"name": f"{name} ({rate.n})", "rate": rate.rate or 0.0, "low": rate.low, "high": rate.high}
