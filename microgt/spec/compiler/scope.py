"""What the parts of a query block need to know while they are compiled."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB

from microgt.schema.types import ColumnType, Schema
from microgt.spec.compiler.kinds import kinds_of_outputs
from microgt.spec.compiler.names import output_names
from microgt.spec.joins import Instance, instance_of
from microgt.spec.types import Col, Node, Scalar, Select
from microgt.spec.walk import Query

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
_Expr = TypeVar("_Expr", bound=exp.Expr)
_RESERVED = DuckDB.Generator.RESERVED_KEYWORDS
SOURCE = "source"  # what the query that a block reads from is called
KIND = "kind"  # under which columns and moments carry their type, for other dialects


def name(text: str) -> exp.Identifier:
    """An identifier, quoted unless it is plain lower case and no keyword."""
    return exp.to_identifier(text, quoted=not _PLAIN.fullmatch(text) or text in _RESERVED)


def literal(value: Scalar) -> exp.Expr:
    """A constant of SQL."""
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, str):
        return exp.Literal.string(value)
    return exp.Neg(this=exp.Literal.number(-value)) if value < 0 else exp.Literal.number(value)


def moment(value: date) -> exp.Expr:
    """A date or a timestamp of SQL as text: it compares with dates, with timestamps, and with ISO text."""
    text = value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    return noted(exp.Literal.string(text), ColumnType.TIME)


def noted(of: _Expr, kind: ColumnType) -> _Expr:
    """The same with its type noted on it."""
    of.meta[KIND] = kind
    return of


@dataclass(frozen=True)
class Source:
    """The query that a block reads from: its alias, and the names and types of its outputs."""

    query: Query
    alias: str
    names: tuple[str, ...]
    types: tuple[ColumnType, ...]


def source_of(select: Select, schema: Schema) -> Source | None:
    """The source of a block, if it has one."""
    query = select.source
    return Source(query, SOURCE, output_names(query, schema), kinds_of_outputs(query, schema)) if query else None


@dataclass(frozen=True)
class Context:
    """What holds for a whole spec. `query` compiles a nested query."""

    schema: Schema
    as_of: date | None
    query: Callable[[Query], exp.Query]


def reading(scope: Scope) -> exp.Subquery:
    """The source as FROM reads it."""
    assert scope.source is not None
    return exp.Subquery(this=scope.context.query(scope.source.query), alias=exp.TableAlias(this=name(scope.source.alias)))


@dataclass(frozen=True)
class Scope:
    """What holds in one query block.

    outputs: what `Ref` names. aliases: the SQL name of each instance. countable: for tables whose row may be missing from a joined
    row, the column that is never NULL when the row is there. given: nodes that are computed already.
    """

    context: Context
    outputs: tuple[Node, ...] = ()
    source: Source | None = None
    aliases: Mapping[Instance, str] = field(default_factory=dict)
    countable: Mapping[str, exp.Column] = field(default_factory=dict)
    given: Mapping[Node, exp.Expr] = field(default_factory=dict)

    def column(self, col: Col) -> exp.Column:
        """The SQL column of a `Col`."""
        return self.column_of(instance_of(col, self.context.schema), col.column)

    def column_of(self, instance: Instance, column_id: str) -> exp.Column:
        """The SQL column of an instance."""
        column = self.context.schema.column(column_id)
        return noted(exp.Column(this=name(column.name), table=name(self.aliases[instance])), column.type)


def aliases_of(instances: tuple[Instance, ...], schema: Schema) -> dict[Instance, str]:
    """Short unique SQL names: the table's own, or table_key for one reached by `via`."""
    taken = {i.table.lower() for i in instances if not i.via}
    found: dict[Instance, str] = {}
    for instance in instances:
        alias = base = instance.table
        if instance.via:
            alias = base = f"{instance.table}_{schema.column(instance.via[-1]).name}"
            n = 2
            while alias.lower() in taken:
                alias, n = f"{base}_{n}", n + 1
        taken.add(alias.lower())
        found[instance] = alias
    return found
