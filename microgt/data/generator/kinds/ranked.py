"""The groups or rows with the most or least of something."""

from __future__ import annotations

from microgt.data.generator import phrases
from microgt.data.generator.kinds.rows import rows
from microgt.data.generator.phrases import pick, small_number
from microgt.data.generator.pieces import Measured, Pieces, Plan
from microgt.data.generator.profile import singular
from microgt.schema.types import Column
from microgt.spec.types import Aggregate, Col, Limit, Ref, Select, Sort, Value

# That the measure is to be seen too.
_HOW_MUCH = (
    ", and how much is it", " and how much", ", with the {m}", ": {d} and {m}", ". Show {d} and {m}", " together with the {m}", ", {d} and {m}", " - {d}, {m}",
    " and what is it", ". Give the {d} and the {m}", ", and the amount", ". I need {d} and {m}",
)  # fmt: skip
_HOW_MANY = (
    ", and how many", " and how many is that", ", with the count", ": {d} and number of {t}", ". Show {d} and count", " with the number of {t}", ", {d} and count",
    " - {d}, number of {t}", " and how often", ". Give {d} and number of {t}", ", and the number of {t}", " and how many {t}",
)  # fmt: skip


def top(pieces: Pieces) -> Plan:
    """The n groups with the most or least of a measure."""
    table = pieces.table()
    dims = [d for d in pieces.profile.categories(table) if len(pieces.profile.schema.values.get(d.column.id, "abc")) > 2]
    if not dims:
        return rows(pieces)
    dim, rng = pieces.dimension(dims), pieces.rng
    found = pieces.conditions(table, 2, (dim.column.id,))
    m = pieces.measure(table, found)
    best = rng.random() < 0.75
    name, many = pieces.by_phrase(dim)
    one = rng.random() < 0.4
    n = 1 if one else rng.choice((3, 5, 5, 10, 10, 2, 4, 7, 20))
    shown = not one or rng.random() < 0.3
    sort = Sort(direction="desc" if best else "asc", by=Ref(output=1) if shown else m.node)
    outputs = (dim.col, m.node) if shown else (dim.col,)
    orphans = "drop" if dim.column == pieces.profile.label(dim.column.table) else "keep"  # a ranking of names has no row without one
    query = Select(outputs=outputs, where=pieces.where(found), sort=(sort,), limit=Limit(n=Value(value=n)), orphans=orphans)
    count = isinstance(m.node, Aggregate) and m.node.fn == "count"
    text = _top_text(pieces, m, name, many, n, best, count) + pieces.said(found)
    if shown and (one or rng.random() < 0.3):
        text += pick(rng, _HOW_MANY if count else _HOW_MUCH, m=m.words, d=name, t=rng.choice(pieces.profile.table_names(m.table)))
    return Plan(query, text, "top-n", question=one, keys=1)


def _top_text(pieces: Pieces, m: Measured, name: str, many: str, n: int, best: bool, count: bool) -> str:
    rng = pieces.rng
    most = ("highest", "largest", "most", "biggest", "greatest") if best else ("lowest", "smallest", "fewest", "least")
    nouns = pieces.profile.table_names(m.table)
    if n == 1:
        forms = [
            "which {d} has the {w} {m}",
            "what {d} has the {w} {m}",
            "{d} with the {w} {m}",
            "the {d} with the {w} {m}",
            "who is the {d} with the {w} {m}",
            "which is the {d} with the {w} {m}",
        ]
        if best and not count:
            forms += ["which {d} generates the most {m}", "best {d} by {m}", "top {d} by {m}", "which {d} leads in {m}"]
        words = rng.choice(nouns) if count else m.words
        if count:
            most = ("most", "most", "largest number of", "highest number of") if best else ("fewest", "least", "lowest number of")
        return pick(rng, forms, d=name, w=rng.choice(most), m=words)
    k = small_number(rng, n)
    forms = [
        "top {k} {p} by {m}",
        "top {k} {p} by {m}",
        "{k} best {p} by {m}",
        "{k} {p} with the highest {m}",
        "which {k} {p} have the highest {m}",
        "the {k} {p} with the most {m}",
        "top {k} {p} in terms of {m}",
        "{k} largest {p} by {m}",
        "leading {k} {p} by {m}",
        "rank the top {k} {p} by {m}",
    ]
    if not best:
        forms = [
            "bottom {k} {p} by {m}",
            "{k} worst {p} by {m}",
            "{k} {p} with the lowest {m}",
            "which {k} {p} have the lowest {m}",
            "lowest {k} {p} by {m}",
            "{k} smallest {p} by {m}",
            "the {k} {p} with the least {m}",
        ]
    return pick(rng, forms, k=k, p=many, m=m.words)


