"""FROM and JOIN as they are written: the aliases of a block and the columns that its author equated."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from sqlglot import exp

from microgt.errors import ImportSqlError
from microgt.schema.types import Schema
from microgt.spec.importer.refusals import joined_query, on_outer_join, outer_column, unknown_column, unknown_table
from microgt.spec.joins import Edge, Instance, JoinTree
from microgt.spec.references import references


class End(NamedTuple):
    """A column of an alias."""

    alias: str
    column: str


class Equality(NamedTuple):
    """Two columns of different aliases equated in ON or in WHERE."""

    left: End
    right: End
    node: exp.Expr

    @property
    def ids(self) -> frozenset[str]:
        """Both column ids."""
        return frozenset((self.left.column, self.right.column))


@dataclass
class Aliases:
    """The tables of one block. tables: alias -> table, in order. sides: alias -> LEFT, RIGHT or FULL. joins: what connects them.

    nodes: alias -> where it is given. merged: columns that USING makes one with those of an earlier table.
    """

    schema: Schema
    tables: dict[str, str] = field(default_factory=dict)
    nodes: dict[str, exp.Expr] = field(default_factory=dict)
    sides: dict[str, str] = field(default_factory=dict)
    joins: list[Equality] = field(default_factory=list)
    merged: set[End] = field(default_factory=set)

    def named(self, star: exp.Column) -> str:
        """The alias of `alias.*`. Raises `ImportSqlError` unknown_table."""
        if star.table.lower() in self.tables:
            return star.table.lower()
        raise unknown_table(star, star.table, "in its query", tuple(self.tables))

    def end(self, column: exp.Column) -> End:
        """The column that is meant. Raises `ImportSqlError` correlated, unknown_column."""
        owner, name = column.table.lower(), column.name.lower()
        if owner and owner not in self.tables:
            raise outer_column(column, tuple(self.tables))
        for alias in (owner,) if owner else self.tables:
            for found in self.schema.table(self.tables[alias]).columns:
                if found.name.lower() == name:
                    return End(alias, found.id)
        tables = [self.tables[owner]] if owner else list(self.tables.values())
        names = [c.name for table in tables for c in self.schema.table(table).columns]
        raise unknown_column(column, column.name, f"in {', '.join(tables) or 'this query'}", names)

    def node(self, alias: str) -> Instance:
        """The alias as a node of `tree`."""
        return Instance(self.tables[alias], (alias,))

    def tree(self) -> JoinTree:
        """The author's joins between aliases."""
        nodes = tuple(self.node(alias) for alias in self.tables)
        return JoinTree(nodes, tuple(self._edge(pair) for pair in self._pairs().values()))

    def is_key(self, edge: Edge) -> bool:
        """Whether the join is along declared keys."""
        keys = {(k.column, k.target) for k in self.schema.keys}
        return all(on in keys for on in edge.on)

    def _pairs(self) -> dict[frozenset[str], list[Equality]]:
        pairs: dict[frozenset[str], list[Equality]] = {}
        for join in self.joins:
            pairs.setdefault(frozenset((join.left.alias, join.right.alias)), []).append(join)
        return pairs

    def _edge(self, joins: list[Equality]) -> Edge:
        """From the side that refers to the side referred to; a pair that no key joins goes towards the side whose primary key it holds."""
        first = joins[0]
        pairs = ((j.left, j.right) if j.left.alias == first.left.alias else (j.right, j.left) for j in joins)
        straight = tuple((a.column, b.column) for a, b in pairs)
        turned = tuple((b, a) for a, b in straight)
        left, right = self.node(first.left.alias), self.node(first.right.alias)
        here, there = Edge(left, right, straight), Edge(right, left, turned)
        for edge in (here, there):
            if self.is_key(edge):
                return edge
        for edge in (here, there):
            primary = self.schema.table(edge.one.table).primary_key
            if primary and {one for _, one in edge.on} >= set(primary):
                return edge
        return Edge(left, right, straight, multiplies=True)


def read_aliases(select: exp.Select, schema: Schema, conditions: list[exp.Expr]) -> Aliases:
    """The aliases of a block that reads base tables only.

    Joins written in WHERE are taken out of `conditions`; what stands in ON and joins nothing is added to it.
    Raises `ImportSqlError` unknown_table, derived_table, cross_join, outer_join, natural_join.
    """
    aliases = Aliases(schema)
    equalities: list[Equality] = []
    for source, join in _sources(select):
        alias = (source.alias or source.name).lower()
        earlier = list(aliases.tables)
        if alias in earlier:
            raise ImportSqlError("self_join", f"two tables of one query are named {alias}: name one of them by AS", node=source)
        aliases.tables[alias], aliases.nodes[alias] = _table_name(source, schema), source
        if join is not None:
            equalities += _equalities_of(join, alias, earlier, aliases, conditions)
    for part in () if aliases.sides else list(conditions):  # WHERE leaves of an outer join what an inner join gives
        if (equality := _equality(part, aliases)) is not None:
            equalities.append(equality)
            conditions.remove(part)
    aliases.joins, rest = _spanning(equalities, aliases)
    if rest and aliases.sides:
        raise on_outer_join(rest[0])
    conditions += rest
    return aliases


