"""The first few of each group, and the first few with the rest as one row."""

from __future__ import annotations

from typing import Any

from microgt.data.generator import phrases
from microgt.data.generator.kinds.ranked import top
from microgt.data.generator.phrases import pick, small_number
from microgt.data.generator.pieces import Pieces, Plan
from microgt.data.generator.profile import plural, singular
from microgt.spec.types import Limit, Ref, Select, Sort, TimeBucket, Value

_IN_EACH = (
    "top {k} {p} by {m} in each {d}", "top {k} {p} by {m} per {d}", "for each {d}, the top {k} {p} by {m}", "the {k} {p} with the highest {m} in every {d}",
    "for every {d} the {k} {p} with the most {m}", "{k} best {p} of each {d} by {m}", "within each {d}, the {k} leading {p} by {m}",
    "which {k} {p} lead each {d} in {m}", "{k} largest {p} by {m} for each {d}",
)  # fmt: skip
_ONE_IN_EACH = (
    "best {n} by {m} in each {d}", "the {n} with the highest {m} in each {d}", "for each {d}, which {n} has the most {m}",
    "top {n} by {m} per {d}", "which {n} leads every {d} in {m}", "leading {n} of each {d} by {m}",
)  # fmt: skip
_NAMES_ALONE = (
    "; {d} and {n} only",
    ", just {d} and {n}",
    ". {d} and {n} are enough",
    ": {d} and {n}",
    ", without the numbers",
    " - {d}, {n}",
)
_LATEST = (
    "the {w} {t} of each {d}", "for each {d}, the {w} {t}", "{w} {t} of every {d}", "for every {d} the {w} {t}", "each {d}'s {w} {t}",
    "{w} {t} per {d}", "what was the {w} {t} of each {d}", "per {d}, its {w} {t}", "for each {d} the {w} of its {p}",
)  # fmt: skip
_LEAST_IN_EACH = (
    "bottom {k} {p} by {m} in each {d}", "for each {d}, the {k} {p} with the lowest {m}", "the {k} worst {p} of every {d} by {m}",
    "{k} smallest {p} by {m} per {d}",
)  # fmt: skip
_REST = (
    "top {k} {p} by {m} and the rest as other", "top {k} {p} by {m}, all others together", "{k} largest {p} by {m}, others in one row",
    "top {k} {p} by {m} plus other", "the {k} biggest {p} by {m} and everything else grouped", "{m} of the top {k} {p}, the remaining ones summed up",
    "top {k} {p} by {m} with an other row",
)  # fmt: skip


def first_of_each(pieces: Pieces) -> Plan:
    """The n groups with the most or the least of a measure, for each value of another category or each period."""
    table, rng = pieces.table(), pieces.rng
    dims = pieces.profile.categories(table)
    columns = {d.column.id for d in dims}
    if len(columns) < 2:
        return top(pieces)
    inner = pieces.dimension(dims)
    outer = pieces.dimension([d for d in dims if d.column != inner.column])
    dates = pieces.profile.dates(table)
    name, _ = pieces.by_phrase(outer)
    key: Any = outer.col
    if dates and rng.random() < 0.25:
        name = rng.choice(("month", "quarter", "year"))
        key = TimeBucket(grain=name, of=dates[0].col)
    m, best = pieces.measure(table), rng.random() < 0.8
    n = rng.choice((1, 2, 3, 3, 5, 10)) if best else rng.choice((2, 3, 5))
    forms = (_ONE_IN_EACH if n == 1 else _IN_EACH) if best else _LEAST_IN_EACH
    one, many = pieces.by_phrase(inner)
    found = pieces.conditions(table, 1, (inner.column.id, outer.column.id))
    text = pick(rng, forms, k=small_number(rng, n), n=one, p=many, m=m.words, d=name) + pieces.said(found)
    alone = rng.random() < 0.25
    text += pick(rng, _NAMES_ALONE, d=name, n=one) if alone else ""
    query = Select(
        outputs=(key, inner.col) if alone else (key, inner.col, m.node),
        where=pieces.where(found),
        sort=(Sort(direction="desc" if best else "asc", by=m.node if alone else Ref(output=2)),),
        limit=Limit(n=Value(value=n), per=(key,)),
    )
    return Plan(query, text, "top-n", question=text.startswith("which "))


def latest_of_each(pieces: Pieces) -> Plan:
    """The row with the latest or the earliest date for each of what rows belong to, with several of its columns."""
    table, rng = pieces.table(), pieces.rng
    profile = pieces.profile
    dates = [d for d in profile.dates(table) if d.column.table == table]
    outer = [d for d in profile.dimensions(table) if d.column.table != table and d.column == profile.label(d.column.table)]
    own = [d for d in profile.dimensions(table) if d.column.table == table and d not in dates]
    if not dates or not outer or not own:
        return first_of_each(pieces)
    date, of = rng.choice(dates), rng.choice(outer)
    columns = [*pieces.some_of(own, 1, 1, 2), *([date] if rng.random() < 0.6 else [])]
    latest = rng.random() < 0.8
    found = pieces.conditions(table, 1, (date.column.id, of.column.id, *(d.column.id for d in columns)))
    name, _ = pieces.by_phrase(of)
    w = rng.choice(("latest", "most recent", "last", "newest") if latest else ("first", "earliest", "oldest"))
    row = singular(pieces.attributive(found, rng.choice(profile.table_names(table)), table))
    text = pick(rng, _LATEST, w=w, t=row, p=plural(row), d=name) + pieces.said(found)
    text += f" by {rng.choice(date.names)}" if date != dates[0] else ""
    text += pieces.wanted(columns, name)
    query = Select(
        outputs=(of.col, *(d.col for d in columns)),
        where=pieces.where(found),
        sort=(Sort(direction="desc" if latest else "asc", by=date.col),),
        limit=Limit(n=Value(value=1), per=(of.col,)),
    )
    return Plan(query, text, "top-n", question=text.startswith("what "))


def with_the_rest(pieces: Pieces) -> Plan:
    """The n groups with the most of a total, and what is left as one."""
    table, rng = pieces.table(), pieces.rng
    dims = [d for d in pieces.profile.categories(table) if len(pieces.profile.schema.values.get(d.column.id, "abcd")) > 3]
    m = pieces.measure(table)
    if not dims or not m.additive:
        return top(pieces)
    dim, n = pieces.dimension(dims), rng.choice((3, 4, 5, 5, 8, 10))
    _, many = pieces.by_phrase(dim)
    text = pick(rng, _REST, k=phrases.small_number(rng, n), p=many, m=m.words)
    limit = Limit(n=Value(value=n), other=True)
    query = Select(outputs=(dim.col, m.node), sort=(Sort(direction="desc", by=Ref(output=1)),), limit=limit)
    return Plan(query, text, "top-n", keys=1)
