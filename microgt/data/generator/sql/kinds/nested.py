"""A query inside a query: rows (not) referred to by another table, rows above the average."""

from __future__ import annotations

from microgt.data.generator.sql.conditions import Conditions
from microgt.data.generator.sql.kinds.lists import selected
from microgt.data.generator.sql.sampler import Plan, Sampler
from microgt.schema.catalog import quoted

_WITHOUT = (
    "that do not have any {k}",
    "that have no {k}",
    "without any {k}",
    "that do not have {k}",
    "with no {k}",
    "that never had any {k}",
    "who do not have any {k}",
    "which have no {k}",
    "not associated with any {k}",
    "without {k}",
    "that are not in any {k}",
)
_HAVE_NONE = ("do not have any {k}", "have no {k}", "never had any {k}", "don't have {k}", "did not have any {k}")
_WITH = ("that have {k}", "that have at least one {x}", "with at least one {x}", "that have some {k}", "with any {k}", "who have {k}")


def _child(s: Sampler, conditions: Conditions, often: float):
    """A table, one that refers to it, conditions on that, and the query for the rows referred to."""
    table = s.entity()
    children = s.parents(table)
    if not children:
        return None
    child, column, target = s.rng.choice(children)
    found = conditions.some(child, 1, least=1, furthest=0) if s.rng.random() < often else []
    source = s.source(first=child)
    if source is None:
        return None
    inner = f"SELECT {source.column(column)} FROM {source.sql}{conditions.where(found, source)}"
    return table, child, target, found, inner


def _said(s: Sampler, conditions: Conditions, child: str, found, forms) -> str:
    many, one = s.many(child), s.one(child)
    return s.rng.choice(forms).format(k=conditions.noun(child, found, many), x=conditions.noun(child, found, one))


def without(s: Sampler, conditions: Conditions) -> Plan | None:
    """Columns of the rows that no row of another table refers to."""
    return _rows(s, conditions, "NOT IN", _WITHOUT, 0.2)


def within(s: Sampler, conditions: Conditions) -> Plan | None:
    """Columns of the rows that some row of another table refers to."""
    return _rows(s, conditions, "IN", _WITH, 0.7)


def _rows(s: Sampler, conditions: Conditions, op: str, forms, often: float) -> Plan | None:
    drawn = _child(s, conditions, often)
    if drawn is None:
        return None
    table, child, target, found, inner = drawn
    columns, source = s.shown(table), s.source(first=table)
    assert source is not None
    more = conditions.some(table, 1, least=1, avoid=columns, furthest=0) if s.rng.random() < 0.12 else []
    test = f"{source.column(target)} {op} ({inner})"
    sql = f"SELECT {selected(s, columns, source)} FROM {source.sql} WHERE " + " AND ".join([test, *(c.sql(source) for c in more)])
    said = f"{conditions.noun(table, more, s.many(table))} {_said(s, conditions, child, found, forms)}"
    if columns == [s.profile.label(table)] and s.rng.random() < 0.3:
        verb = s.rng.choice(_HAVE_NONE if op == "NOT IN" else ("have {k}", "have at least one {x}", "have any {k}"))
        said = f"{conditions.noun(table, more, s.many(table))} {_said(s, conditions, child, found, (verb,))}"
        return Plan(sql, s.rng.choice(("which ", "which ", "what ")) + said, "nested", True)
    names = s.listed([s.name(c, table) for c in columns])
    return Plan(
        sql, s.rng.choice(("the {c} of {t}", "the {c} of the {t}", "{c} of {t}", "the {c} of all {t}")).format(c=names, t=said), "nested"
    )


def counted_without(s: Sampler, conditions: Conditions) -> Plan | None:
    """How many rows no row of another table refers to."""
    drawn = _child(s, conditions, 0.2)
    if drawn is None:
        return None
    table, child, target, found, inner = drawn
    said = f"{s.many(table)} {_said(s, conditions, child, found, _WITHOUT)}"
    sql = f"SELECT COUNT(*) FROM {quoted(table)} WHERE {quoted(target.rpartition('.')[2])} NOT IN ({inner})"
    whole = s.rng.random() < 0.6
    text = s.rng.choice(("how many {t} are there", "how many {t}")) if whole else s.rng.choice(("the number of {t}", "the count of {t}"))
    return Plan(sql, text.format(t=said), "nested", whole)


def average(s: Sampler, conditions: Conditions) -> Plan | None:
    """Rows above or below the average, or beyond the extreme of those that fulfil a condition."""
    table = s.entity()
    by, source = s.numeric(table), s.source(first=table)
    if by is None or source is None:
        return None
    name, up = source.column(by.id), s.rng.random() < 0.65
    said, word = s.name(by, table), "above" if up else "below"
    compared = s.rng.choice(("higher", "greater", "more", "larger") if up else ("lower", "less", "smaller"))
    found = conditions.some(table, 1, least=1, avoid=[by], furthest=0) if s.rng.random() < 0.3 else []
    if found:
        fn = s.rng.choice(("MIN", "MAX", "AVG"))
        every = {"MIN": "some {t}" if up else "all {t}", "MAX": "all {t}" if up else "some {t}", "AVG": "the average of {t}"}[fn]
        tail = f"whose {said} is {compared} than that of {every.format(t=conditions.noun(table, found, s.many(table)))}"
    else:
        fn = "AVG"
        forms = (
            "whose {b} is {w} average",
            "with a {b} {w} the average",
            "with {x} than average {b}",
            "whose {b} is {x} than the average",
            "with {b} {w} the average {b}",
            "that have a {x} {b} than the average",
        )
        tail = s.rng.choice(forms).format(b=said, w=word, x=compared)
    where = f" WHERE {name} {'>' if up else '<'} (SELECT {fn}({name}) FROM {source.sql}{conditions.where(found, source)})"
    many = s.many(table)
    if s.rng.random() < 0.2:
        return Plan(f"SELECT COUNT(*) FROM {source.sql}{where}", f"how many {many} {tail}", "nested", True)
    columns = s.shown(table)
    names = s.listed([s.name(c, table) for c in columns])
    return Plan(
        f"SELECT {selected(s, columns, source)} FROM {source.sql}{where}",
        s.rng.choice(("the {c} of {t}", "the {c} of all {t}", "{c} of the {t}")).format(c=names, t=f"{many} {tail}"),
        "nested",
    )
