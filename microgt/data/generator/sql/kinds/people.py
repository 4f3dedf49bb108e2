"""People by their whole name, where a table has the first and the last name in columns of their own."""

from __future__ import annotations

from dataclasses import dataclass

from microgt.data.generator.profile import plural
from microgt.data.generator.sql.conditions import Conditions, literal
from microgt.data.generator.sql.keys import Source
from microgt.data.generator.sql.sampler import Plan, Sampler
from microgt.errors import EngineError
from microgt.schema.catalog import quoted
from microgt.schema.types import Column, ColumnType

_FIRST, _LAST = frozenset({"first", "fname", "forename", "given"}), frozenset({"last", "lname", "surname", "family"})
_MOST = 200  # rows that a name is taken from
_OWN = (
    "what is the {c} of {p}",
    "what is {p}'s {c}",
    "the {c} of {p}",
    "the {c} of the {t} {p}",
    "the {c} of the {t} named {p}",
    "{p}'s {c}",
    "the {c} for {t} {p}",
    "which {c} does {p} have",
)
_COUNT = (
    "how many {n} does {p} have",
    "how many {n} does the {t} {p} have",
    "the number of {n} of {p}",
    "how many {n} are there for {p}",
    "the count of {n} of {t} {p}",
    "how many {n} belong to {p}",
    "how many {n} did {p} have",
)
_CHILDREN = (
    "the {c} of the {n} of {p}",
    "the {c} of all {n} by the {t} {p}",
    "what are the {c} of {p}'s {n}",
    "the {c} of {n} that belong to {p}",
    "the {n} of {t} {p}, with their {c}",
    "which {c} do the {n} of {p} have",
)
_EITHER = ("the {c} of the {n} of {p} or {o}", "the {c} of {n} by {p} or {o}", "what are the {c} of the {n} of the {t} {p} or {o}")
_BOTH = ("the {c} of {n} that both {p} and {o} have", "which {c} do the {n} of {p} and those of {o} have in common")


@dataclass(frozen=True)
class _Person:
    table: str
    first: Column
    last: Column
    names: tuple[str, str]

    @property
    def said(self) -> str:
        return " ".join(self.names)

    def sql(self, source: Source) -> str:
        columns = (source.column(c.id) for c in (self.first, self.last))
        return " AND ".join(f"{column} = {literal(name)}" for column, name in zip(columns, self.names, strict=True))


def own(s: Sampler, conditions: Conditions) -> Plan | None:
    """What is known of somebody."""
    person = _anybody(s)
    if person is None:
        return None
    shown = [c for c in s.shown(person.table) if c not in (person.first, person.last)]
    source = s.source(first=person.table)
    if not shown or source is None:
        return None
    text = s.rng.choice(_OWN).format(c=s.listed([s.name(c) for c in shown]), p=_typed(s, person), t=s.one(person.table))
    columns = ", ".join(source.column(c.id) for c in shown)
    return Plan(f"SELECT {columns} FROM {source.sql} WHERE {person.sql(source)}", text, "filter", _whole(text))


def theirs(s: Sampler, conditions: Conditions) -> Plan | None:
    """What belongs to somebody, or how much of it."""
    person = _anybody(s)
    child = _child(s, person.table) if person else None
    if person is None or child is None:
        return None
    shown = s.shown(child, 1)
    source = s.source(*shown, person.first, first=child)
    if source is None:
        return None
    words = {"n": s.many(child), "p": _typed(s, person), "t": s.one(person.table), "c": plural(s.name(shown[0], child))}
    if s.rng.random() < 0.45:
        text = s.rng.choice(_COUNT).format(**words)
        return Plan(f"SELECT COUNT(*) FROM {source.sql} WHERE {person.sql(source)}", text, "count", _whole(text))
    text = s.rng.choice(_CHILDREN).format(**words)
    sql = f"SELECT {source.column(shown[0].id)} FROM {source.sql} WHERE {person.sql(source)}"
    return Plan(sql, text, "filter", _whole(text))


def of_two(s: Sampler, conditions: Conditions) -> Plan | None:
    """What belongs to one or another, or to both."""
    person = _anybody(s)
    other, child = (_another(s, person), _child(s, person.table)) if person else (None, None)
    if person is None or other is None or child is None:
        return None
    shown = s.shown(child, 1)[0]
    source = s.source(shown, person.first, first=child)
    if source is None:
        return None
    both = s.rng.random() < 0.35
    column = source.column(shown.id)
    words = {"n": s.many(child), "p": _typed(s, person), "o": _typed(s, other), "t": s.one(person.table), "c": plural(s.name(shown, child))}
    text = s.rng.choice(_BOTH if both else _EITHER).format(**words)
    if both:
        sql = " INTERSECT ".join(f"SELECT {column} FROM {source.sql} WHERE {p.sql(source)}" for p in (person, other))
    else:
        sql = f"SELECT {column} FROM {source.sql} WHERE ({person.sql(source)}) OR ({other.sql(source)})"
    return Plan(sql, text, "set" if both else "filter", _whole(text))


def _whole(text: str) -> bool:
    """Whether it is a sentence already."""
    return text.startswith(("what", "how", "which"))


def _anybody(s: Sampler) -> _Person | None:
    found = [(t.name, first, last) for t in s.schema.tables for first, last in [_name_columns(t.columns)] if first and last]
    if not found:
        return None
    table, first, last = s.rng.choice(found)
    return _person(s, table, first, last)


def _another(s: Sampler, person: _Person) -> _Person | None:
    found = _person(s, person.table, person.first, person.last)
    return found if found and found.names != person.names else None


def _name_columns(columns: tuple[Column, ...]) -> tuple[Column | None, Column | None]:
    """The columns of first and of last names."""
    texts = [c for c in columns if c.type is ColumnType.TEXT and len(c.words) < 4]
    first, last = ([c for c in texts if part & set(c.words)] for part in (_FIRST, _LAST))
    return next(iter(first), None), next(iter(last), None)


def _person(s: Sampler, table: str, first: Column, last: Column) -> _Person | None:
    a, b = quoted(first.name), quoted(last.name)
    sql = f"SELECT DISTINCT {a}, {b} FROM {quoted(table)} WHERE {a} IS NOT NULL AND {b} IS NOT NULL ORDER BY 1, 2 LIMIT {_MOST}"
    try:
        rows = [(str(x), str(y)) for x, y in s.cells.run(sql)]
    except EngineError:
        return None
    rows = [names for names in rows if all(name and name.replace(" ", "").isalpha() for name in names)]
    return _Person(table, first, last, s.rng.choice(rows)) if rows else None


def _child(s: Sampler, table: str) -> str | None:
    """A table whose rows belong to those of a table, one or two keys away."""
    ways = {t.name: s.graph.distances(t.name, True).get(table) for t in s.schema.tables if s.profile.shown(t.name)}
    near = [t for t, way in ways.items() if way and 0 < way[0] < 3]
    return s.rng.choice(near) if near else None


def _typed(s: Sampler, person: _Person) -> str:
    """The name, now and then without capitals or in quotes."""
    roll = s.rng.random()
    return person.said.lower() if roll < 0.12 else f'"{person.said}"' if roll < 0.22 else person.said
