"""Shares, ratios of totals, and averages made of totals."""

from __future__ import annotations

from microgt.data.generator import phrases
from microgt.data.generator.filters import Filter
from microgt.data.generator.kinds.groups import by_dimension
from microgt.data.generator.phrases import pick
from microgt.data.generator.pieces import Pieces, Plan
from microgt.data.generator.profile import Dimension, singular
from microgt.schema.types import Column
from microgt.spec.types import Aggregate, Col, Compare, Ratio, Rows, Select, TimeBucket, Value


def ratio(pieces: Pieces) -> Plan:
    """The share of rows that fulfil a condition, one total over another, or an average made of totals."""
    table, rng, filters = pieces.table(), pieces.rng, pieces.filters
    values = filters.values
    condition = rng.choice((values.text, values.text, values.text, filters.numbers.number, values.missing, values.flag))(table)
    dims = pieces.profile.categories(table)
    noun = rng.choice(pieces.profile.table_names(table))
    numeric = pieces.profile.numeric(table)
    rows = Aggregate(fn="count", of=Rows(table=table))
    avoid: tuple[str, ...] = ()
    roll = rng.random()
    if condition and (roll < 0.75 or not numeric):
        node, text = _share_of_total(pieces, numeric, condition) if numeric and roll < 0.2 else _share(pieces, rows, noun, condition)
        avoid = (condition.column,)
    elif not numeric:
        return by_dimension(pieces)
    elif rng.random() < 0.4 and (found := _per_parent(pieces, table, numeric)):
        node, text = found
    elif len(numeric) >= 2 and rng.random() < 0.5:
        node, text = _of_totals(pieces, numeric)
    else:
        node, text = _per_row(pieces, rows, noun, numeric)
    dates = pieces.profile.dates(table)
    if dates and rng.random() < 0.15:
        grain = rng.choice(("month", "quarter", "year"))
        text += rng.choice(("", ",")) + rng.choice(phrases.EVERY[grain])
        query = Select(outputs=(TimeBucket(grain=grain, of=dates[0].col), node))
        return Plan(query, text, "ratio", time=True, keys=1)
    keys: tuple[Dimension, ...] = ()
    if dims and rng.random() < 0.55:
        keys = (pieces.dimension([d for d in dims if d.column.id not in avoid] or dims),)
        name, many = pieces.by_phrase(keys[0])
        text += pick(rng, phrases.BY, d=name, p=many)
    found = pieces.conditions(table, 1, (*avoid, *(k.column.id for k in keys)), alone=not avoid)
    query = Select(outputs=(*(k.col for k in keys), node), where=pieces.where(found))
    return Plan(query, text + pieces.said(found), "ratio", keys=len(keys))


def _share(pieces: Pieces, rows: Aggregate, noun: str, condition: Filter) -> tuple[Ratio, str]:
    """The rows that fulfil the condition over all rows."""
    forms = (
        "share of {t} {f}",
        "percentage of {t} {f}",
        "what fraction of {t} {f}",
        "percent of {t} {f}",
        "proportion of {t} {f}",
        "what share of {t} are {f}",
        "rate of {t} {f}",
        "what percentage of {t} {f}",
        "what percent of {t} is {f}",
        "how many {t} {f} in percent",
        "what share of the {t} is {f}",
    )
    node = Ratio(numerator=rows.model_copy(update={"where": condition.node}), denominator=rows)
    value = condition.node.right.value if isinstance(condition.node, Compare) and isinstance(condition.node.right, Value) else None
    if isinstance(value, str) and pieces.rng.random() < 0.5:
        return node, _rate(pieces, noun, value)
    return node, pick(pieces.rng, forms, t=noun, f=condition.words)


def _share_of_total(pieces: Pieces, numeric: list[Column], condition: Filter) -> tuple[Ratio, str]:
    """The part of a total that fulfils the condition."""
    column = pieces.column(numeric)
    total = Aggregate(fn="sum", of=Col(column=column.id))
    forms = (
        "share of {m} {f}",
        "percentage of {m} {f}",
        "what share of {m} comes {f}",
        "what percentage of {m} is {f}",
        "share of total {m} {f}",
        "part of the {m} {f}",
        "what fraction of {m} is {f}",
    )
    name = pieces.rng.choice(pieces.profile.column_names(column))
    node = Ratio(numerator=total.model_copy(update={"where": condition.node}), denominator=total)
    return node, pick(pieces.rng, forms, m=name, f=condition.words)


def _rate(pieces: Pieces, noun: str, value: str) -> str:
    """The share of the rows that have a value, said with the value alone."""
    forms = ["share of {v} {t}", "percentage of {v} {t}", "{v} share of {t}", "what share of {t} is {v}", "rate of {v} {t}", "{v} {s} rate"]
    said = value.lower() if pieces.rng.random() < 0.6 else value
    nominal = phrases.NOMINAL.get(value.lower())
    if nominal:
        forms += ["{n} rate", "{s} {n} rate", "{n} rate of {t}", "{n} rate"]
    return pick(pieces.rng, forms, v=said, t=noun, s=singular(noun), n=nominal or "")


def _of_totals(pieces: Pieces, numeric: list[Column]) -> tuple[Ratio, str]:
    """The total of one column over the total of another."""
    rng = pieces.rng
    a, b = rng.sample(numeric, 2)
    node = Ratio(numerator=Aggregate(fn="sum", of=Col(column=a.id)), denominator=Aggregate(fn="sum", of=Col(column=b.id)))
    first, second = (rng.choice(pieces.profile.column_names(c)) for c in (a, b))
    forms = (
        "ratio of {a} to {b}",
        "{a} per {b}",
        "{a} as a share of {b}",
        "{a} to {b} ratio",
        "total {a} divided by total {b}",
        "ratio of total {a} to total {b}",
        "{a} over {b}",
        "{a} relative to {b}",
    )
    return node, pick(rng, forms, a=first, b=second)


def _per_parent(pieces: Pieces, table: str, numeric: list[Column]) -> tuple[Ratio, str] | None:
    """The total over the number of what the rows belong to: revenue per order, where an order has several items."""
    rng, parents = pieces.rng, [parent for parent, via in pieces.profile.parents(table, depth=1) if not via]
    if not parents:
        return None
    parent, m = rng.choice(parents), pieces.product(table) if rng.random() < 0.5 else None
    if m is None or not isinstance(m.node, Aggregate):
        column = pieces.column(numeric)
        total, name = Aggregate(fn="sum", of=Col(column=column.id)), rng.choice(pieces.profile.column_names(column))
    else:
        total, name = m.node, m.words
    noun = rng.choice(pieces.profile.table_names(parent))
    forms = (
        "{a} per {t}",
        "{a} per {t}",
        "average {a} per {t}",
        "total {a} per {t}",
        "{a} divided by the number of {p}",
        "how much {a} per {t}",
    )
    node = Ratio(numerator=total, denominator=Aggregate(fn="count", of=Rows(table=parent)))
    return node, pick(rng, forms, a=name, t=singular(noun), p=noun)


def _per_row(pieces: Pieces, rows: Aggregate, noun: str, numeric: list[Column]) -> tuple[Ratio, str]:
    """The total of a column over the number of rows."""
    column = pieces.column(numeric)
    node = Ratio(numerator=Aggregate(fn="sum", of=Col(column=column.id)), denominator=rows)
    name = pieces.rng.choice(pieces.profile.column_names(column))
    forms = ("{a} per {t}", "total {a} per {t}", "{a} divided by number of {p}", "{a} for each single {t}")
    return node, pick(pieces.rng, forms, a=name, t=singular(noun), p=noun)
