"""Columns of rows."""

from __future__ import annotations

from collections.abc import Sequence

from microgt.data.generator.profile import plural
from microgt.data.generator.sql.conditions import Conditions
from microgt.data.generator.sql.sampler import Plan, Sampler
from microgt.schema.types import Column

_OF = (
    "the {c} of {all}{t}",
    "the {c} of {all}{t}",
    "{c} of {all}{t}",
    "the {c} for {all}{t}",
    "the {p} of {all}{t}",
    "{p} of {all}{t}",
    "{c} for {all}{t}",
)
_EACH = ("the {c} of each {o}", "the {c} for each {o}", "the {c} of every {o}", "each {o}'s {c}")


def of(s: Sampler, conditions: Conditions, table: str, columns: Sequence[Column], found: Sequence = ()) -> str:
    """The columns of the rows that fulfil some conditions, as a noun phrase."""
    names = [s.name(c, table) for c in columns]
    every = s.rng.choice(("", "", "all ", "the ", "all the ")) if not found else s.rng.choice(("", "the ", "all ", "those ", ""))
    words = {
        "c": s.listed(names),
        "p": s.listed([plural(n) for n in names]),
        "t": conditions.noun(table, found, s.many(table)),
        "all": every,
    }
    if s.rng.random() < 0.12:
        return s.rng.choice(_EACH).format(o=conditions.noun(table, found, s.one(table)), **words)
    return s.rng.choice(_OF).format(**words)


def selected(s: Sampler, columns: Sequence[Column], source) -> str:
    """The columns as they stand behind SELECT."""
    return ", ".join(source.column(c.id) for c in columns)


def plain(s: Sampler, conditions: Conditions) -> Plan | None:
    """Columns of all rows."""
    table = s.entity()
    columns = s.shown(table)
    source = s.source(first=table)
    if source is None:
        return None
    text = of(s, conditions, table, columns)
    if columns[0] == s.profile.label(table) and len(columns) > 1 and s.rng.random() < 0.2:
        text = f"all {s.many(table)} with their {s.listed([s.name(c, table) for c in columns[1:]])}"
    return Plan(f"SELECT {selected(s, columns, source)} FROM {source.sql}", text, "list")


def chosen(s: Sampler, conditions: Conditions) -> Plan | None:
    """Columns of the rows that fulfil one to three conditions."""
    table = s.entity()
    columns = s.shown(table)
    found = conditions.some(table, 3, least=1, avoid=columns)
    source = s.source(*columns, *(f.column for f in found), first=table)
    if not found or source is None:
        return None
    distinct = len(source.tables) > 1 and s.rng.random() < 0.2
    text = of(s, conditions, table, columns, found)
    if distinct:
        text = (
            text.replace("the ", "the " + s.rng.choice(("distinct ", "different ", "unique ")), 1)
            if text.startswith("the ")
            else "distinct " + text
        )
    label = s.profile.label(table)
    whole = columns == [label] and not distinct and s.rng.random() < 0.3
    if whole:
        text = s.rng.choice(
            (
                "which {x}",
                "which {x} are there",
                "what are the {x}",
                "who are the {x}" if label and "name" in label.words else "what are the {x}",
            )
        )
        text = text.format(x=conditions.noun(table, found, s.many(table)))
    sql = f"SELECT {'DISTINCT ' if distinct else ''}{selected(s, columns, source)} FROM {source.sql}{conditions.where(found, source)}"
    return Plan(sql, text, "filter", whole)


