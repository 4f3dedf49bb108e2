"""A group beside the others: its part of the total, its place, the measure over all."""

from __future__ import annotations

from typing import Any

from microgt.data.generator import phrases
from microgt.data.generator.kinds.groups import by_dimension
from microgt.data.generator.phrases import pick
from microgt.data.generator.pieces import Measured, Pieces, Plan
from microgt.data.generator.profile import Dimension
from microgt.spec.types import Aggregate, Overall, Rank, Select, Share, TimeBucket

_SHARE = (
    "share of {m} by {d}", "share of {m} per {d}", "{d} share of {m}", "{m} by {d} as a share of the total", "{m} per {d} as part of the whole",
    "percentage of {m} by {d}", "percent of total {m} per {d}", "what percentage of {m} does each {d} make up", "{m} by {d} in percent of the total",
    "how much of the {m} does each {d} contribute, in percent", "contribution of each {d} to {m}", "distribution of {m} over {p} in percent",
    "what fraction of {m} falls on each {d}", "how {m} splits between {p}, in percent", "each {d}'s share of {m}", "relative {m} by {d}",
    "what share of {m} does every {d} have", "{m} by {d}, as percentages", "proportion of {m} for each {d}",
)  # fmt: skip
_SHARE_WITHIN = (
    "share of {m} by {e} within each {d}", "for each {d}, share of {m} by {e}", "{m} by {d} and {e}, as a share of each {d}",
    "percentage of {m} per {e} inside every {d}", "within each {d}, what percentage of {m} goes to each {e}", "{e} mix of {m} for each {d}, in percent",
)  # fmt: skip
_SHARE_EVERY = (
    "share of {m} by {d}{e}",
    "percentage of {m} per {d}{e}",
    "how the {d} mix of {m} changes{e}, in percent",
    "each {d}'s share of {m}{e}",
)
_RANK = (
    "rank {p} by {m}", "rank the {p} by {m}", "ranking of {p} by {m}", "rank each {d} by {m}", "rank of each {d} by {m}", "{d} ranking by {m}",
    "position of each {d} in terms of {m}", "how does each {d} rank by {m}", "where does each {d} stand by {m}", "{p} and their rank by {m}",
    "number the {p} by {m}", "what is the rank of every {d} in {m}",
)  # fmt: skip
_RANK_WITHIN = (
    "rank {q} by {m} within each {d}",
    "for each {d}, rank {q} by {m}",
    "ranking of {q} by {m} in every {d}",
    "rank of each {e} by {m} inside its {d}",
)
_RANK_WITH = (
    " with {m}",
    " with {m}",
    ": {d}, {m}, rank",
    ": {d}, {m} and rank",
    ", showing {m} too",
    " - {d}, {m} and position",
    ". Show {m} as well",
)
_FROM_LEAST = (", lowest first", " from the lowest", ", smallest is first", " in ascending order")
_OVERALL = (
    "{m} by {d} and over all", "{m} by {d} next to the overall {m}", "{m} per {d} compared with the overall {m}", "{m} by {d} beside that of all {p}",
    "{m} for each {d}, with the overall figure", "{m} by {d} against the overall value", "compare {m} of each {d} with the overall {m}",
)  # fmt: skip
_OVERALL_OF = ("count", "sum", "avg", "min", "max")


def share(pieces: Pieces) -> Plan:
    """Of the total, of each group of another category, or of each period."""
    keys, m, table = _drawn(pieces)
    if not keys or not m.additive:
        return by_dimension(pieces)
    rng = pieces.rng
    dates = pieces.profile.dates(table)
    if dates and rng.random() < 0.15:
        grain: Any = rng.choice(("month", "quarter", "year"))
        bucket = TimeBucket(grain=grain, of=dates[0].col)
        text = _said(pieces, _SHARE_EVERY, m, keys[:1], e=rng.choice(phrases.EVERY[grain]))
        return _plan(pieces, (bucket, keys[0].col, Share(of=m.node, within=(bucket,))), text, table)
    if len(keys) == 2 and rng.random() < 0.4:
        text = _said(pieces, _SHARE_WITHIN, m, keys)
        return _plan(pieces, (keys[0].col, keys[1].col, Share(of=m.node, within=(keys[0].col,))), text, table)
    return _plan(pieces, (keys[0].col, Share(of=m.node)), _said(pieces, _SHARE, m, keys), table, keys=1)


def rank(pieces: Pieces) -> Plan:
    """Among all groups, or among those of another category."""
    keys, m, table = _drawn(pieces)
    if not keys:
        return by_dimension(pieces)
    rng = pieces.rng
    up = rng.random() < 0.12
    more, order = (rng.choice(_FROM_LEAST), "asc") if up else ("", "desc")
    if len(keys) == 2 and rng.random() < 0.4:
        node = Rank(method="rank", of=m.node, within=(keys[0].col,), order=order)
        return _plan(pieces, (keys[0].col, keys[1].col, node), _said(pieces, _RANK_WITHIN, m, keys) + more, table)
    shown = (m.node,) if rng.random() < 0.4 else ()
    with_value = _said(pieces, _RANK_WITH, m, keys) if shown else ""
    outputs = (keys[0].col, *shown, Rank(method="rank", of=m.node, order=order))
    return _plan(pieces, outputs, _said(pieces, _RANK, m, keys) + more, table, behind=with_value)


def beside_all(pieces: Pieces) -> Plan:
    """The measure of each group and over all rows."""
    keys, m, table = _drawn(pieces)
    if not keys or not (isinstance(m.node, Aggregate) and m.node.fn in _OVERALL_OF):
        return by_dimension(pieces)
    return _plan(pieces, (keys[0].col, m.node, Overall(of=m.node)), _said(pieces, _OVERALL, m, keys), table)


def _drawn(pieces: Pieces) -> tuple[list[Dimension], Measured, str]:
    """Two categories where there are two, one or none."""
    table = pieces.table()
    dims = pieces.profile.categories(table)
    keys = [pieces.dimension(dims)] if dims else []
    others = [d for d in dims if d.column != keys[0].column]
    keys += [pieces.dimension(others)] if others else []
    return keys, pieces.measure(table), table


def _said(pieces: Pieces, forms: tuple[str, ...], m: Measured, keys: list[Dimension], **more: str) -> str:
    names = [pieces.by_phrase(key) for key in keys]
    words = {"m": m.words, "d": names[0][0], "p": names[0][1]}
    words |= {"e": names[1][0], "q": names[1][1]} if len(names) == 2 else {}
    return pick(pieces.rng, forms, **(words | more))


def _plan(pieces: Pieces, outputs: tuple[Any, ...], text: str, table: str, keys: int = 0, behind: str = "") -> Plan:
    """behind: words after the conditions."""
    avoid = tuple(getattr(output, "column", "") for output in outputs)
    found = pieces.conditions(table, 1, avoid)
    return Plan(Select(outputs=outputs, where=pieces.where(found)), text + pieces.said(found) + behind, "window", keys=keys)
