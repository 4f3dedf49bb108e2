"""A number that a row has, asked for without the name of its column: how long, how many people live there, where it is."""

from __future__ import annotations

from typing import NamedTuple

from microgt.data.generator.sql import words
from microgt.data.generator.sql.conditions import Conditions, literal
from microgt.data.generator.sql.sampler import Plan, Sampler
from microgt.schema.types import Column, ColumnType

_HOW = ("how {a} is {v}", "how {a} is {v}", "how {a} is the {t} {v}", "how {a} is {v} {t}", "how {a} was {v}")
_WHERE = (
    "where is {v}",
    "where is the {t} {v}",
    "where can {v} be found",
    "where is {v} located",
    "in which {p} is {v}",
    "what {p} is {v} in",
)
_STORED = (
    "how many {n} does {v} have",
    "how many {n} are there in {v}",
    "how many {n} are in {v}",
    "how many {n} has {v}",
    "the number of {n} of {v}",
)
_LIVE = ("how many {n} live in {v}", "how many {n} are there in {v}", "how many {n} does {v} have", "how many {n} in {v}")


def how_much(s: Sampler, conditions: Conditions) -> Plan | None:
    """How old, how high, how long something is that is called by its name: the column of a row."""
    named = _named(s)
    found = [c for c in s.profile.numeric(named.table) if words.adjectives(c)] if named else []
    if not named or not found:
        return None
    column = s.rng.choice(found)
    text = s.rng.choice(_HOW).format(a=s.rng.choice(words.adjectives(column)), v=conditions.said(named.value), t=s.one(named.table))
    return _of_row(s, column, named, text)


def stored_count(s: Sampler, conditions: Conditions) -> Plan | None:
    """How many something has where a column holds the count: nothing is counted then."""
    named = _named(s)
    found = [(c, said) for c in s.profile.numeric(named.table) if (said := words.counted(c))] if named else []
    if not named or not found:
        return None
    column, nouns = s.rng.choice(found)
    noun = s.rng.choice(nouns)
    forms = _LIVE if noun in words.PEOPLE else _STORED
    text = s.rng.choice(forms).format(n=noun, v=conditions.said(named.value))
    if "does" not in text and s.rng.random() < 0.15:
        text = text.replace(noun, f"{noun} in total", 1) if s.rng.random() < 0.3 else text.replace("how many", "what number of", 1)
    return _of_row(s, column, named, text)


def where(s: Sampler, conditions: Conditions) -> Plan | None:
    """The place of something that is called by its name."""
    named = _named(s)
    found = [c for c in s.profile.shown(named.table) if _is_place(c) and c != named.label] if named else []
    if not named or not found:
        return None
    column = s.rng.choice(found)
    text = s.rng.choice(_WHERE).format(v=conditions.said(named.value), t=s.one(named.table), p=s.name(column, named.table))
    return _of_row(s, column, named, text)


def best(s: Sampler, conditions: Conditions) -> Plan | None:
    """The row with the most of what an adjective says: the longest river is a river, no length."""
    table = s.entity()
    label = s.profile.label(table)
    found = [c for c in s.profile.numeric(table) if words.superlatives(c, True)] if label else []
    if not found or label is None:
        return None
    by, most = s.rng.choice(found), s.rng.random() < 0.65
    some = conditions.some(table, 1, least=s.rng.choice((0, 1, 1)), avoid=[label, by], up=True)
    source = s.source(label, by, *(c.column for c in some), first=table)
    if source is None:
        return None
    n = s.rng.choices((1, 3, 2, 5), (12, 1, 0.5, 0.5))[0]
    noun = conditions.noun(table, some, s.one(table) if n == 1 else s.many(table))
    adjective = s.rng.choice(words.superlatives(by, most))
    name = source.column(label.id)
    order = f"{source.column(by.id)}{' DESC' if most else ''}"
    sql = f"SELECT {name} FROM {source.sql}{conditions.where(some, source)} ORDER BY {order} LIMIT {n}"
    forms = (
        "what is the {a} {t}",
        "which is the {a} {t}",
        "which {t} is the {a}",
        "name the {a} {t}",
        "the {a} {t}",
        "give me the {a} {t}",
    )
    if n > 1:
        forms = ("what are the {k} {a} {t}", "which are the {k} {a} {t}", "name the {k} {a} {t}", "the {k} {a} {t}")
    if some:
        forms = tuple(f for f in forms if not f.endswith("is the {a}"))
    text = s.rng.choice(forms).format(a=adjective, t=noun, k=n)
    return Plan(sql, text, "extreme", not text.startswith("the "))


class _Named(NamedTuple):
    """A row of a table by its name. label: the column of names."""

    table: str
    label: Column
    value: str


def _named(s: Sampler) -> _Named | None:
    table = s.entity()
    label = s.profile.label(table)
    value = s.cells.text(label, s.rng) if label else None
    return _Named(table, label, value) if label and value else None


def _is_place(column: Column) -> bool:
    return column.type is ColumnType.TEXT and bool(words.PLACES & set(column.words))


def _of_row(s: Sampler, column: Column, named: _Named, text: str) -> Plan | None:
    """The column of the row."""
    source = s.source(first=column.table)
    if source is None:
        return None
    sql = f"SELECT {source.column(column.id)} FROM {source.sql} WHERE {source.column(named.label.id)} = {literal(named.value)}"
    return Plan(sql, text, "filter", not text.startswith("the "))
