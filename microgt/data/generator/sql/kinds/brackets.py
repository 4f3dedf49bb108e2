"""Rows that fulfil one or another of two conditions on different columns."""

from __future__ import annotations

from microgt.data.generator.sql.conditions import Conditions
from microgt.data.generator.sql.kinds.lists import selected
from microgt.data.generator.sql.sampler import Plan, Sampler

_BEHIND = (
    "whose {x} or whose {y}",
    "whose {x} or {y}",
    "that have either {a} or {b}",
    "with {a} or {b}",
    "where {x} or {y}",
    "which either have {a} or {b}",
)
_COUNT = ("how many {t} are there {f}", "how many {t} {f}", "the number of {t} {f}", "the count of {t} {f}")
_LIST = ("the {c} of {t} {f}", "the {c} of the {t} {f}", "{c} of {t} {f}", "the {c} of all {t} {f}")


def either(s: Sampler, conditions: Conditions) -> Plan | None:
    """Their columns, or how many there are."""
    table = s.entity()
    columns = s.shown(table)
    found = conditions.some(table, 2, least=2, avoid=columns)
    source = s.source(*columns, *(f.column for f in found), first=table)
    if len(found) < 2 or source is None:
        return None
    a, b = found
    behind = s.rng.choice(_BEHIND).format(x=a.clause, y=b.clause, a=a.having, b=b.having)
    counted = s.rng.random() < 0.35
    words = {"t": s.many(table), "c": s.listed([s.name(c, table) for c in columns]), "f": behind}
    text = s.rng.choice(_COUNT if counted else _LIST).format(**words)
    outputs = "COUNT(*)" if counted else selected(s, columns, source)
    sql = f"SELECT {outputs} FROM {source.sql} WHERE {a.sql(source)} OR {b.sql(source)}"
    return Plan(sql, text, "count" if counted else "filter", text.startswith("how"))
