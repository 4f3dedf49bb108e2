"""FROM and JOIN: which instances of tables a block uses, and which of its columns the author joined by."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlglot import exp

from microgt.errors import CompileError, ImportSqlError
from microgt.schema.types import Schema
from microgt.spec.joins import Instance, JoinTree, connect
from microgt.spec.types import Link, Through

Ends = frozenset[tuple[Instance, str]]


@dataclass
class Tables:
    """The tables of one block. aliases: name in the SQL -> instance. joined: pairs of (instance, column id) that the author equated.

    derived: name of a derived table -> the names of its outputs. outer: whether the joins are LEFT joins.
    """

    schema: Schema
    aliases: dict[str, Instance] = field(default_factory=dict)
    joined: list[Ends] = field(default_factory=list)
    derived: dict[str, list[str]] = field(default_factory=dict)
    outer: bool = False
    tree: JoinTree = field(default_factory=lambda: JoinTree((), ()))

    @property
    def keeps_parents(self) -> bool:
        """Whether a LEFT JOIN leads from parents to children: parents without any stay as a row."""
        return self.outer and any(step.down for step in self.tree.steps(next(iter(self.aliases.values()))))

    def column(self, column: exp.Column) -> tuple[Instance, str]:
        """(instance, column id) of a column of the SQL. Raises `ImportSqlError` unknown_column, ambiguous_column."""
        owner, name = column.table.lower(), column.name.lower()
        if owner and owner not in self.aliases:
            raise ImportSqlError("correlated", f"{column.sql()} belongs to no table of its own query")
        candidates = [self.aliases[owner]] if owner else list(dict.fromkeys(self.aliases.values()))
        found = [(i, c.id) for i in candidates for c in self.schema.table(i.table).columns if c.name.lower() == name]
        if not found:
            raise ImportSqlError("unknown_column", f"no column {column.sql()} in {', '.join(map(str, candidates)) or 'this query'}")
        return found[0]


def read_tables(select: exp.Select, schema: Schema, conditions: list[exp.Expr]) -> Tables:
    """The tables of a block whose FROM holds base tables only. Join conditions found in `conditions` (WHERE) are removed from it."""
    tables = Tables(schema)
    named: list[tuple[str, str]] = []
    equalities: list[tuple[exp.Column, exp.Column]] = []
    for source, join in _sources(select):
        table = _table_name(source, schema)
        named.append(((source.alias or source.name).lower(), table))
        if join is not None:
            equalities += _join_equalities(join, conditions)
            if join.side.upper() not in ("", "LEFT"):
                raise ImportSqlError("outer_join", f"{join.side} JOIN has no spec; write it as LEFT JOIN")
            tables.outer |= join.side.upper() == "LEFT"
    _name_plainly(tables, named)
    equalities += _where_equalities(tables, conditions)
    _name_repeated(tables, named, equalities)
    tables.joined = [frozenset((tables.column(a), tables.column(b))) for a, b in equalities]
    tables.tree = _authors_tree(tables)
    return tables


def _sources(select: exp.Select) -> list[tuple[exp.Expr, exp.Join | None]]:
    origin = select.args.get("from_") or select.args.get("from")
    if origin is None:
        raise ImportSqlError("no_table", "a SELECT without FROM has no spec")
    return [(origin.this, None), *((j.this, j) for j in select.args.get("joins") or ())]


def _table_name(source: exp.Expr, schema: Schema) -> str:
    if not isinstance(source, exp.Table):
        raise ImportSqlError("derived_table", "a query can be read from, not joined with")
    found = next((t.name for t in schema.tables if t.name.lower() == source.name.lower()), None)
    if found is None:
        raise ImportSqlError("unknown_table", f"no table {source.name!r} in {schema.name}")
    return found


def _name_plainly(tables: Tables, named: list[tuple[str, str]]) -> None:
    for alias, table in named:
        first = table not in {i.table for i in tables.aliases.values()}
        tables.aliases[alias] = Instance(table) if first else Instance(table, (alias,))  # the path of a repeated table is found later


def _join_equalities(join: exp.Join, conditions: list[exp.Expr]) -> list[tuple[exp.Column, exp.Column]]:
    """Equated columns of ON; its other conditions go to WHERE."""
    if join.args.get("using"):
        raise ImportSqlError("using", "JOIN ... USING is not imported; write ON")
    found = []
    on = join.args.get("on")
    for part in conjuncts(on) if on is not None else ():
        if isinstance(part, exp.EQ) and isinstance(part.left, exp.Column) and isinstance(part.right, exp.Column):
            found.append((part.left, part.right))
        elif isinstance(part, exp.Boolean) and part.this:
            continue  # ON TRUE: the condition stands elsewhere
        elif join.side:
            raise ImportSqlError("outer_condition", "a condition in the ON of an outer join has no spec")
        else:
            conditions.append(part)
    return found


def _where_equalities(tables: Tables, conditions: list[exp.Expr]) -> list[tuple[exp.Column, exp.Column]]:
    """Equations between columns of different tables in WHERE: the old way to join."""
    found = []
    for part in list(conditions):
        ends = (part.left, part.right) if isinstance(part, exp.EQ) else ()
        columns = [end for end in ends if isinstance(end, exp.Column)]
        if len(columns) == 2 and tables.column(columns[0])[0] != tables.column(columns[1])[0]:
            found.append((columns[0], columns[1]))
            conditions.remove(part)
    return found


def _name_repeated(tables: Tables, named: list[tuple[str, str]], equalities: list[tuple[exp.Column, exp.Column]]) -> None:
    """Give each repeated table the key that leads to it. Raises `ImportSqlError` self_join when no key does."""
    keys = {frozenset((k.column, k.target)): k.column for k in tables.schema.keys}
    pending = [a for a, _ in named if tables.aliases[a].via]
    while pending:
        before = len(pending)
        for alias in list(pending):
            instance = tables.aliases[alias]
            for a, b in equalities:
                (left, x), (right, y) = tables.column(a), tables.column(b)
                here, other = (left, right) if left == instance else (right, left)
                unresolved = {tables.aliases[p] for p in pending}
                if here == instance and other not in unresolved and (key := keys.get(frozenset((x, y)))):
                    tables.aliases[alias] = Instance(instance.table, (*other.via, key))
                    pending.remove(alias)
                    break
        if len(pending) == before:
            raise ImportSqlError("self_join", f"no key leads to the second {tables.aliases[pending[0]].table}")
    if any(len(i.via) > 2 for i in tables.aliases.values()):
        raise ImportSqlError("self_join", "more than two keys lead to an instance")


def _authors_tree(tables: Tables) -> JoinTree:
    """The tree of the author's joins, to ask which table is the finest."""
    uses = list(dict.fromkeys(tables.aliases.values()))
    if len(uses) > 1 and not tables.joined:
        raise ImportSqlError("cross_join", f"nothing joins {' and '.join(map(str, uses))}")
    for links in ((), _links(tables)):
        try:
            tree = connect(uses, tables.schema, links)
        except CompileError:
            continue
        if _pairs(tree) == set(tables.joined):
            return tree
    raise ImportSqlError("join_path", f"the joins between {', '.join(map(str, uses))} are no tree of keys")


