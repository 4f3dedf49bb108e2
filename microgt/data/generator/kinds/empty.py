"""Groups that have nothing are shown too: customers without orders."""

from __future__ import annotations

from microgt.data.generator import phrases
from microgt.data.generator.kinds.groups import by_dimension
from microgt.data.generator.phrases import pick
from microgt.data.generator.pieces import Pieces, Plan
from microgt.spec.types import Aggregate, Rows, Select

_COUNTS = (
    "number of {t}{b}", "how many {t}{b}", "count of {t}{b}", "{t}{b}", "how many {t} does each {d} have", "for each {d}, number of {t}",
    "how many {t} belong to every {d}", "{p} and how many {t} they have", "all {p} with their number of {t}",
)  # fmt: skip
_TOO = (
    ", including {p} without {t}", ", also {p} without any", ", including those without any", ", those with none included", ", even those without {t}",
    ", zero included", ", zeros included", ", with zero where there are none", ", showing zero for {p} that have none", ", including zeros",
    " including {p} that have no {t}", ", even if there are none", ", also where there are no {t}", ", {p} with no {t} as well",
    ", and show {p} without {t} too", " (also those with 0)", ", nobody left out", ", keep {p} with none", ", not only those that have {t}",
)  # fmt: skip


def with_empty_groups(pieces: Pieces) -> Plan:
    """Rows or a total of them by what their parents are, parents without rows included.

    Conditions on the rows stand in the count: in WHERE they would leave out the parents that have no such row.
    """
    table, rng = pieces.table(), pieces.rng
    dims = [d for d in pieces.profile.categories(table) if d.column.table != table]
    if not dims:
        return by_dimension(pieces)
    labels = [d for d in dims if d.column == pieces.profile.label(d.column.table)]
    dim = pieces.dimension(labels if labels and rng.random() < 0.6 else dims)
    name, many = pieces.by_phrase(dim)
    rows = rng.choice(pieces.profile.table_names(table))
    by = pick(rng, phrases.BY, d=name, p=many)
    numeric = pieces.profile.numeric(table)
    if numeric and rng.random() < 0.15:
        m = pieces.measure(table)
        node, text = m.node, m.words + by
    else:
        counted = [f for f in pieces.conditions(table, 1) if rng.random() < 0.9 and all(c.startswith(table + ".") for c in f.columns)]
        rows = pieces.attributive(counted, rows, table) + pieces.said(counted)
        node = Aggregate(fn="count", of=Rows(table=table), where=pieces.where(counted))
        text = pick(rng, _COUNTS, t=rows, b=by, d=name, p=many)
    found = [one for one in pieces.conditions(table, 1) if one.column.startswith(dim.column.table + ".") and one.column != dim.column.id]
    text += pieces.said(found) + pick(rng, _TOO, p=many, t=rows)
    query = Select(outputs=(dim.col, node), where=pieces.where(found), empty_groups="keep")
    return Plan(query, text, "by dimension", keys=1)
