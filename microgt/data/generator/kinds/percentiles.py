"""The value that so many percent lie below."""

from __future__ import annotations

from microgt.data.generator import phrases
from microgt.data.generator.kinds.values import value
from microgt.data.generator.phrases import pick
from microgt.data.generator.pieces import Pieces, Plan
from microgt.spec.types import Col, Percentile, Select, Value

_FORMS = (
    "{k} percentile of {c}", "{k} percentile of the {c}", "the {k} percentile for {c}", "{c} at the {k} percentile", "{c}, {k} percentile",
    "percentile {n} of {c}", "{n} percent percentile of {c}", "{c} that {n} percent of {t} stay below", "below which {c} are {n} percent of {t}",
    "{k} percentile {c}", "the {c} under which {n}% of the {t} are",
)  # fmt: skip
_MOST = (5, 10, 10, 20, 25, 30, 40, 60, 75, 75, 80, 90, 90, 90, 95, 95, 95, 98, 99)


def percentile(pieces: Pieces) -> Plan:
    """Of a column, perhaps by a category."""
    table, rng = pieces.table(), pieces.rng
    numeric = pieces.profile.numeric(table)
    if not numeric:
        return value(pieces)
    column, n = pieces.column(numeric), rng.choice(_MOST)
    name, rows = rng.choice(pieces.profile.column_names(column)), rng.choice(pieces.profile.table_names(table))
    text = pick(rng, _FORMS, k=f"{n}th", n=str(n), c=name, t=rows)
    node = Percentile(of=Col(column=column.id), p=Value(value=n))
    dims = pieces.profile.categories(table)
    keys = (pieces.dimension(dims),) if dims and rng.random() < 0.45 else ()
    for key in keys:
        one, many = pieces.by_phrase(key)
        text += pick(rng, phrases.BY, d=one, p=many)
    found = pieces.conditions(table, 1, tuple(key.column.id for key in keys))
    query = Select(outputs=(*(key.col for key in keys), node), where=pieces.where(found))
    return Plan(
        query, text + pieces.said(found), "by dimension" if keys else "single value", question=text.startswith("below "), keys=len(keys)
    )
