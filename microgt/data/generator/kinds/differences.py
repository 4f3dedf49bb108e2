"""How much more there is of one than of another, and what exceeds a named row."""

from __future__ import annotations

from typing import Any

from microgt.data.generator.kinds.groups import compared
from microgt.data.generator.kinds.rows import rows
from microgt.data.generator.phrases import pick
from microgt.data.generator.pieces import Pieces, Plan
from microgt.data.generator.profile import singular
from microgt.spec.types import Aggregate, Arithmetic, At, Col, Compare, InPeriod, Rows, Select, Value


def difference(pieces: Pieces) -> Plan:
    """A measure of one value (or year) less that of another."""
    table, rng = pieces.table(), pieces.rng
    sides = _years(pieces, table) if rng.random() < 0.35 else _values(pieces, table)
    m = pieces.measure(table)
    if sides is None or not isinstance(m.node, Aggregate) or m.node.where is not None:
        return compared(pieces)
    (a, first), (b, second) = sides
    forms = ["difference in {m} between {a} and {b}", "{m} of {a} minus {b}", "difference between {a} and {b} in {m}", "{m}: {a} minus {b}"]
    noun = rng.choice(pieces.profile.table_names(table))
    if isinstance(m.node.of, Rows):
        forms = [
            "how many more {t} are {a} than {b}",
            "how many more {t} in {a} than in {b}",
            "how many more {a} than {b} {t}",
            "how many more {t} have {a} than {b}",
            "difference in {t} between {a} and {b}",
            "difference in the number of {t} between {a} and {b}",
            "{a} {t} minus {b} {t}",
        ]
    elif m.additive:
        forms += ["how much more {m} in {a} than in {b}", "how much more {m} for {a} than {b}"]
    elif m.node.fn == "avg":
        forms += ["by how much does the {m} of {a} exceed that of {b}", "how much higher is the {m} of {a} than of {b}"]
    found = pieces.conditions(table, 1, alone=False)
    text = pick(rng, forms, m=m.words, t=noun, a=first, b=second) + pieces.said(found)
    node = Arithmetic(op="sub", left=m.node.model_copy(update={"where": a}), right=m.node.model_copy(update={"where": b}))
    query = Select(outputs=(node,), where=pieces.where(found))
    return Plan(query, text, "comparison", question=text.startswith(("how", "by")))


def _values(pieces: Pieces, table: str) -> list[tuple[Any, str]] | None:
    """Two values of a column as conditions and as said."""
    dims = [d for d in pieces.profile.categories(table) if len(pieces.profile.schema.values.get(d.column.id, ())) >= 2]
    if not dims:
        return None
    dim = pieces.dimension(dims)
    node, said = pieces.filters.values.one_of(dim, 2)
    return [(Compare(op="eq", left=dim.col, right=value), word) for value, word in zip(node.values, said, strict=True)]


def _years(pieces: Pieces, table: str) -> list[tuple[Any, str]] | None:
    """A year and another as conditions and as said."""
    dates = pieces.profile.dates(table)
    if not dates:
        return None
    first, last = (int(day[:4]) for day in pieces.profile.schema.ranges.get(dates[0].column.id, ("2022-01-01", "2024-12-31")))
    years = pieces.rng.sample(range(first, max(last, first + 1) + 1), 2)
    return [(InPeriod(of=dates[0].col, period=At(value=Value(value=str(y)))), str(y)) for y in years]


def than_named(pieces: Pieces) -> Plan:
    """Rows with more (less) of a column than a named row has."""
    profile, rng = pieces.profile, pieces.rng
    tables = [
        t.name
        for t in profile.schema.tables
        if profile.numeric(t.name) and (c := profile.label(t.name)) and profile.schema.values.get(c.id)
    ]
    if not tables:
        return rows(pieces)
    table = rng.choice(tables)
    label, column = profile.label(table), pieces.column(profile.numeric(table))
    assert label is not None
    named, more = rng.choice(profile.schema.values[label.id]), rng.random() < 0.7
    of_named = Compare(op="eq", left=Col(column=label.id), right=Value(value=named))
    inner = Select(outputs=(Aggregate(fn="max" if more else "min", of=Col(column=column.id)),), where=of_named)  # several may have the name
    node = Compare(op="gt" if more else "lt", left=Col(column=column.id), right=inner)
    noun, name = rng.choice(profile.table_names(table)), rng.choice(profile.column_names(column))
    forms = (
        "{t} with a {w} {c} than {v}",
        "which {t} have a {w} {c} than {v}",
        "{t} whose {c} is {w} than that of {v}",
        "{t} that have {x} {c} than {v}",
        "which {t} have {x} {c} than the {s} {v}",
        "{t} with {x} {c} than {v}",
    )
    word, than = (("higher", "larger", "bigger"), "more") if more else (("lower", "smaller"), "less")
    text = pick(rng, forms, t=noun, s=singular(noun), w=rng.choice(word), x=than, c=name, v=named)
    return Plan(Select(outputs=(Col(column=label.id),), where=node), text, "nested", question=text.startswith("which"))
