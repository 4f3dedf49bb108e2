"""The time from one date of a row to another: how long it took, what took longest, what was done within so many days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from microgt.data.generator import phrases
from microgt.data.generator.filters import Filter
from microgt.data.generator.kinds.rows import rows
from microgt.data.generator.kinds.values import value
from microgt.data.generator.participles import noun_of
from microgt.data.generator.phrases import pick, small_number
from microgt.data.generator.pieces import Measured, Pieces, Plan
from microgt.data.generator.profile import Dimension, singular
from microgt.spec.types import Aggregate, Compare, DateDiff, Limit, Ratio, Rows, Select, Sort, TimeBucket, Value

_HOW_LONG = (
    "{f} number of {u}s from {a} to {b}", "{f} {u}s between {a} and {b}", "{f} time from {a} to {b} in {u}s", "{f} time between {a} and {b}, in {u}s",
    "{f} {u}s from {a} until {b}", "{f} duration from {a} to {b} in {u}s", "{f} {u}s it takes from {a} to {b}", "{a} to {b} time, {f} in {u}s",
)  # fmt: skip
_UNTIL = (
    "{f} {u}s until {t} are {v}", "{f} number of {u}s before {t} are {v}", "{f} time until a {s} is {v}, in {u}s", "{f} {u}s until {v} for {t}",
    "{f} {u}s {t} wait until they are {v}", "{f} {u}s it takes for a {s} to be {v}",
)  # fmt: skip
_NAMED = (
    "{f} {n} time in {u}s",
    "{f} {n} time of {t} in {u}s",
    "{f} {u}s of {n} time",
    "{f} {n} time, in {u}s",
    "{f} {t} {n} time in {u}s",
)
_ON_AVERAGE = (
    "how many {u}s does it take on average from {a} to {b}", "how many {u}s pass on average between {a} and {b}",
    "on average how many {u}s lie between {a} and {b}", "how long in {u}s does it take on average from {a} to {b}",
)  # fmt: skip
_FUNCTIONS = {
    "avg": ("average", "mean", "typical"),
    "max": ("longest", "maximum", "most"),
    "min": ("shortest", "fewest"),
    "median": ("median",),
}
_TOOK = {
    "le": ("{v} within {n} {u} of {a}", "with {b} within {n} {u} of {a}", "that took at most {n} {u} from {a} to {b}", "{v} no later than {n} {u} after {a}"),
    "lt": ("{v} less than {n} {u} after {a}", "that took less than {n} {u} from {a} to {b}", "with fewer than {n} {u} between {a} and {b}"),
    "gt": ("{v} more than {n} {u} after {a}", "that took more than {n} {u} from {a} to {b}", "with over {n} {u} between {a} and {b}", "that took longer than {n} {u} from {a} to {b}"),
    "ge": ("{v} at least {n} {u} after {a}", "that took {n} {u} or more from {a} to {b}"),
}  # fmt: skip
_EXTREME = (
    "{k}{t} that took {w} from {a} to {b}", "the {k}{t} with the {w} time from {a} to {b}", "{k}{t} with the {w} time between {a} and {b}",
    "which {k}{t} took {w} from {a} to {b}",
)  # fmt: skip
_EXTREME_UNTIL = ("which {k}{t} took {w} to be {v}", "the {k}{t} that took the {w} to be {v}", "{k}{t} that waited {w} to be {v}")
_SHOWN = (": {c}", " - {c}", ", with {c}", ", showing {c}", ". Show {c}", "? {c} please", ". I need {c}")
_PARTS = (
    "percentage of {t} {c}",
    "what share of {t} {were}{c}",
    "what percentage of {t} {were}{c}",
    "fraction of {t} {c}",
    "percent of {t} {c}",
)
_NUMBERS: dict[Any, tuple[int, ...]] = {
    "hour": (1, 2, 4, 6, 8, 12, 24, 36, 48, 72),
    "day": (1, 2, 3, 5, 7, 10, 14, 20, 30, 45, 60, 90),
    "week": (1, 2, 3, 4, 6, 8),
    "month": (1, 2, 3, 6, 12),
}


@dataclass(frozen=True)
class _Span:
    """From one date to a later one. first, last: their names. done: what happened then. noun: of the time until then. whole: whether it
    starts with the first of the row's dates, so that this need not be said."""

    table: str
    node: DateDiff
    start: Dimension
    end: Dimension
    first: str
    last: str
    done: str
    noun: str
    whole: bool

    @property
    def unit(self) -> Any:
        """Of its length."""
        return self.node.unit