def _links(tables: Tables, most: int = 4) -> tuple[Link, ...]:
    """The author's joins between plain tables, as links."""
    plain = [sorted(pair, key=lambda end: end[1]) for pair in tables.joined if all(not i.via for i, _ in pair) and len(pair) == 2]
    return tuple(Link(left=a[1], right=b[1]) for a, b in plain)[:most]


def _pairs(tree: JoinTree) -> set[Ends]:
    return {frozenset(((e.many, a), (e.one, b))) for e in tree.edges for a, b in e.on}


def through(tables: Tables, used: list[Instance]) -> tuple[Through | Link, ...]:
    """The least that makes the derived tree the author's: nothing, the tables passed through, or the joins themselves."""
    wanted = set(tables.joined)
    every = list(dict.fromkeys(tables.aliases.values()))
    missing = [i for i in every if i not in used]
    options: list[tuple[Through | Link, ...]] = [()]
    plain = [Through(table=i.table) for i in missing if not i.via]
    options += [(t,) for t in plain] if len(plain) > 1 else []
    options += [tuple(plain[:4])] if plain else []
    options.append(_links(tables))
    options.append((*plain, *_links(tables))[:4])
    for option in options:
        links = tuple(o for o in option if isinstance(o, Link))
        extra = [Instance(o.table) for o in option if isinstance(o, Through)]
        extra += [Instance(tables.schema.column(c).table) for link in links for c in (link.left, link.right)]
        try:
            tree = connect(list(dict.fromkeys([*used, *extra])) or every[:1], tables.schema, links)
        except CompileError:
            continue
        if _pairs(tree) == wanted and set(tree.instances) >= set(every):
            return option
    raise ImportSqlError("join_path", f"the joins between {', '.join(map(str, every))} cannot be said")


def conjuncts(condition: exp.Expr) -> list[exp.Expr]:
    """The parts of a conjunction, parentheses removed."""
    condition = condition.unnest()
    return [*conjuncts(condition.left), *conjuncts(condition.right)] if isinstance(condition, exp.And) else [condition]
