"""A measure for each group, and the groups with many or few rows."""

from __future__ import annotations

from microgt.data.generator.phrases import small_number
from microgt.data.generator.profile import plural
from microgt.data.generator.sql import words
from microgt.data.generator.sql.conditions import Conditions
from microgt.data.generator.sql.kinds.lists import order
from microgt.data.generator.sql.sampler import Plan, Sampler
from microgt.schema.types import Column

_COUNTED = (
    "the number of {t} for each {k}",
    "the number of {t} in each {k}",
    "the number of {t} by {k}",
    "the number of {t} per {k}",
    "each {k} and the number of {t}",
    "the {ks} and the number of {t} for each",
    "each {k} along with the corresponding number of {t}",
    "the different {ks} and how many {t} each has",
    "how many {t} there are for each {k}",
    "{t} count by {k}",
)
_HOW_MANY = (
    "how many {t} are there for each {k}",
    "how many {t} are there in each {k}",
    "how many {t} does each {k} have",
    "for each {k}, how many {t} are there",
    "for every {k}, what is the number of {t}",
)


def counted(s: Sampler, conditions: Conditions) -> Plan | None:
    """How many rows have each value of a column."""
    table = s.entity()
    column = s.key(table, furthest=s.rng.choice((0, 0, 1)))
    if column is None:
        return None
    found = conditions.some(table, 1, avoid=[column], up=True) if s.rng.random() < 0.4 else []
    source = s.source(column, *(f.column for f in found), first=table)
    if source is None:
        return None
    key, many = source.column(column.id), conditions.noun(table, found, s.many(table))
    name = s.name(column, table)
    outputs = f"{key}, COUNT(*)" if s.rng.random() < 0.75 else f"COUNT(*), {key}"
    sql = f"SELECT {outputs} FROM {source.sql}{conditions.where(found, source)} GROUP BY {key}"
    whole = s.rng.random() < 0.35
    text = s.rng.choice(_HOW_MANY if whole else _COUNTED).format(t=many, k=name, ks=plural(name))
    if not whole and s.rng.random() < 0.15:
        down = s.rng.random() < 0.6
        sql += f" ORDER BY COUNT(*){' DESC' if down else ''}"
        text += order(s, s.rng.choice(("that number", "the count", "their number", "number")), down)
    return Plan(sql, text, "group", whole)


def related(s: Sampler) -> tuple[str, str, str, list[Column]] | None:
    """A named table, a table that refers to it, the column that is referred to, and columns of the first to show."""
    table = s.entity()
    children = s.parents(table)
    if not children or s.profile.label(table) is None:
        return None
    child, _, target = s.rng.choice(children)
    label = s.profile.label(table)
    assert label is not None
    columns = [label] if s.rng.random() < 0.7 else list(dict.fromkeys([label, *s.shown(table, 2)]))[:2]
    return table, child, target, columns


def counted_parents(s: Sampler, conditions: Conditions) -> Plan | None:
    """How many rows of another table belong to each row."""
    found = related(s)
    source = found and s.graph.source((found[0], found[1]))
    if not found or not source:
        return None
    table, child, target, columns = found
    shown, ids = ", ".join(source.column(c.id) for c in columns), source.column(target)
    grouped = shown if s.rng.random() < 0.4 and len(columns) == 1 else ids
    outputs = f"{shown}, COUNT(*)" if s.rng.random() < 0.75 else f"COUNT(*), {shown}"
    names, one, kids = s.listed([s.name(c) for c in columns]), s.one(table), s.many(child)
    forms = (
        "the {c} and the number of {k} for each {o}",
        "the {c} of each {o} and the number of {k} it has",
        "the {c} of every {o} with the number of its {k}",
        "each {o}'s {c} and how many {k} it has",
        "how many {k} each {o} has together with the {c}",
        "the number of {k} for each {o}, with the {c}",
        "the number of {k} of each {o}. Show the {c} too",
    )
    text = s.rng.choice(forms).format(c=names, o=one, k=kids)
    return Plan(f"SELECT {outputs} FROM {source.sql} GROUP BY {grouped}", text, "group")


