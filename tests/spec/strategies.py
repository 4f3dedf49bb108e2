"""Random small databases, and random specs over them.

Specs are walks through the actions that the grammar allows, so that a type is drawn as soon as the grammar has it. Short ways are likelier
than long ones by what the grammar says they cost; nothing else is known of any type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

import duckdb
from hypothesis import assume
from hypothesis import strategies as st

from microgt.errors import SpecError
from microgt.schema.types import Column, ColumnType, ForeignKey, Schema, Table
from microgt.spec import Answer, Select, Spec, check, read_spec, write_spec
from microgt.spec.grammar import GRAMMAR, Action, ActionKind, Derivation, Scope
from microgt.spec.rules import classes_in
from microgt.spec.types import Aggregate, Arithmetic, Col, Node, Ref, Rows, Window
from microgt.spec.types.unions import Measured
from microgt.spec.walk import within

TYPES = {
    ColumnType.NUMBER: ("INTEGER", "DOUBLE"),
    ColumnType.TEXT: ("VARCHAR",),
    ColumnType.TIME: ("DATE", "TIMESTAMP"),
    ColumnType.BOOLEAN: ("BOOLEAN",),
    ColumnType.OTHER: ("BLOB",),
}
TABLES = ("orders", "Order Items", "select", "tags")
DIMENSION, FACTS = "customers", ("orders", "payments")
COLUMNS = ("amount", "Full Name", "group", "day", "x")
WORDS = ("EU", "us", "50% off", "2024-02-29", "7", "", "it's")
PERIODS = ("2023", "March", "Q2 2024", "2024-01-01", "yes")
NULLS = 0.15
POINTED = {ActionKind.COLUMN: 2.0, ActionKind.VALUE: 0.5}


@dataclass(frozen=True)
class Database:
    """A schema with its rows. kinds: the SQL type of each column id."""

    schema: Schema
    kinds: dict[str, str]
    rows: dict[str, list[tuple]]

    @property
    def scope(self) -> Scope:
        """What a walk may point at."""
        texts = dict.fromkeys(cell for rows in self.rows.values() for row in rows for cell in row if isinstance(cell, str))
        values = (*list(texts)[:4], *PERIODS, 2.5, 56)
        return Scope(tuple(t.name for t in self.schema.tables), tuple(c.id for c in self.schema.columns), values)

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A database in memory that holds the rows."""
        connection = duckdb.connect(":memory:", config={"threads": 1})
        for table in self.schema.tables:
            columns = ", ".join(f'"{c.name}" {self.kinds[c.id]}' for c in table.columns)
            connection.execute(f'CREATE TABLE "{table.name}" ({columns})')
            if self.rows[table.name]:
                marks = ", ".join("?" * len(table.columns))
                connection.executemany(f'INSERT INTO "{table.name}" VALUES ({marks})', self.rows[table.name])
        return connection


def plain_values(kind: str) -> tuple[Any, ...]:
    """A few cells of a SQL type."""
    first = date(2023, 12, 30)
    return {
        "INTEGER": (-2, 0, 1, 2, 7, 56),
        "DOUBLE": (-0.5, 0.0, 2.5, 100.0),
        "VARCHAR": WORDS,
        "DATE": tuple(first + timedelta(days=n) for n in (0, 1, 2, 62, 200)),
        "TIMESTAMP": tuple(f"{first + timedelta(days=n)} {hour:02}:30:00" for n, hour in ((0, 0), (1, 23), (62, 12))),
        "BOOLEAN": (True, False),
        "BLOB": (b"\x01", b"ab"),
    }[kind]


# ------------------------------------------------------------------ databases


def random_table(
    rng: Random, name: str, parents: Sequence[Table], kinds: dict[str, str], keyed: bool | None = None
) -> tuple[Table, list[ForeignKey]]:
    """A table with a key or without, that may refer to its parents and to itself; it does not when `keyed` decides."""
    found, keys = [], []
    if keyed or rng.random() < 0.8:
        found.append(("id", rng.choice(("INTEGER", "INTEGER", "VARCHAR")), True))
    for column in rng.sample(COLUMNS, rng.randint(1, 3)):
        kind = rng.choice(TYPES[rng.choice(tuple(ColumnType))])
        found.append((column, kind, False))
    targets = [t for t in parents if t.primary_key] + ([name] if found[0][2] else [])
    for n in range(rng.choice((0, 1, 1, 2)) if targets and keyed is None else 0):
        target = rng.choice(targets)
        table = target if isinstance(target, str) else target.name
        kind = found[0][1] if isinstance(target, str) else kinds[target.primary_key[0]]
        found.append((f"ref_{n}", kind, False))
        keys.append(ForeignKey(f"{name}.ref_{n}", f"{table}.id"))
    types = {sql: kind for kind, names in TYPES.items() for sql in names}
    kinds.update({f"{name}.{column}": kind for column, kind, _ in found})
    columns = tuple(Column(name, column, types[kind], tuple(column.lower().split("_")), primary) for column, kind, primary in found)
    return Table(name, tuple(name.lower().split()), columns), keys


