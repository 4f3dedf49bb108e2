"""A measure through time, and the period with the most of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from microgt.data.generator import phrases
from microgt.data.generator.kinds.groups import by_dimension
from microgt.data.generator.kinds.ranked import top
from microgt.data.generator.phrases import pick
from microgt.data.generator.pieces import Pieces, Plan
from microgt.spec.types import Absolute, Aggregate, DatePart, InPeriod, Limit, Select, Sort, TimeBucket, Value

_PARTS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (
        "weekday",
        (
            "by weekday",
            "per weekday",
            "by day of the week",
            "for each day of the week",
            "across weekdays",
            "on each weekday",
            "for each weekday",
        ),
    ),
    ("hour", ("by hour", "by hour of the day", "per hour of day", "for each hour of the day", "at each hour", "by hour of day")),
    (
        "month",
        ("by calendar month", "by month of the year", "per calendar month", "for each month of the year", "by month, all years together"),
    ),
)
# In which column the period is, where that is said.
_OF = (" of {d}", " of {d}", " of the {d}", ", {d} binned by {g}", ", binning {d} by {g}", ", bin the {d} by {g}", " by {d}")
_HAPPENED = ("{m} {b}", "{m} that were {b}", "{m} that {b}", "{m} we {b}", "{m} that got {b}")
_SPLIT = (" by {d}", " and {d}", " for each {d}", " per {d}", " split by {d}", " and by {d}", " for every {d}", ", {p} apart")
# These ask for a chart.
_LINES = (
    ", one line for each {d}",
    " with a line per {d}",
    ", a line for every {d}",
    " as a line, one per {d}",
    " as lines, {d} by {d}",
    " as a line chart with one line per {d}",
)


def over_time(pieces: Pieces) -> Plan:
    """A measure by period, perhaps split by a category."""
    table = pieces.table()
    dates = pieces.profile.dates(table)
    if not dates:
        return by_dimension(pieces)
    rng, grain = pieces.rng, pieces.rng.choices(("month", "quarter", "year", "week", "day"), (6, 2, 3, 1, 1.5))[0]
    unsaid = rng.random() < 0.3  # in which of several dates the period is: then it is the first
    date = dates[0] if unsaid else rng.choice(dates)
    outputs: tuple = (TimeBucket(grain=grain, of=date.col),)
    split = mark = ""
    dims = pieces.profile.categories(table)
    if rng.random() < 0.25 and dims:
        dim = pieces.dimension(dims)
        outputs += (dim.col,)
        name, many = pieces.by_phrase(dim)
        mark = "line" if rng.random() < 0.25 else ""
        split = pick(rng, _LINES if mark else _SPLIT, d=name, p=many)
    found = pieces.conditions(table, 2, tuple(o.column for o in outputs[1:]))
    m = pieces.measure(table, found)
    named = pick(rng, _OF, d=rng.choice(date.names), g=grain) if (len(dates) > 1 and not unsaid) or rng.random() < 0.1 else ""
    verbs = pieces.profile.verbs(date.column, table)
    if verbs and isinstance(m.node, Aggregate) and m.node.fn == "count" and rng.random() < 0.6:
        m, named = replace(m, words=pick(rng, _HAPPENED, m=m.words, b=rng.choice(verbs))), ""
    said = pieces.said(found)
    if rng.random() < 0.3 and not named:
        text = phrases.FRONT_EVERY[grain].format(m=m.words) + split + said
    else:
        every = rng.choice(phrases.EVERY[grain]) + named + split
        text = m.words + (every + said if rng.random() < 0.6 else said + every)
        if not split and rng.random() < 0.2:
            text = pick(rng, phrases.TRENDS, m=m.words, e=every) + said
    query = Select(outputs=(*outputs, m.node), where=pieces.where(found))
    return Plan(query, text, "over time", time=True, keys=len(outputs), mark=mark)


def by_part(pieces: Pieces) -> Plan:
    """A measure by weekday, by hour of the day or by month of the year, now and then by two of them."""
    table, rng = pieces.table(), pieces.rng
    dates = pieces.profile.dates(table)
    if not dates:
        return by_dimension(pieces)
    date = rng.choice(dates)
    fitting = [(part, names) for part, names in _PARTS if part != "hour" or date.column.id not in pieces.profile.schema.days]
    part, names = rng.choice(fitting)
    found = pieces.conditions(table, 2)
    m = pieces.measure(table, found)
    text = m.words + pieces.said(found) + " " + rng.choice(names)
    parts: list[Any] = [part]
    if len(dates) > 1 or rng.random() < 0.1:
        text += pick(rng, _OF, d=rng.choice(date.names), g=part)
    elif rng.random() < 0.2:
        other, names = rng.choice([p for p in fitting if p[0] != part])
        text, parts = text + " and " + rng.choice(names).partition(" ")[2], [part, other]
    query = Select(outputs=(*(DatePart(part=p, of=date.col) for p in parts), m.node), where=pieces.where(found))
    return Plan(query, text, "over time", keys=len(parts))


def years_compared(pieces: Pieces) -> Plan:
    """A measure in a year and in the next."""
    table, rng = pieces.table(), pieces.rng
    dates = pieces.profile.dates(table)
    if not dates:
        return by_dimension(pieces)
    date = dates[0]
    first, last = (int(day[:4]) for day in pieces.profile.schema.ranges.get(date.column.id, ("2022-01-01", "2024-12-31")))
    year = rng.randint(first, max(first, last - 1))
    m = pieces.measure(table)
    forms = (
        "{m} {a} vs {b}",
        "{m} {a} versus {b}",
        "{m} in {a} compared to {b}",
        "compare {m} in {a} and {b}",
        "compare {m} of {a} and {b}",
        "{m} for {a} and {b}, by year",
        "{a} vs {b}: {m}",
        "how does {m} compare between {a} and {b}",
    )
    text = pick(rng, forms, m=m.words, a=str(year), b=str(year + 1))
    period = Absolute(start=Value(value=str(year)), end=Value(value=str(year + 1)))
    query = Select(outputs=(TimeBucket(grain="year", of=date.col), m.node), where=InPeriod(of=date.col, period=period))
    return Plan(query, text, "comparison", time=True, keys=1)


def best_period(pieces: Pieces) -> Plan:
    """The month (year, day) with the most or least of a measure."""
    table, rng = pieces.table(), pieces.rng
    dates = pieces.profile.dates(table)
    if not dates:
        return top(pieces)
    grain = rng.choice(("month", "month", "year", "quarter", "day", "week"))
    m, best = pieces.measure(table), rng.random() < 0.8
    sort = Sort(direction="desc" if best else "asc", by=m.node)
    w = rng.choice(("highest", "most", "largest") if best else ("lowest", "fewest", "smallest"))
    text = pick(
        rng,
        (
            "which {g} had the {w} {m}",
            "{g} with the {w} {m}",
            "{b} {g} by {m}",
            "what was the {b} {g} for {m}",
            "in which {g} was {m} {w}",
            "{b} {g} ever by {m}",
        ),
        g=grain,
        w=w,
        m=m.words,
        b="best" if best else "worst",
    )
    query = Select(outputs=(TimeBucket(grain=grain, of=dates[0].col),), sort=(sort,), limit=Limit(n=Value(value=1)))
    return Plan(query, text, "top-n", question=True)
