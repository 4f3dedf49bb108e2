"""Rows of a table by what they had of another, twice: invoiced in 2024 but not in 2025, both this and that."""

from __future__ import annotations

from microgt.data.generator.filters import Filter
from microgt.data.generator.kinds.nested import parent_of, related
from microgt.data.generator.phrases import pick
from microgt.data.generator.pieces import Pieces, Plan
from microgt.data.generator.profile import singular
from microgt.schema.types import ForeignKey
from microgt.spec.types import Aggregate, And, Col, InQuery, Not, Rows, Select

_TRIES = 8
_WITHOUT = (
    "{t} with {c} {a} but not {b}", "{t} that had {c} {a} but none {b}", "{t} with a {s} {a} but no {s} {b}", "which {t} had {c} {a} but not {b}",
    "{t} that have {c} {a} and no {c} {b}", "which {t} have {c} {a} but none {b}", "{t} having {c} {a}, but not {b}", "{t} with {c} {a} and without any {b}",
)  # fmt: skip
_BOTH = (
    "{t} with both {c} {a} and {c} {b}", "{t} that had {c} {a} and also {b}", "which {t} have both a {s} {a} and a {s} {b}", "{t} with {c} {a} as well as {b}",
    "which {t} had {c} both {a} and {b}", "{t} that have a {s} {a} and another {b}",
)  # fmt: skip


def twice(pieces: Pieces) -> Plan:
    """Rows with one thing and with, or without, another of the same kind."""
    found = parent_of(pieces)
    conditions = found and _two(pieces, found[1].column.rpartition(".")[0])
    if found is None or not conditions:
        return related(pieces)
    (table, key), rng = found, pieces.rng
    both = rng.random() < 0.35
    had, other = (InQuery(of=Col(column=key.target), query=_rows(key, c)) for c in conditions)
    node = And(args=(had, other if both else Not(arg=other)))
    kids = rng.choice(pieces.profile.table_names(key.column.rpartition(".")[0]))
    text = pick(
        rng,
        _BOTH if both else _WITHOUT,
        t=rng.choice(pieces.profile.table_names(table)),
        c=kids,
        s=singular(kids),
        a=conditions[0].words,
        b=conditions[1].words,
    )
    label = pieces.profile.label(table)
    if label is None or rng.random() < 0.3:
        text = pick(rng, ("how many {x}", "number of {x}", "count of {x}"), x=text.removeprefix("which "))
        return Plan(Select(outputs=(Aggregate(fn="count", of=Rows(table=table)),), where=node), text, "nested", question=text[0] == "h")
    return Plan(Select(outputs=(Col(column=label.id),), where=node), pieces.named(text), "nested", question=text.startswith("which"))


def _rows(key: ForeignKey, condition: Filter) -> Select:
    return Select(outputs=(Col(column=key.column),), where=condition.node)


def _two(pieces: Pieces, table: str) -> tuple[Filter, Filter] | None:
    """Two conditions on one column of a table."""
    sample = pieces.rng.choice((pieces.filters.values.text, pieces.filters.periods.period))
    for _ in range(_TRIES):
        a, b = sample(table), sample(table)
        if a and b and a.column == b.column and a.node != b.node and a.column.startswith(table + "."):
            return a, b
    return None