def random_rows(rng: Random, table: Table, keys: Sequence[ForeignKey], kinds: dict[str, str], rows: dict[str, list[tuple]]) -> list[tuple]:
    """Rows with NULLs, repeats, and keys that refer to nothing."""
    targets = {k.column: k.target for k in keys}
    found = []
    for n in range(rng.randint(0, 6)):
        row = []
        for column in table.columns:
            kind = kinds[column.id]
            if column.primary:
                row.append(f"k{n}" if kind == "VARCHAR" else n)
            elif rng.random() < NULLS:
                row.append(None)
            elif column.id in targets:
                existing = [r[0] for r in rows.get(targets[column.id].rpartition(".")[0], found)]
                row.append(rng.choice([*existing, "nothing" if kind == "VARCHAR" else 99]))
            else:
                row.append(rng.choice(plain_values(kind)))
        found.append(tuple(row))
    return found


@st.composite
def databases(draw) -> Database:
    """A small database."""
    rng = draw(st.randoms(use_true_random=True))
    made: list[Table] = []
    keys: list[ForeignKey] = []
    kinds: dict[str, str] = {}
    for name in TABLES[: rng.randint(1, len(TABLES))]:
        table, more = random_table(rng, name, made, kinds)
        made.append(table)
        keys += more
    return _filled(rng, made, keys, kinds)


def _filled(rng: Random, tables: Sequence[Table], keys: Sequence[ForeignKey], kinds: dict[str, str]) -> Database:
    rows: dict[str, list[tuple]] = {}
    for table in tables:
        rows[table.name] = random_rows(rng, table, keys, kinds, rows)
    return Database(Schema("random", tuple(tables), tuple(keys)), kinds, rows)


@st.composite
def stars(draw) -> Database:
    """A dimension, and two facts that refer to it and to nothing else."""
    rng = draw(st.randoms(use_true_random=True))
    kinds: dict[str, str] = {}
    dimension = random_table(rng, DIMENSION, (), kinds, keyed=True)[0]
    tables, keys = [dimension], []
    for name in FACTS:
        table, _ = random_table(rng, name, (), kinds, keyed=True)
        column = Column(name, "ref", dimension.columns[0].type, ("ref",))
        kinds[column.id] = kinds[dimension.columns[0].id]
        tables.append(replace(table, columns=(*table.columns, column)))
        keys.append(ForeignKey(column.id, dimension.columns[0].id))
    return _filled(rng, tables, keys, kinds)


def orphans(database: Database, fact: str) -> Database:
    """The same with its rows of a fact once more, without a parent."""
    table = database.schema.table(fact)
    missing = "missing" if database.kinds[f"{fact}.ref"] == "VARCHAR" else 77
    copies = [(f"+{row[0]}" if isinstance(row[0], str) else row[0] + 1000, *row[1:-1], missing) for row in database.rows[table.name]]
    return replace(database, rows=database.rows | {fact: [*database.rows[fact], *copies]})


# ------------------------------------------------------------------ specs


Wanted = Mapping[str, tuple[type, ...]]


def random_spec(rng: Random, scope: Scope, tables: Sequence[str] = (), wanted: Wanted = {}) -> Spec:  # noqa: B006
    """A walk through the legal actions, over these tables, or over one or two. wanted: the types that may stand in a slot."""
    near = set(tables or rng.sample(scope.tables, min(len(scope.tables), rng.choice((1, 1, 2)))))
    pools = {
        ActionKind.TABLE: [i for i, t in enumerate(scope.tables) if t in near],
        ActionKind.COLUMN: [i for i, c in enumerate(scope.columns) if c.rpartition(".")[0] in near],
        ActionKind.VALUE: range(len(scope.values)),
    }
    derivation = GRAMMAR.start()
    while not derivation.done:
        derivation = derivation.push(random_action(rng, derivation, pools, wanted))
    return GRAMMAR.decode(list(derivation.actions), scope)