def related(s: Sampler, conditions: Conditions) -> Plan | None:
    """A column of the rows beside one of what they belong to."""
    table = s.entity()
    label = s.profile.label(table)
    others = [t for t, _ in s.near(table) if t != table and s.profile.label(t)]
    if not others or label is None:
        return None
    other = s.rng.choice(others)
    far = s.shown(other, 1)
    columns = [label, *far] if s.rng.random() < 0.8 else [*far, label]
    found = conditions.some(table, 1, avoid=columns) if s.rng.random() < 0.35 else []
    source = s.source(*columns, *(f.column for f in found), first=table)
    if source is None:
        return None
    noun, there = conditions.noun(table, found, s.many(table)), s.name(far[0], table)
    forms = (
        "the {c} of {t} and the {d} of their {o}",
        "the {c} of {t} and their {d}",
        "each {x}'s {c} and {d}",
        "{t} and their {d}",
        "the {c} and {d} for all {t}",
        "{c} and {d} of {t}",
    )
    words = {"c": s.name(label), "t": noun, "d": there, "o": s.one(other), "x": conditions.noun(table, found, s.one(table))}
    if found:
        forms = tuple(f for f in forms if "{x}" not in f)
    sql = f"SELECT {selected(s, columns, source)} FROM {source.sql}{conditions.where(found, source)}"
    text = s.rng.choice(forms).format(**words) if columns[0] == label else f"the {there} and {s.name(label, table)} of {noun}"
    return Plan(sql, text, "list")


def ordered(s: Sampler, conditions: Conditions) -> Plan | None:
    """Columns of rows, sorted."""
    table = s.entity()
    columns = s.shown(table)
    by = s.rng.choice(columns) if s.rng.random() < 0.3 else s.ordered(table, furthest=s.rng.choice((0, 0, 0, 2)))
    if by is None:
        return None
    found = conditions.some(table, 1, least=1, avoid=[*columns, by]) if s.rng.random() < 0.25 else []
    source = s.source(*columns, by, *(f.column for f in found), first=table)
    if source is None:
        return None
    down, letters = s.rng.random() < 0.4, by.id in s.profile.schema.values
    sql = f"SELECT {selected(s, columns, source)} FROM {source.sql}{conditions.where(found, source)} ORDER BY {source.column(by.id)}{' DESC' if down else ''}"
    return Plan(sql, of(s, conditions, table, columns, found) + order(s, s.name(by, table), down, letters), "order")


def order(s: Sampler, name: str, down: bool, letters: bool = False) -> str:
    """How rows are sorted, with a space before it."""
    up_forms = (
        " sorted by {n}",
        " ordered by {n}",
        " in ascending order of {n}",
        " sorted by {n} in ascending order",
        " in order of {n}",
        " ordered by {n} ascending",
        ", sorted by {n} from low to high",
        " in increasing order of {n}",
    )
    down_forms = (
        " in descending order of {n}",
        " sorted by {n} in descending order",
        " ordered by {n} descending",
        ", sorted by {n} from high to low",
        " from the highest to the lowest {n}",
        " in decreasing order of {n}",
    )
    if letters:
        up_forms = (
            " in alphabetical order of {n}",
            " sorted by {n} alphabetically",
            " in lexicographic order of {n}",
            " ordered by {n}",
            " sorted by {n}",
        )
        down_forms = (
            " in reverse alphabetical order of {n}",
            " in descending alphabetical order of {n}",
            " sorted by {n} in descending order",
        )
    return s.rng.choice(down_forms if down else up_forms).format(n=name)


def different(s: Sampler, conditions: Conditions) -> Plan | None:
    """The different values of a column."""
    table = s.entity()
    column = s.key(table)
    if column is None:
        return None
    found = conditions.some(table, 1, least=1, avoid=[column]) if s.rng.random() < 0.4 else []
    source = s.source(column, *(f.column for f in found), first=table)
    if source is None:
        return None
    many, name = conditions.noun(table, found, s.many(table)), plural(s.name(column, table))
    forms = (
        "the different {c} of {t}",
        "the distinct {c} of {t}",
        "all the unique {c} of {t}",
        "the distinct {c} for {t}",
        "the different {c} that {t} have",
        "all distinct {c} among {t}",
        "all possible {c} of {t}",
    )
    sql = f"SELECT DISTINCT {source.column(column.id)} FROM {source.sql}{conditions.where(found, source)}"
    return Plan(sql, s.rng.choice(forms).format(c=name, t=many), "distinct")
