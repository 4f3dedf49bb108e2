"""What is to come."""

from __future__ import annotations

from microgt.data.generator import phrases
from microgt.data.generator.phrases import pick, small_number
from microgt.data.generator.pieces import Pieces
from microgt.data.generator.profile import plural
from microgt.spec.types import Answer, Forecast, Ref, Select, TimeBucket, Value

_FORMS = (
    "forecast {m} for the next {n} {u}",
    "forecast the {m} over the next {n} {u}",
    "predict {m} for the next {n} {u}",
    "predict the {m} for the coming {n} {u}",
    "what will the {m} be in the next {n} {u}",
    "how will {m} develop over the next {n} {u}",
    "project {m} {n} {u} ahead",
    "{m} forecast for the next {n} {u}",
    "{m}, forecast for {n} {u}",
    "expected {m} in the coming {n} {u}",
    "what {m} can we expect over the next {n} {u}",
    "{e} {m} with a forecast of {n} {u}",
    "{e} {m} and a projection for the next {n} {u}",
    "outlook of {m} for the next {n} {u}",
    "estimate {m} for the following {n} {u}",
    "extrapolate {e} {m} by {n} {u}",
)
_ONE = (
    "forecast {m} for next {u}",
    "what will {m} be next {u}",
    "predict next {u}'s {m}",
    "expected {m} next {u}",
    "{m} forecast for next {u}",
    "how much {m} can we expect next {u}",
)
_BANDS = {
    95: (" with a 95% interval", ", 95% confidence", " with a band of 95 percent"),
    50: (" with a 50% interval", ", 50% confidence"),
    90: (" with a 90% interval", ", 90% confidence", " with a band of 90 percent"),
}
_EVERY = {"day": "daily", "week": "weekly", "month": "monthly", "quarter": "quarterly", "year": "yearly"}


def forecast(pieces: Pieces) -> tuple[Answer, str] | None:
    """A measure by period, continued."""
    table, rng = pieces.table(), pieces.rng
    dates = [d for d in pieces.profile.dates(table) if d.column.table == table]
    if not dates:
        return None
    found = pieces.conditions(table, 1) if rng.random() < 0.35 else []
    m = pieces.measure(table, found)
    grain = rng.choices(("month", "quarter", "year", "week", "day"), (8, 3, 2, 2, 2))[0]
    n = rng.choices((1, 2, 3, 4, 5, 6, 8, 10, 12), (4, 2, 6, 2, 1, 3, 1, 1, 2))[0]
    form = rng.choice(_ONE if n == 1 else _FORMS)
    text = form.format(m=m.words, n=small_number(rng, n), u=grain if n == 1 else plural(grain), e=_EVERY[grain]) + pieces.said(found)
    level = rng.choice((50, 90, 95)) if rng.random() < 0.12 else 80
    text += pick(rng, _BANDS[level]) if level in _BANDS else ""
    if n > 1 and rng.random() < 0.08:
        text += rng.choice(phrases.AS_CHART).format(c="line chart")
    query = Select(outputs=(TimeBucket(grain=grain, of=dates[0].col), m.node), where=pieces.where(found))
    return Answer(query=query, view=Forecast(of=Ref(output=1), horizon=Value(value=n), level=level)), text
