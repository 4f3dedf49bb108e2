"""A measure for each category."""

from __future__ import annotations

from typing import Any

from microgt.data.generator import phrases
from microgt.data.generator.filters import Filter
from microgt.data.generator.kinds.values import value
from microgt.data.generator.phrases import listed, pick
from microgt.data.generator.pieces import Pieces, Plan
from microgt.spec.types import Ref, Select, Sort

_THEN = (", split by ", " and then by ", ", broken down by ", " and for each ", " next to ")


def by_dimension(pieces: Pieces) -> Plan:
    """A measure by one or two categories."""
    table = pieces.table()
    dims = pieces.profile.categories(table)
    if not dims:
        return value(pieces)
    rng = pieces.rng
    keys = [pieces.dimension(dims)]
    if rng.random() < 0.22 and len(dims) > 1:
        keys.append(pieces.dimension([d for d in dims if d != keys[0]]))
    found = pieces.conditions(table, 2, tuple(d.column.id for d in keys))
    m = pieces.measure(table, found)
    names = [pieces.by_phrase(d) for d in keys]
    name = (" and " if len(keys) == 1 or rng.random() < 0.6 else rng.choice(_THEN)).join(n for n, _ in names)
    plurals = " and ".join(p for _, p in names)
    if rng.random() < 0.3:
        text = pick(rng, phrases.FRONT_BY, d=name, m=m.words, p=plurals) + pieces.said(found)
    else:
        by, said = pick(rng, phrases.BY, d=name, p=plurals), pieces.said(found)
        text = m.words + (by + said if rng.random() < 0.6 else said + by)
    query = Select(outputs=(*(d.col for d in keys), m.node), where=pieces.where(found))
    sort = _sorted(pieces, query, len(keys), m.additive)
    return Plan(sort[0], text + sort[1], "by dimension", keys=len(keys))


def several(pieces: Pieces) -> Plan:
    """Several measures by a category."""
    table, rng = pieces.table(), pieces.rng
    dims = pieces.profile.categories(table)
    if not dims:
        return value(pieces)
    dim = pieces.dimension(dims)
    found = pieces.conditions(table, 2, (dim.column.id,))
    chosen = pieces.measures(table)
    name, many = pieces.by_phrase(dim)
    by, said = pick(rng, phrases.BY, d=name, p=many), pieces.said(found)
    text = listed([m.words for m in chosen], rng) + (by + said if rng.random() < 0.6 else said + by)
    return Plan(Select(outputs=(dim.col, *(m.node for m in chosen)), where=pieces.where(found)), text, "by dimension")


def _sorted(pieces: Pieces, query: Select, measure: Any, additive: bool) -> tuple[Select, str]:
    """Now and then, sort by the measure."""
    if pieces.rng.random() > 0.12:
        return query, ""
    direction = pieces.rng.choice(("desc", "desc", "asc"))
    down = (
        ", highest first",
        ", sorted from high to low",
        ", largest to smallest",
        " in descending order",
        " sorted descending",
        ", biggest first",
    )
    up = (", lowest first", " from low to high", " in ascending order", " sorted ascending", ", smallest first")
    sort = Sort(direction=direction, by=Ref(output=measure))
    return query.model_copy(update={"sort": (sort,)}), pieces.rng.choice(down if direction == "desc" else up)


def compared(pieces: Pieces) -> Plan:
    """A measure for two or three named values of a dimension."""
    table, rng = pieces.table(), pieces.rng
    dims = [d for d in pieces.profile.categories(table) if len(pieces.profile.schema.values.get(d.column.id, ())) >= 2]
    if not dims:
        return by_dimension(pieces)
    m, dim = pieces.measure(table), pieces.dimension(dims)
    node, names = pieces.filters.values.one_of(dim, rng.choice((2, 2, 3)))
    name, _ = pieces.by_phrase(dim)
    a, b = ", ".join(names[:-1]), names[-1]
    forms = (
        "compare {m} for {a} and {b}",
        "compare {m} between {a} and {b}",
        "{m} for {a} vs {b}",
        "{m}: {a} versus {b}",
        "{m} in {a} compared to {b}",
        "{a} vs {b} {m}",
        "how does {m} compare for {a} and {b}",
        "{m} by {d} for {a} and {b}",
        "{m} of {a} against {b}",
    )
    found = pieces.conditions(table, 2, (dim.column.id,), alone=False)
    where = pieces.where([Filter(node, dim.column.id, ""), *found])
    text = pick(rng, forms, m=m.words, a=a, b=b, d=name) + pieces.said(found)
    return Plan(Select(outputs=(dim.col, m.node), where=where), text, "comparison", keys=1)
