"""The time from one date of a row to another: how long it took, what took longest, what was done within so many days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from microgt.data.generator import phrases
from microgt.data.generator.filters import Filter
from microgt.data.generator.kinds.rows import rows
from microgt.data.generator.kinds.values import value
from microgt.data.generator.participles import can_be, noun_of
from microgt.data.generator.phrases import pick, small_number
from microgt.data.generator.pieces import Measured, Pieces, Plan
from microgt.data.generator.profile import Dimension, singular
from microgt.schema.types import ColumnType
from microgt.spec.types import Aggregate, Compare, DateDiff, Limit, Ratio, Rows, Select, Sort, TimeBucket, Value

# f: average, longest; q: average, highest; a, b: the two dates; v: what is done on the second; n: the noun of that.
_HOW_LONG = (
    "{q} number of {u}s from {a} to {b}", "{q} number of {u}s between {a} and {b}", "{f} time from {a} to {b} in {u}s", "{f} time between {a} and {b}, in {u}s",
    "{q} number of {u}s from {a} until {b}", "{f} duration from {a} to {b} in {u}s", "{f} time in {u}s it takes from {a} to {b}",
)  # fmt: skip
_UNTIL = (
    "{q} number of {u}s until {t} are {v}", "{q} number of {u}s before {t} are {v}", "{f} time until a {s} is {v}, in {u}s",
    "{q} number of {u}s {t} wait until they are {v}", "{q} number of {u}s it takes for a {s} to be {v}",
)  # fmt: skip
_NAMED = ("{f} {n} time in {u}s", "{f} {n} time of {t} in {u}s", "{f} {n} time of a {s}, in {u}s", "{f} {n} time, in {u}s")
_ON_AVERAGE = (
    "how many {u}s does it take on average from {a} to {b}", "how many {u}s pass on average between {a} and {b}",
    "on average how many {u}s lie between {a} and {b}", "how long in {u}s does it take on average from {a} to {b}",
)  # fmt: skip
_TIMES = {"avg": ("average", "mean", "typical"), "max": ("longest", "maximum"), "min": ("shortest", "minimum"), "median": ("median",)}
_COUNTS = {
    "avg": ("average", "mean"),
    "max": ("highest", "largest", "maximum"),
    "min": ("lowest", "smallest", "minimum"),
    "median": ("median",),
}
_TOOK = {
    "le": ("with {b} within {n} {u} of {a}", "that took at most {n} {u} from {a} to {b}", "with {n} {u} or less between {a} and {b}"),
    "lt": ("that took less than {n} {u} from {a} to {b}", "with fewer than {n} {u} between {a} and {b}"),
    "gt": ("that took more than {n} {u} from {a} to {b}", "with over {n} {u} between {a} and {b}", "that took longer than {n} {u} from {a} to {b}"),
    "ge": ("that took {n} {u} or more from {a} to {b}", "that took at least {n} {u} from {a} to {b}"),
}  # fmt: skip
_DONE = {
    "le": ("{v} within {n} {u} of {a}", "{v} no later than {n} {u} after {a}", "{v} at most {n} {u} after {a}"),
    "lt": ("{v} less than {n} {u} after {a}",),
    "gt": ("{v} more than {n} {u} after {a}", "{v} over {n} {u} after {a}", "{v} later than {n} {u} after {a}"),
    "ge": ("{v} at least {n} {u} after {a}",),
}
_EXTREME = (
    "{k}{t} that took the {w} from {a} to {b}", "the {k}{t} with the {w} time from {a} to {b}", "{k}{t} with the {w} time between {a} and {b}",
    "which {k}{t} took the {w} from {a} to {b}",
)  # fmt: skip
_EXTREME_UNTIL = ("which {k}{t} took the {w} to be {v}", "the {k}{t} that took the {w} to be {v}", "{k}{t} that waited the {w} to be {v}")
_PARTS = ("percentage of {t} {c}", "fraction of {t} {c}", "percent of {t} {c}", "what share of {t} {d}", "what percentage of {t} {d}")
_NUMBERS = {"hour": (1, 2, 4, 6, 8, 12, 24, 36, 48, 72), "day": (1, 2, 3, 5, 7, 10, 14, 20, 30, 45, 60, 90)}
# Whole hours are counted, as far as they are past: less than 3 of them are over within 3 hours, 3 when it took more than 3.
_OF_HOURS = {"le": "lt", "lt": "lt", "gt": "ge", "ge": "ge"}


@dataclass(frozen=True)
class _Span:
    """From one date to a later one. first, last: their names. done: what is done then, noun: of that, as far as it is known. whole: whether it
    starts with the first of the row's dates, so that this need not be said."""

    unit: Any
    start: Dimension
    end: Dimension
    first: str
    last: str
    done: str
    noun: str
    whole: bool

    @property
    def table(self) -> str:
        """Whose dates they are."""
        return self.start.column.table

    @property
    def node(self) -> DateDiff:
        """Its length."""
        return DateDiff(unit=self.unit, start=self.start.col, end=self.end.col)

    @property
    def dates(self) -> tuple[str, str]:
        """The ids of the two columns."""
        return self.start.column.id, self.end.column.id


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
        named = "" if span.start == pieces.profile.dates(span.table)[0] else f" of {rng.choice(span.start.names)}"
        keys, by, bucket = (TimeBucket(grain=grain, of=span.start.col),), rng.choice(phrases.EVERY[grain]) + named, True
    found = pieces.conditions(span.table, 2, (*span.dates, *(getattr(k, "column", "") for k in keys)))
    query = Select(outputs=(*keys, m.node), where=pieces.where(found))
    text = m.words + by + pieces.said(found)
    return Plan(query, text, "over time" if bucket else "by dimension" if keys else "single value", time=bucket, keys=len(keys))


