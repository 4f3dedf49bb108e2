"""Intersections, unions and differences of two queries."""

from __future__ import annotations

from microgt.data.generator.profile import plural
from microgt.data.generator.sql.conditions import Condition, Conditions
from microgt.data.generator.sql.kinds.groups import related
from microgt.data.generator.sql.sampler import Plan, Sampler
from microgt.schema.types import Column


def _pair(s: Sampler, conditions: Conditions) -> tuple[str, Column, Condition, Condition] | None:
    """A table, a column to show, and two conditions, most often on the same other column."""
    table = s.entity()
    shown = s.shown(table, 1)[0] if s.rng.random() < 0.6 else s.key(table)
    if shown is None:
        return None
    first = conditions.one(table, avoid=[shown])
    if first is None:
        return None
    of = table if first.column.table != table else None
    for _ in range(4):
        same = s.rng.random() < 0.8
        second = conditions.on(first.column, of) if same else conditions.one(table, avoid=[shown, first.column])
        if second and second.test != first.test and (not same or second.test[:7] == first.test[:7] == "{c} = '" or _apart(first, second)):
            return table, shown, first, second
    return None


def _apart(first: Condition, second: Condition) -> bool:
    """Above a number and below one."""
    return {first.test[4:5], second.test[4:5]} == {"<", ">"}


def _plan(s: Sampler, conditions: Conditions, op: str, forms: tuple[str, ...], kind: str) -> Plan | None:
    drawn = _pair(s, conditions)
    if drawn is None:
        return None
    table, shown, first, second = drawn
    sides = []
    for condition in (first, second):
        source = s.source(shown, condition.column, first=table)
        if source is None:
            return None
        sides.append(f"SELECT {source.column(shown.id)} FROM {source.sql} WHERE {condition.sql(source)}")
    name = s.name(shown, table)
    words = {
        "c": name,
        "cs": plural(name),
        "t": s.many(table),
        "a": first.having,
        "b": second.having,
        "x": first.clause,
        "y": second.clause,
    }
    return Plan(f"{sides[0]} {op} {sides[1]}", s.rng.choice(forms).format(**words), kind)


def both(s: Sampler, conditions: Conditions) -> Plan | None:
    """What some rows with one and some with the other condition have in common."""
    forms = (
        "the {cs} that have both {t} with {a} and {t} with {b}",
        "the {c} of {t} that have both {a} and {b}",
        "the {cs} of both {t} with {a} and {t} with {b}",
        "the {cs} shared by {t} whose {x} and {t} whose {y}",
        "the {cs} of {t} with {a} as well as of {t} with {b}",
        "the {c} of {t} with {a} and also with {b}",
    )
    return _plan(s, conditions, "INTERSECT", forms, "set")


def but_not(s: Sampler, conditions: Conditions) -> Plan | None:
    """What rows with one condition, or any row, have and no row with the other has."""
    if s.rng.random() < 0.4:
        return _never(s, conditions)
    forms = (
        "the {cs} of {t} with {a} but not with {b}",
        "the {c} of {t} that have {a} but do not have {b}",
        "the {cs} that have {t} with {a} but no {t} with {b}",
        "the {cs} of {t} whose {x}, except those whose {y}",
        "the {cs} of {t} with {a} and without {b}",
    )
    return _plan(s, conditions, "EXCEPT", forms, "set")


def _never(s: Sampler, conditions: Conditions) -> Plan | None:
    table = s.entity()
    shown = s.shown(table, 1)[0]
    without = conditions.one(table, avoid=[shown])
    first, second = s.source(first=table), without and s.source(shown, without.column, first=table)
    if not without or first is None or not second:
        return None
    column = f"SELECT {first.column(shown.id)} FROM {first.sql}"
    sql = f"{column} EXCEPT SELECT {second.column(shown.id)} FROM {second.sql} WHERE {without.sql(second)}"
    forms = (
        "the {cs} of {t} that do not have {a}",
        "the {c} of all {t} except those with {a}",
        "the {cs} of {t} not having {a}",
        "the {cs} that no {t} with {a} have",
        "the {c} of {t} without {a}",
    )
    words = {"c": s.name(shown), "cs": plural(s.name(shown)), "t": s.many(table), "a": without.having}
    return Plan(sql, s.rng.choice(forms).format(**words), "set")


def either(s: Sampler, conditions: Conditions) -> Plan | None:
    """What rows with either condition have."""
    forms = (
        "the {cs} of {t} with {a} or with {b}",
        "the {c} of {t} that either have {a} or have {b}",
        "the {cs} of {t} whose {x}, together with those whose {y}",
        "the {cs} of {t} with {a} plus those with {b}",
    )
    return _plan(s, conditions, "UNION", forms, "set")


def minus_related(s: Sampler, conditions: Conditions) -> Plan | None:
    """What the rows without (such) rows of another table have."""
    found = related(s)
    source = found and s.graph.source((found[0], found[1]))
    if not found or not source:
        return None
    table, child, _, columns = found
    extra = conditions.some(child, 1, least=1, furthest=0) if s.rng.random() < 0.6 else []
    whole = s.source(first=table)
    if whole is None:
        return None
    column = columns[0] if s.rng.random() < 0.75 else s.shown(table, 1)[0]
    sql = f"SELECT {whole.column(column.id)} FROM {whole.sql} EXCEPT SELECT {source.column(column.id)} FROM {source.sql}{conditions.where(extra, source)}"
    kids = conditions.noun(child, extra, s.many(child))
    forms = (
        "the {c} of {t} that do not have any {k}",
        "the {c} of {t} without {k}",
        "the {c} of {t} that have no {k}",
        "the {c} of all {t} except those with {k}",
        "the {c} of {t} who never had {k}",
        "the {c} of {t} not having {k}",
    )
    return Plan(sql, s.rng.choice(forms).format(c=s.name(column), t=s.many(table), k=kids), "set")