def measured(s: Sampler, conditions: Conditions) -> Plan | None:
    """An aggregate of a column for each group."""
    table = s.entity()
    column, key = s.numeric(table), s.key(table, furthest=s.rng.choice((0, 0, 1)))
    if column is None or key is None or key == column:
        return None
    found = conditions.some(table, 1, avoid=[column, key], up=True) if s.rng.random() < 0.25 else []
    source = s.source(column, key, *(f.column for f in found), first=table)
    if source is None:
        return None
    fns = s.rng.choices((["AVG"], ["SUM"], ["MAX"], ["MIN"], ["AVG", "MAX"], ["MIN", "MAX"]), (6, 4, 3, 2, 1, 1))[0]
    of = ", ".join(f"{fn}({source.column(column.id)})" for fn in fns)
    by = source.column(key.id)
    outputs = f"{by}, {of}" if s.rng.random() < 0.6 else f"{of}, {by}"
    said = s.listed([s.rng.choice(words.AGGREGATES[fn]) for fn in fns])
    forms = (
        "the {a} {c} of {t} for each {k}",
        "the {a} {c} for each {k}",
        "the {a} {c} of {t} by {k}",
        "the {a} {c} of the {t} in each {k}",
        "each {k} and the {a} {c} of its {t}",
        "for each {k}, the {a} {c} of {t}",
        "the {ks} and their {a} {c}",
        "{a} {c} per {k}",
    )
    name = s.name(key, table)
    text = s.rng.choice(forms if not found else forms[:1]).format(
        a=said, c=s.name(column, table), t=conditions.noun(table, found, s.many(table)), k=name, ks=plural(name)
    )
    return Plan(f"SELECT {outputs} FROM {source.sql}{conditions.where(found, source)} GROUP BY {by}", text, "group")


def many(s: Sampler, conditions: Conditions) -> Plan | None:
    """Values of a column that many or few rows have."""
    table = s.entity()
    key = s.key(table)
    source = s.source(first=table)
    if key is None or source is None:
        return None
    by, name, noun = source.column(key.id), s.name(key, table), s.many(table)
    if s.rng.random() < 0.2 and (column := s.numeric(table)):
        bound = s.cells.bound(column, s.rng)
        if bound is None:
            return None
        fn, op = s.rng.choice(("AVG", "AVG", "SUM", "MAX")), s.rng.choice((">", "<", ">="))
        said = s.rng.choice(words.bound(column, op)).format(v=f"{bound:.10g}")
        text = s.rng.choice(
            ("the {ks} whose {a} {c} is {v}", "the {ks} of {t} with an {a} {c} {v}", "{ks} where the {a} {c} of {t} is {v}")
        )
        text = text.format(ks=plural(name), a=s.rng.choice(words.AGGREGATES[fn]), c=s.name(column, table), t=noun, v=said)
        return Plan(f"SELECT {by} FROM {source.sql} GROUP BY {by} HAVING {fn}({source.column(column.id)}) {op} {bound!r}", text, "having")
    op, number, said = how_many(s)
    forms = (
        "the {ks} with {n} {t}",
        "the {ks} that have {n} {t}",
        "{ks} shared by {n} {t}",
        "the {ks} of {n} {t}",
        "{ks} that appear in {n} {t}",
        "the {ks} for which there are {n} {t}",
    )
    whole = s.rng.random() < 0.3
    text = s.rng.choice(("which {ks} have {n} {t}", "what {ks} have {n} {t}") if whole else forms).format(ks=plural(name), n=said, t=noun)
    outputs = f"{by}, COUNT(*)" if s.rng.random() < 0.1 else by
    text += " and the number of them" if outputs != by and not whole else ", and how many of them" if outputs != by else ""
    return Plan(f"SELECT {outputs} FROM {source.sql} GROUP BY {by} HAVING COUNT(*) {op} {number}", text, "having", whole)


def how_many(s: Sampler) -> tuple[str, int, str]:
    """(operator, number, in words) of a bound on a number of rows."""
    op, number = s.rng.choices((">", ">=", "<", "=", "<="), (8, 7, 2, 2, 0.6))[0], s.rng.choices((1, 2, 3, 4, 5, 10), (6, 8, 4, 1, 1, 1))[0]
    number += op == "<" and number == 1
    return (
        op,
        number,
        s.rng.choice(words.COUNT_BOUND[op]).format(v="one" if number == 1 and s.rng.random() < 0.6 else small_number(s.rng, number)),
    )


def many_parents(s: Sampler, conditions: Conditions) -> Plan | None:
    """Rows that many or few rows of another table belong to."""
    found = related(s)
    source = found and s.graph.source((found[0], found[1]))
    if not found or not source:
        return None
    table, child, target, columns = found
    op, number, said = how_many(s)
    extra = conditions.some(child, 1, furthest=0) if s.rng.random() < 0.15 else []
    shown, names = ", ".join(source.column(c.id) for c in columns), s.listed([s.name(c) for c in columns])
    kids, parents = conditions.noun(child, extra, s.many(child)), s.many(table)
    forms = (
        "the {c} of the {p} that have {n} {k}",
        "the {c} of {p} with {n} {k}",
        "the {c} of {p} who have {n} {k}",
        "{p} with {n} {k}. Give their {c}",
        "{c} of {p} having {n} {k}",
    )
    whole = len(columns) == 1 and s.rng.random() < 0.3
    text = s.rng.choice(("which {p} have {n} {k}", "what {p} have {n} {k}", "who are the {p} with {n} {k}") if whole else forms).format(
        c=names, p=parents, n=said, k=kids
    )
    sql = (
        f"SELECT {shown} FROM {source.sql}{conditions.where(extra, source)} GROUP BY {source.column(target)} HAVING COUNT(*) {op} {number}"
    )
    return Plan(sql, text, "having", whole)