def _sources(select: exp.Select) -> list[tuple[exp.Expr, exp.Join | None]]:
    origin = select.args.get("from_")
    if origin is None:
        raise ImportSqlError("no_table", "a SELECT without FROM has no spec", node=select)
    return [(origin.this, None), *((j.this, j) for j in select.args.get("joins") or ())]


def _table_name(source: exp.Expr, schema: Schema) -> str:
    if not isinstance(source, exp.Table):
        raise joined_query(source)
    found = next((t.name for t in schema.tables if t.name.lower() == source.name.lower()), None)
    if found is None:
        raise unknown_table(source, source.name, f"in {schema.name}", [t.name for t in schema.tables])
    return found


def _equalities_of(join: exp.Join, alias: str, earlier: list[str], aliases: Aliases, conditions: list[exp.Expr]) -> list[Equality]:
    """Equated columns of a JOIN; its other conditions go to `conditions`."""
    if join.args.get("method"):
        raise ImportSqlError("natural_join", f"{join.args['method']} JOIN is not imported; write ON", node=join)
    if join.side:
        aliases.sides[alias] = join.side.upper()
    parts = conjuncts(join.args["on"]) if join.args.get("on") is not None else []
    parts += _using(join, alias, earlier, aliases)
    found = []
    for part in parts:
        if (equality := _equality(part, aliases)) is not None:
            found.append(equality)
        elif isinstance(part, exp.Boolean) and part.this:
            continue  # ON TRUE: the condition stands elsewhere
        elif join.side:
            raise on_outer_join(part)
        else:
            conditions.append(part)
    return found


def _using(join: exp.Join, alias: str, earlier: list[str], aliases: Aliases) -> list[exp.Expr]:
    """The equations that USING says. Its columns are the earlier ones, which right and full joins do not keep: these are refused."""
    names: list[exp.Identifier] = join.args.get("using") or []
    if names and join.side.upper() in ("RIGHT", "FULL"):
        raise ImportSqlError("outer_join", f"{join.side} JOIN with USING has no spec; write ON", node=join)
    parts: list[exp.Expr] = []
    for name in names:
        column = exp.column(name.copy(), alias)
        aliases.merged.add(aliases.end(column))
        parts.append(exp.EQ(this=exp.column(name.copy(), _owner(name, earlier, aliases)), expression=column))
    return parts


def _owner(name: exp.Identifier, earlier: list[str], aliases: Aliases) -> str:
    """The earlier alias that has the column of USING."""
    for alias in earlier:
        if any(c.name.lower() == name.name.lower() for c in aliases.schema.table(aliases.tables[alias]).columns):
            return alias
    raise ImportSqlError("unknown_column", f"USING names {name.name}, which no table before it has", node=name, given=name.name)


def _equality(part: exp.Expr, aliases: Aliases) -> Equality | None:
    """Two columns of different aliases equated, or None."""
    if not isinstance(part, exp.EQ):
        return None
    left, right = part.left.unnest(), part.right.unnest()
    if not (isinstance(left, exp.Column) and isinstance(right, exp.Column)):
        return None
    ends = aliases.end(left), aliases.end(right)
    return Equality(*ends, part) if ends[0].alias != ends[1].alias else None


def _spanning(equalities: list[Equality], aliases: Aliases) -> tuple[list[Equality], list[exp.Expr]]:
    """The equalities that join all aliases into a tree, declared keys first; the others are conditions. Raises cross_join."""
    pairs: dict[frozenset[str], list[Equality]] = {}
    for equality in equalities:
        pairs.setdefault(frozenset((equality.left.alias, equality.right.alias)), []).append(equality)
    groups = [_joining(pair, aliases.schema) for pair in pairs.values()]
    component = {alias: alias for alias in aliases.tables}
    joins: list[Equality] = []
    for group, _ in sorted(groups, key=lambda g: not g[1]):
        here, there = (component[end.alias] for end in (group[0].left, group[0].right))
        if here != there:
            joins += group
            component = {alias: there if c == here else c for alias, c in component.items()}
    first, *others = component
    if apart := [alias for alias in others if component[alias] != component[first]]:
        message = f"nothing joins {' and '.join(aliases.tables.values())}; a spec joins tables by equal columns, and has no product of them"
        raise ImportSqlError("cross_join", message, node=aliases.nodes[apart[0]])
    return joins, [e.node for e in equalities if e not in joins]


def _joining(pair: list[Equality], schema: Schema) -> tuple[list[Equality], bool]:
    """The equalities of two aliases that are one join, and whether it is along a key: a whole composite key, one key, or all of them."""
    given = {equality.ids: equality for equality in pair}
    keys = [[frozenset(ends) for ends in pairs] for pairs in references(schema)]
    whole = next((key for key in keys if len(key) > 1 and all(ids in given for ids in key)), None)
    if whole:
        return [given[ids] for ids in whole], True
    one = next((e for e in pair if any(e.ids in key for key in keys)), None)
    return ([one], True) if one else (pair, False)


def conjuncts(condition: exp.Expr) -> list[exp.Expr]:
    """The parts of a conjunction, parentheses removed."""
    condition = condition.unnest()
    return [*conjuncts(condition.left), *conjuncts(condition.right)] if isinstance(condition, exp.And) else [condition]