def took(pieces: Pieces) -> Plan:
    """How long it took: over all, of each group or of each period."""
    span = _span(pieces)
    if span is None:
        return value(pieces)
    m, rng = _measure(pieces, span), pieces.rng
    dims, keys = pieces.profile.categories(span.table), ()
    by, bucket, chance = "", False, rng.random()
    if dims and chance < 0.5:
        dim = pieces.dimension(dims)
        name, many = pieces.by_phrase(dim)
        keys, by = (dim.col,), pick(rng, phrases.BY, d=name, p=many)
    elif chance < 0.65:
        grain: Any = rng.choice(("month", "month", "quarter", "year"))
        keys, by, bucket = (TimeBucket(grain=grain, of=span.start.col),), rng.choice(phrases.EVERY[grain]), True
    found = pieces.conditions(span.table, 2, (span.start.column.id, span.end.column.id, *(getattr(k, "column", "") for k in keys)))
    query = Select(outputs=(*keys, m.node), where=pieces.where(found))
    text = m.words + by + pieces.said(found)
    return Plan(query, text, "over time" if bucket else "by dimension" if keys else "single value", time=bucket, keys=len(keys))


def longest(pieces: Pieces) -> Plan:
    """The rows that took longest, or shortest."""
    span = _span(pieces)
    own = [d for d in pieces.profile.dimensions(span.table) if d.column.table == span.table] if span else []
    if span is None or not own:
        return rows(pieces)
    rng, down = pieces.rng, pieces.rng.random() < 0.75
    columns = rng.sample(own, min(rng.choice((1, 2, 2, 3)), len(own)))
    found = pieces.conditions(span.table, 1, (span.start.column.id, span.end.column.id))
    n = rng.choice((1, 3, 3, 5, 10))
    noun = pieces.attributive(found, rng.choice(pieces.profile.table_names(span.table)), span.table)
    words = {
        "k": "" if n == 1 else small_number(rng, n) + " ",
        "t": singular(noun) if n == 1 else noun,
        "w": "longest" if down else "shortest",
    }
    forms = (*_EXTREME, *(_EXTREME_UNTIL if span.whole else ()))
    text = pick(rng, forms, a=span.first, b=span.last, v=span.done, **words) + pieces.said(found)
    text += pick(rng, _SHOWN, c=phrases.listed([rng.choice(d.names) for d in columns], rng))
    sort = Sort(direction="desc" if down else "asc", by=span.node)
    query = Select(outputs=tuple(d.col for d in columns), where=pieces.where(found), sort=(sort,), limit=Limit(n=Value(value=n)))
    return Plan(query, text, "top-n", question=text.startswith("which "))