def random_action(rng: Random, derivation: Derivation, pools: dict[ActionKind, Sequence[int]], wanted: Wanted) -> Action:
    """A legal action: first the type or the clause, then the way to build it."""
    legal, slot, depth = derivation.legal(), GRAMMAR.slots[derivation.slot], derivation.depth
    groups: dict[Any, list[int]] = {}
    for i in legal.rules:
        groups.setdefault(GRAMMAR.rule(i).clause or GRAMMAR.rule(i).cls, []).append(i)
    if slot.endswith(".clauses"):  # in their order, then the end
        found = next((g for g in groups if isinstance(g, str) and rng.random() < 0.25), [*groups][-1])
    else:
        asked = {cls: rules for cls, rules in groups.items() if cls in wanted.get(slot, ())}
        weights: dict[Any, float] = {cls: max(_weight(i, depth) for i in rules) for cls, rules in (asked or groups).items()}
        weights |= {} if asked else {kind: POINTED.get(kind, 1.0) for kind in sorted(legal.pointers)}
        found = rng.choices([*weights], [*weights.values()])[0]
    if isinstance(found, ActionKind):
        return Action(found, rng.choice(pools[found]))
    return Action(ActionKind.RULE, rng.choices(groups[found], [_weight(i, depth) for i in groups[found]])[0])


@cache
def _weight(rule: int, depth: int) -> float:
    """The shorter the likelier, and the more so the deeper; what holds nothing is rare: constants, and specs without a query."""
    built = GRAMMAR.rule(rule)
    return (1 + GRAMMAR.rule_cost(built)) ** -(0.4 + 0.2 * depth) if built.children else 0.3 if depth else 0.03


def pruned(spec: Spec, schema: Schema) -> Spec:
    """The spec without what the checker does not accept: it goes, or a part of it takes its place."""
    while errors := check(spec, schema):
        smaller = next(_smaller(write_spec(spec), errors[0].place), None)
        if smaller is None:
            break
        spec = smaller
    return spec


def _smaller(document: dict, place: str) -> Iterator[Spec]:
    """Without what stands at the place or around it, or with a part in its stead."""
    steps = place.split("/")[1:]
    for n in reversed(range(len(steps))):
        holder: Any = document
        for step in steps[: n + 1]:
            holder = _member(holder, step)
        parts = [v for k, v in holder.items() if k != "kind"] if isinstance(holder, dict) else holder if isinstance(holder, list) else ()
        for part in (None, *parts):
            if (found := _replaced(document, steps[: n + 1], part)) is not None:
                yield found


def _member(document: Any, step: str) -> Any:
    return document[int(step)] if isinstance(document, list) else document.get(step) if isinstance(document, dict) else None


def _replaced(document: dict, steps: list[str], part: Any) -> Spec | None:
    """With a part in the place of what stands there, or without it; None when that is no spec, or no other one."""
    copy = deepcopy(document)
    holder: Any = copy
    for step in steps[:-1]:
        holder = _member(holder, step)
    key: Any = int(steps[-1]) if isinstance(holder, list) else steps[-1]
    try:
        if part is None:
            del holder[key]
        else:
            holder[key] = part
        found = read_spec(copy)
    except (KeyError, IndexError, TypeError, SpecError):
        return None
    return found if write_spec(found) != document else None


MEASURES = tuple(cls for cls in classes_in(Measured) if cls not in (Arithmetic, Ref) and not issubclass(cls, Window))
ONE_MEASURE = {"Spec": (Answer,), "Answer.query": (Select,), "Select.outputs": MEASURES}


@st.composite
def measures(draw, database: Database, table: str) -> Node:
    """A measure over the rows of one table. It compares no groups and joins nothing."""
    rng = draw(st.randoms(use_true_random=True))
    for _ in range(4):
        spec: Any = pruned(random_spec(rng, database.scope, (table,), ONE_MEASURE), database.schema)
        found = spec.query.outputs[0] if isinstance(spec, Answer) and isinstance(spec.query, Select) else None
        if found and not check(Answer(query=Select(outputs=(found,))), database.schema) and _is_of_one_table(found):
            return found
    return Aggregate(fn="count", of=Rows(table=table))


def _is_of_one_table(measure: Node) -> bool:
    taken = [node for node in within(measure) if isinstance(node, Aggregate)]
    named = all(any(isinstance(n, Col | Rows) for n in within(a.of)) for a in taken)
    return bool(taken) and named and not any(a.at for a in taken) and not any(isinstance(n, Window) for n in within(measure))


@st.composite
def specs(draw, database: Database, wanted: Wanted = {}) -> Spec:  # noqa: B006
    """A spec over a database, right or wrong."""
    return random_spec(draw(st.randoms(use_true_random=True)), database.scope, wanted=wanted)


@st.composite
def accepted(draw, database: Database | None = None, wanted: Wanted = {}) -> tuple[Database, Any]:  # noqa: B006
    """A database, unless there is one, and a spec that the checker accepts."""
    database = database or draw(databases())
    spec = pruned(draw(specs(database, wanted)), database.schema)
    assume(not check(spec, database.schema))
    return database, spec


def answers() -> st.SearchStrategy[tuple[Database, Answer]]:
    """A database and a query over it that the checker accepts."""
    return accepted(wanted={"Spec": (Answer,)})