def longest(pieces: Pieces) -> Plan:
    """The rows that took longest, or shortest."""
    span = _span(pieces, exact=True)
    own = _own(pieces, span) if span else []
    if span is None or not own:
        return rows(pieces)
    rng, down, n = pieces.rng, pieces.rng.random() < 0.75, pieces.rng.choice((1, 3, 3, 5, 10))
    columns = pieces.some_of(own, 1, 2, 2, 3)
    found = pieces.conditions(span.table, 1, span.dates)
    noun = pieces.attributive(found, rng.choice(pieces.profile.table_names(span.table)), span.table)
    words = {
        "k": "" if n == 1 else small_number(rng, n) + " ",
        "t": singular(noun) if n == 1 else noun,
        "w": "longest" if down else "shortest",
    }
    forms = (*_EXTREME, *(_EXTREME_UNTIL if span.whole and can_be(span.done or "due") else ()))
    text = pick(rng, forms, a=span.first, b=span.last, v=span.done, **words) + pieces.said(found) + pieces.wanted(columns)
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
    found = pieces.conditions(span.table, 1, span.dates, alone=False)
    count, chance = Aggregate(fn="count", of=Rows(table=span.table)), rng.random()
    if chance < 0.35:
        part = Ratio(numerator=count.model_copy(update={"where": one.node}), denominator=count)
        text = pick(rng, _PARTS, t=noun, c=one.words, d=_as_verb(one.words)) + pieces.said(found)
        return Plan(Select(outputs=(part,), where=pieces.where(found)), text, "ratio", question=text.startswith("what"))
    conditions = [*found, one] if rng.random() < 0.5 else [one, *found]
    noun = pieces.attributive(conditions, noun, span.table)
    if chance < 0.7:
        text = pick(rng, phrases.COUNTED, t=noun, f=pieces.said(conditions).strip())
        return Plan(Select(outputs=(count,), where=pieces.where(conditions)), text, "single value", question=True)
    columns = pieces.some_of(_own(pieces, span), 1, 2, 2, 3)
    if not columns:
        return rows(pieces)
    text = noun + pieces.said(conditions) + pieces.wanted(columns)
    return Plan(Select(outputs=tuple(d.col for d in columns), where=pieces.where(conditions)), text, "filter")


