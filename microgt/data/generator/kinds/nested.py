"""A query inside a query, and conditions on groups."""

from __future__ import annotations

from microgt.data.generator import phrases
from microgt.data.generator.filters import Filter
from microgt.data.generator.kinds.groups import by_dimension
from microgt.data.generator.kinds.rows import rows
from microgt.data.generator.kinds.values import value
from microgt.data.generator.phrases import comparison, pick, small_number
from microgt.data.generator.pieces import Pieces, Plan
from microgt.data.generator.profile import singular
from microgt.schema.types import ForeignKey
from microgt.spec.types import Aggregate, Arithmetic, Col, Compare, Inner, InQuery, Not, Ref, Rows, Select, TimeBucket, Value

_SHOWN_TOO = (
    " and the {m}",
    ", with {m}",
    " and show the {m}",
    ". Show the {m} as well",
    "? Give {p} and {m}",
    ", and the {m} too",
    " - {p}, {m}",
)
_COUNTED_TOO = (
    ", and how many",
    ", with the count",
    " and by how many",
    ". Show the number of {t} as well",
    ", with how many",
    ": {p} and count",
)
_TIMES_AVERAGE = (
    "{t} with a {c} of more than {k} the average", "{t} whose {c} is more than {k} the average {c}", "{t} with more than {k} the average {c}",
    "{t} whose {c} is over {k} the average", "{t} with a {c} above {k} the mean", "{t} where {c} exceeds {k} the average",
)  # fmt: skip


def related(pieces: Pieces) -> Plan:
    """Rows of a table that have (never) had a row of another."""
    found = parent_of(pieces)
    if found is None:
        return rows(pieces)
    table, key = found
    child, rng = key.column.rpartition(".")[0], pieces.rng
    label = pieces.profile.label(table)
    condition = pieces.conditions(child, 1)
    condition = [f for f in condition if f.column.startswith(child + ".")]
    inner = Select(outputs=(Col(column=key.column),), where=pieces.where(condition))
    has = InQuery(of=Col(column=key.target), query=inner)
    never = rng.random() < 0.65
    node = Not(arg=has) if never else has
    nouns, kids = rng.choice(pieces.profile.table_names(table)), rng.choice(pieces.profile.table_names(child))
    forms = (
        (
            "{t} without any {c}",
            "{t} with no {c}",
            "{t} that have no {c}",
            "which {t} have no {c}",
            "which {t} never had any {c}",
            "{t} that do not have {c}",
            "{t} who never had a {s}",
            "which {t} don't have any {c}",
            "{t} lacking {c}",
            "{t} that have never had {c}",
            "which {t} did not have any {c}",
        )
        if never
        else (
            "{t} with at least one {s}",
            "{t} that have {c}",
            "which {t} had {c}",
            "{t} that had any {c}",
            "which {t} have at least one {s}",
            "{t} having {c}",
        )
    )
    verb = phrases.DONE.get(singular(kids).split()[-1])
    if never and verb and rng.random() < 0.5:
        forms = phrases.NEVER_DONE
    text = pick(rng, forms, t=nouns, c=kids, s=singular(kids), v=verb or "") + pieces.said(condition)
    if rng.random() < 0.4:
        query = Select(outputs=(Aggregate(fn="count", of=Rows(table=table)),), where=node)
        text = pick(rng, ("how many {x}", "number of {x}", "count of {x}", "count the {x}"), x=text.removeprefix("which "))
        return Plan(query, text, "nested", question=text.startswith("how"))
    assert label is not None
    return Plan(Select(outputs=(Col(column=label.id),), where=node), pieces.named(text), "nested", question=text.startswith("which"))


def parent_of(pieces: Pieces) -> tuple[str, ForeignKey] | None:
    """A named table and a key of a table that refers to it."""
    options = [(t.name, k) for t in pieces.profile.schema.tables if pieces.profile.label(t.name) for k in pieces.profile.children(t.name)]
    return pieces.rng.choice(options) if options else None


def above_average(pieces: Pieces) -> Plan:
    """Rows above (below) the average of a column."""
    tables = [t.name for t in pieces.profile.schema.tables if pieces.profile.numeric(t.name)]
    if not tables:
        return rows(pieces)
    rng, table = pieces.rng, pieces.rng.choice(tables)
    column = pieces.column(pieces.profile.numeric(table))
    above = rng.random() < 0.7
    average = Select(outputs=(Aggregate(fn="avg", of=Col(column=column.id)),))
    times = pieces.rng.choice((1.5, 2, 2, 3, 5, 10)) if above and pieces.rng.random() < 0.15 else None
    limit = Arithmetic(op="mul", left=Value(value=times), right=average) if times else average
    node = Compare(op="gt" if above else "lt", left=Col(column=column.id), right=limit)
    label, noun = pieces.profile.label(table), rng.choice(pieces.profile.table_names(table))
    name = rng.choice(pieces.profile.column_names(column))
    forms = (
        (
            "{t} with above average {c}",
            "{t} whose {c} is above average",
            "{t} with a {c} higher than the average",
            "{t} with more than the average {c}",
            "{t} that exceed the average {c}",
            "{t} with {c} above the mean",
            "{t} whose {c} exceeds the average {c}",
            "{t} where {c} is higher than the average {c}",
            "{t} with a {c} larger than average",
            "{t} with {c} over the overall average",
            "{t} that have more {c} than average",
        )
        if above
        else (
            "{t} with below average {c}",
            "{t} whose {c} is below average",
            "{t} with a {c} lower than the average",
            "{t} with less than the average {c}",
            "{t} with {c} under the mean",
            "{t} where {c} is lower than the average {c}",
            "{t} with a {c} smaller than average",
            "{t} that have less {c} than average",
        )
    )
    if times:
        forms = _TIMES_AVERAGE
    text = pick(rng, forms, t=noun, c=name, k=_times(times) if times else "")
    if label and rng.random() < 0.6:
        text = pieces.named(pick(rng, ("which {x}", "{x}", "names of {x}", "list {x}"), x=text))
        return Plan(Select(outputs=(Col(column=label.id),), where=node), text, "nested", question=text.startswith(("which", "list")))
    text = pick(rng, ("how many {x}", "number of {x}", "count of {x}", "{x}, how many"), x=text)
    return Plan(Select(outputs=(Aggregate(fn="count", of=Rows(table=table)),), where=node), text, "nested", question=text.startswith("how"))