def extreme_row(pieces: Pieces) -> Plan:
    """The row with the largest number or the latest date of a column."""
    tables = [t.name for t in pieces.profile.schema.tables if pieces.profile.label(t.name) and _ordered(pieces, t.name)]
    if not tables:
        return rows(pieces)
    rng, table = pieces.rng, pieces.rng.choice(tables)
    column, label = pieces.column(_ordered(pieces, table)), pieces.profile.label(table)
    down, n = rng.random() < 0.65, rng.choice((1, 1, 1, 3, 5, 10))
    found = pieces.conditions(table, 2, (column.id,))
    noun = pieces.attributive(found, rng.choice(pieces.profile.table_names(table)), table)
    text = _extreme_text(pieces, column, noun, n, down) + pieces.said(found)
    assert label is not None
    outputs = (Col(column=label.id),) if n == 1 else (Col(column=label.id), Col(column=column.id))
    sort = Sort(direction="desc" if down else "asc", by=Col(column=column.id))
    query = Select(outputs=outputs, where=pieces.where(found), sort=(sort,), limit=Limit(n=Value(value=n)))
    return Plan(query, text, "top-n", question=text.startswith(("which", "what")))


def _ordered(pieces: Pieces, table: str) -> list[Column]:
    schema = pieces.profile.schema
    dates = [c for c in schema.table(table).columns if c.id in schema.dated]
    return [*pieces.profile.numeric(table), *dates]


def _speaks_for(pieces: Pieces, column: Column) -> bool:
    """Whether "the oldest" can mean a column: of several dates of a table it means the first."""
    dates = [d.column for d in pieces.profile.dates(column.table)]
    return column not in dates or column == dates[0]


def _extreme_text(pieces: Pieces, column: Column, noun: str, n: int, down: bool) -> str:
    rng = pieces.rng
    name, k = rng.choice(pieces.profile.column_names(column)), small_number(rng, n)
    adjectives = phrases.extremes(column, down) if _speaks_for(pieces, column) else ()
    if adjectives and rng.random() < 0.6:
        forms = (
            ("{w} {s}", "which {s} is the {w}", "the {w} {s}", "what is our {w} {s}")
            if n == 1
            else ("{k} {w} {t}", "the {k} {w} {t}", "which are the {k} {w} {t}")
        )
        return pick(rng, forms, s=singular(noun), t=noun, w=rng.choice(adjectives), k=k)
    if column.id in pieces.profile.schema.dated:
        words = ("latest", "most recent", "last") if down else ("earliest", "first")
    else:
        words = ("highest", "largest", "biggest", "most", "greatest") if down else ("lowest", "smallest", "least")
    forms = (
        ("which {s} has the {w} {c}", "{s} with the {w} {c}", "what {s} has the {w} {c}", "the {s} with {w} {c}")
        if n == 1
        else (
            "{k} {t} with the {w} {c}",
            "top {k} {t} by {c}" if down else "bottom {k} {t} by {c}",
            "the {k} {t} with {w} {c}",
            "which {k} {t} have the {w} {c}",
        )
    )
    return pick(rng, forms, s=singular(noun), t=noun, w=rng.choice(words), c=name, k=k)