def _span(pieces: Pieces, *, exact: bool = False) -> _Span | None:
    """Two dates of a table, in their order by the values that they have; None where no table has two. exact: by hours where it can be."""
    profile, rng, ranges = pieces.profile, pieces.rng, pieces.profile.schema.ranges
    dated = {t: [d for d in profile.dates(t) if d.column.table == t and d.column.id in ranges] for t in pieces.weights}
    tables = [t for t, dates in dated.items() if len(dates) > 1]
    if not tables:
        return None
    table = rng.choice(tables)
    dates = sorted(dated[table], key=lambda d: ranges[d.column.id])
    start, end = sorted(rng.sample(dates, 2), key=dates.index)
    timed = all(d.column.type is ColumnType.TIME and d.column.id not in profile.schema.days for d in (start, end))
    unit = "hour" if timed and (exact or rng.random() < 0.5) else "day"
    first, last = (_name(pieces, d, table) for d in (start, end))
    verbs = profile.verbs(end.column, table)
    done = rng.choice(verbs) if verbs else ""
    return _Span(unit, start, end, first, last, done, noun_of(done), start == dates[0] and "birth" not in start.column.words)


def _name(pieces: Pieces, date: Dimension, table: str) -> str:
    """What is done on a date, or its name."""
    verbs = [verb for verb in pieces.profile.verbs(date.column, table) if can_be(verb)]
    options = [name for verb in verbs for name in (f"being {verb}", noun_of(verb)) if name]
    return pieces.rng.choice(options) if options and pieces.rng.random() < 0.5 else pieces.rng.choice(date.names)


def _measure(pieces: Pieces, span: _Span) -> Measured:
    rng, fn = pieces.rng, pieces.rng.choices(("avg", "max", "min", "median"), (7, 1.5, 0.7, 0.7))[0]
    until = _UNTIL if span.done and can_be(span.done) else ()
    unsaid = (*until, *(_NAMED * 2 if span.noun else ())) if span.whole else ()
    forms = (*_HOW_LONG, *unsaid, *(_ON_AVERAGE if fn == "avg" else ()))
    noun = rng.choice(pieces.profile.table_names(span.table))
    words = {"t": noun, "s": singular(noun), "v": span.done, "n": span.noun, "u": span.unit}
    text = pick(rng, forms, f=rng.choice(_TIMES[fn]), q=rng.choice(_COUNTS[fn]), a=span.first, b=span.last, **words)
    return Measured(Aggregate(fn=fn, of=span.node), span.table, text, False)


def _condition(pieces: Pieces, span: _Span) -> Filter:
    """It took more or less than a number of days or hours."""
    rng, said = pieces.rng, pieces.rng.choices(("le", "lt", "gt", "ge"), (5, 1.5, 4, 1))[0]
    n = rng.choice(_NUMBERS[span.unit])
    forms = (*_TOOK[said], *(_DONE[said] * 2 if span.done else ()))
    words = {"n": small_number(rng, n), "u": span.unit if n == 1 else f"{span.unit}s"}
    text = pick(rng, forms, a=span.first, b=span.last, v=span.done, **words)
    op: Any = _OF_HOURS[said] if span.unit == "hour" else said
    return Filter(Compare(op=op, left=span.node, right=Value(value=n)), span.end.column.id, text, others=(span.start.column.id,))


def _as_verb(words: str) -> str:
    """Words that follow a noun as those that follow "which": took, had, were."""
    if words.startswith("that "):
        return words.removeprefix("that ")
    return f"had {words.removeprefix('with ')}" if words.startswith("with ") else f"were {words}"


def _own(pieces: Pieces, span: _Span) -> list[Dimension]:
    """The other columns of its table."""
    return [d for d in pieces.profile.dimensions(span.table) if d.column.table == span.table and d.column.id not in span.dates]