def _times(n: float) -> str:
    """3 -> three times."""
    return {2.0: "twice", 3.0: "three times", 5.0: "five times", 10.0: "ten times"}.get(n, f"{n:g} times")


def many(pieces: Pieces) -> Plan:
    """Groups with more than n rows or more than some total."""
    table, rng = pieces.table(), pieces.rng
    dims = pieces.profile.categories(table)
    if not dims:
        return rows(pieces)
    m, dim = pieces.measure(table), pieces.dimension(dims)
    op = rng.choice(("gt", "gt", "ge", "lt"))
    count = isinstance(m.node, Aggregate) and m.node.fn == "count"
    n = rng.choice((1, 2, 3, 5, 10, 20, 50, 100)) if count else rng.choice((10, 20, 50, 100, 500, 1000, 5000, 10_000, 100_000))
    said = comparison(rng, op, small_number(rng, n) if n <= 10 else phrases.number_words(rng, n))
    _, plural_name = pieces.by_phrase(dim)
    noun = rng.choice(pieces.profile.table_names(table))
    forms = (
        ("{p} with {v} {t}", "which {p} have {v} {t}", "{p} that have {v} {t}", "{p} having {v} {t}")
        if count
        else ("{p} with {m} {v}", "which {p} have {m} {v}", "{p} whose {m} is {v}", "{p} where {m} is {v}", "{p} with a {m} of {v}")
    )
    found = pieces.conditions(table, 1, (dim.column.id,))
    shown = rng.random() < 0.35
    text = pick(rng, forms, p=plural_name, v=said, t=noun, m=m.words) + pieces.said(found)
    name = dim.column == pieces.profile.label(dim.column.table)
    if name and not shown:
        text = pieces.named(text)
    if shown:
        text += pick(rng, (*_SHOWN_TOO, *(_COUNTED_TOO if count else ())), m=m.words, p=plural_name, t=noun)
    having = Compare(op=op, left=Ref(output=1) if shown else m.node, right=Value(value=n))
    outputs = (dim.col, m.node) if shown else (dim.col,)
    query = Select(outputs=outputs, where=pieces.where(found), having=having, orphans="drop" if name else "keep")
    return Plan(query, text, "nested", question=text.startswith("which"))


def average_of_periods(pieces: Pieces) -> Plan:
    """What there is in a usual day, week or month."""
    table, rng = pieces.table(), pieces.rng
    dates = pieces.profile.dates(table)
    m = pieces.measure(table)
    if not dates or not m.additive:
        return by_dimension(pieces)
    grain = rng.choice(("day", "day", "week", "month", "month", "quarter", "year"))
    count = isinstance(m.node, Aggregate) and m.node.fn == "count"
    noun = rng.choice(pieces.profile.table_names(table))
    what = rng.choice((f"number of {noun}", noun)) if count else m.words
    forms = [
        "average {m} per {g}",
        "on average {m} per {g}",
        "{m} per {g} on average",
        "average {e} {m}",
        "mean {m} by {g}",
        "average {m} a {g}",
        "what is the average {e} {m}",
    ]
    if count:
        forms += [
            "how many {n} per {g} on average",
            "on average, how many {n} are there per {g}",
            "how many {n} do we have on average per {g}",
        ]
    every = {"day": "daily", "week": "weekly", "month": "monthly", "quarter": "quarterly", "year": "yearly"}[grain]
    text = pick(rng, forms, m=what, n=noun, g=grain, e=every)
    source = Select(outputs=(TimeBucket(grain=grain, of=dates[0].col), m.node))
    return Plan(Select(source=source, outputs=(Aggregate(fn="avg", of=Inner(output=1)),)), text, "nested", question=True)


def average_of_groups(pieces: Pieces) -> Plan:
    """The average (largest, smallest) of a total by group."""
    table, rng = pieces.table(), pieces.rng
    dims = pieces.profile.categories(table)
    if not dims:
        return value(pieces)
    dim, noun = pieces.dimension(dims), rng.choice(pieces.profile.table_names(table))
    m = pieces.measure(table)
    count = isinstance(m.node, Aggregate) and m.node.fn == "count"
    if not m.additive:
        return by_dimension(pieces)
    found: list[Filter] = pieces.conditions(table, 1, (dim.column.id,))
    source = Select(outputs=(dim.col, m.node), where=pieces.where(found))
    fn = rng.choice(("avg", "avg", "avg", "max", "min", "median"))
    word = {"avg": ("average", "mean"), "max": ("highest", "maximum"), "min": ("lowest", "minimum"), "median": ("median",)}[fn]
    name, _ = pieces.by_phrase(dim)
    what = f"number of {noun}" if count else m.words
    text = pick(
        rng, ("{w} {m} per {d}", "{w} {m} by single {d}", "{w} {m} of a {d}", "{w} {m} for a {d}"), w=rng.choice(word), m=what, d=name
    )
    query = Select(source=source, outputs=(Aggregate(fn=fn, of=Inner(output=1)),))
    return Plan(query, text + pieces.said(found), "nested")