def within(pieces: Pieces) -> Plan:
    """What was done in so much time: how many, what part of all, or which."""
    span = _span(pieces)
    if span is None:
        return rows(pieces)
    rng, one = pieces.rng, _condition(pieces, span)
    noun = rng.choice(pieces.profile.table_names(span.table))
    found = pieces.conditions(span.table, 1, tuple(one.columns))
    count, chance = Aggregate(fn="count", of=Rows(table=span.table)), rng.random()
    if chance < 0.35:
        part = Ratio(numerator=count.model_copy(update={"where": one.node}), denominator=count)
        text = pick(rng, _PARTS, t=noun, c=one.words, were="" if one.words.startswith("that ") else "were ")
        query = Select(outputs=(part,), where=pieces.where(found))
        return Plan(query, text + pieces.said(found), "ratio", question=text.startswith("what"))
    conditions = [*found, one] if rng.random() < 0.5 else [one, *found]
    noun = pieces.attributive(conditions, noun, span.table)
    if chance < 0.7:
        text = pick(rng, phrases.COUNTED, t=noun, f=pieces.said(conditions).strip())
        return Plan(Select(outputs=(count,), where=pieces.where(conditions)), text, "single value", question=True)
    own = [d for d in pieces.profile.dimensions(span.table) if d.column.table == span.table and d.column.id not in one.columns]
    if not own:
        return rows(pieces)
    columns = rng.sample(own, min(rng.choice((1, 2, 2, 3)), len(own)))
    text = noun + pieces.said(conditions) + pick(rng, _SHOWN, c=phrases.listed([rng.choice(d.names) for d in columns], rng))
    return Plan(Select(outputs=tuple(d.col for d in columns), where=pieces.where(conditions)), text, "filter")


def _span(pieces: Pieces) -> _Span | None:
    """Two dates of a table, the one that begins earlier first; None where no table has two."""
    profile, rng = pieces.profile, pieces.rng
    dated = {t: [d for d in profile.dates(t) if d.column.table == t] for t in pieces.weights}
    tables = [t for t, dates in dated.items() if len(dates) > 1]
    if not tables:
        return None
    table = rng.choice(tables)
    dates = sorted(dated[table], key=lambda d: profile.schema.ranges.get(d.column.id, ("",))[0])
    start, end = sorted(rng.sample(dates, 2), key=dates.index)
    days = {start.column.id, end.column.id} & profile.schema.days
    unit: Any = rng.choices(("day", "week", "month"), (8, 1, 1.5))[0] if days else rng.choices(("day", "hour"), (1, 1))[0]
    node = DateDiff(unit=unit, start=start.col, end=end.col)
    first, last = (_name(pieces, d, table) for d in (start, end))
    verbs = profile.verbs(end.column, table)
    done = rng.choice(verbs) if verbs else f"past {last}"
    return _Span(table, node, start, end, first, last, done, noun_of(done) if verbs else "", start == dates[0])


def _name(pieces: Pieces, date: Dimension, table: str) -> str:
    """What happened on a date, or its name."""
    verbs = pieces.profile.verbs(date.column, table)
    options = [name for verb in verbs if verb != "due" for name in (f"being {verb}", noun_of(verb)) if name]
    return pieces.rng.choice(options) if options and pieces.rng.random() < 0.5 else pieces.rng.choice(date.names)


def _measure(pieces: Pieces, span: _Span) -> Measured:
    rng, fn = pieces.rng, pieces.rng.choices(("avg", "max", "min", "median"), (7, 1.5, 0.7, 0.7))[0]
    unsaid = (*_UNTIL, *(_NAMED * 2 if span.noun else ())) if span.whole else ()
    forms = (*_HOW_LONG, *unsaid, *(_ON_AVERAGE if fn == "avg" else ()))
    noun = rng.choice(pieces.profile.table_names(span.table))
    words = {"t": noun, "s": singular(noun), "v": span.done, "n": span.noun, "u": span.unit}
    text = pick(rng, forms, f=rng.choice(_FUNCTIONS[fn]), a=span.first, b=span.last, **words)
    return Measured(Aggregate(fn=fn, of=span.node), span.table, text, False)


def _condition(pieces: Pieces, span: _Span) -> Filter:
    """It took more or less than a number of units."""
    rng, op = pieces.rng, pieces.rng.choices(("le", "lt", "gt", "ge"), (5, 1.5, 4, 1))[0]
    n = rng.choice(_NUMBERS[span.unit])
    words = {"n": small_number(rng, n), "u": span.unit if n == 1 else f"{span.unit}s"}
    said = pick(rng, _TOOK[op], a=span.first, b=span.last, v=span.done, **words)
    return Filter(Compare(op=op, left=span.node, right=Value(value=n)), span.end.column.id, said, others=(span.start.column.id,))
