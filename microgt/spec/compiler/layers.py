"""Named queries, each reading the one before: the groups of a block first, then what is computed from several groups."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sqlglot import exp

from microgt.spec.compiler.names import output_names
from microgt.spec.compiler.scope import Context, Scope, name, source_of
from microgt.spec.types import Aggregate, Node, Select
from microgt.spec.walk import block, group_keys

CompileBlock = Callable[[Select, Context], exp.Select]


class Layers:
    """The layers of one block so far. `columns`: the name that each computed node has in the last layer.

    computed: what later layers will compute, named here so that all names differ. parts: aggregates that they need beside the block's own.
    """

    def __init__(
        self, node: Select, context: Context, compile_block: CompileBlock, computed: Sequence[Node] = (), parts: Sequence[Aggregate] = ()
    ):
        self._node, self.context, self._compile_block = node, context, compile_block
        self._queries: list[tuple[str, exp.Query]] = []
        self.keys = group_keys(node)
        self.aggregates = list(dict.fromkeys([*(n for n in block(node) if isinstance(n, Aggregate)), *parts]))
        nodes = [*self.keys, *self.aggregates, *computed]
        self._names = dict(zip(nodes, output_names(_showing(node, nodes), context.schema), strict=True))
        self.columns = {n: self._names[n] for n in (*self.keys, *self.aggregates)}
        self.add("grouped", self._groups(node))

    def _groups(self, node: Select) -> exp.Select:
        groups = _bare(node).model_copy(update={"outputs": tuple(self.columns)})
        return _renamed(self._compile_block(groups, self.context), self.columns.values())

    def without_conditions(self) -> exp.Select | None:
        """The groups as they are without conditions; None where there are no conditions. Raises `CompileError`."""
        return None if self._node.where is None else self._groups(self._node.model_copy(update={"where": None}))

    @property
    def last(self) -> str:
        """The name of the last layer."""
        return self._queries[-1][0]

    @property
    def scope(self) -> Scope:
        """The scope in which all that is computed is a column of the last layer."""
        given: dict[Node, exp.Expr] = {n: exp.Column(this=name(c), table=name(self.last)) for n, c in self.columns.items()}
        return Scope(self.context, self._node.outputs, source_of(self._node, self.context.schema), given=given)

    def add(self, label: str, query: exp.Query) -> None:
        """A layer that keeps the columns it reads."""
        tables = [t.name.lower() for t in self.context.schema.tables]
        self._queries.append((_fresh(label, [*tables, *(n for n, _ in self._queries)]), query))

    def extend(self, label: str, computed: dict[Node, exp.Expr], where: Sequence[exp.Expr] = ()) -> None:
        """A layer with new columns beside all that the last one has; `where` holds for what it reads."""
        shown = [exp.alias_(of, name(self._names[n])) for n, of in computed.items()]
        self.add(label, exp.select(exp.Star(), *shown).from_(name(self.last)).where(*where))
        self.columns |= {n: self._names[n] for n in computed}

    def mark(self, label: str, of: exp.Expr, where: Sequence[exp.Expr] = ()) -> exp.Column:
        """A layer with one column more, which stands for no node of the spec."""
        alias = _fresh(label, [c.lower() for c in self._names.values()])
        self.add("marked", exp.select(exp.Star(), exp.alias_(of, name(alias))).from_(name(self.last)).where(*where))
        return exp.Column(this=name(alias), table=name(self.last))

    def read(self) -> exp.Select:
        """FROM the last layer, all layers before it."""
        query = exp.Select().from_(exp.Table(this=name(self.last)), copy=False)
        for label, layer in self._queries:
            query = query.with_(name(label), as_=layer, copy=False)
        return query


def _showing(node: Select, outputs: Sequence[Node]) -> Select:
    return node.model_copy(update={"outputs": tuple(outputs)})


def _bare(node: Select) -> Select:
    return node.model_copy(update={"by": (), "having": None, "sort": (), "limit": None, "distinct": False})


def _renamed(query: exp.Select, names: Iterable[str]) -> exp.Select:
    columns = [expression.unalias() for expression in query.expressions]
    query.set("expressions", [named(of, alias) for of, alias in zip(columns, names, strict=True)])
    return query


def named(of: exp.Expr, alias: str) -> exp.Expr:
    """`of AS alias`, or a column that has that name already."""
    plain = isinstance(of, exp.Column) and of.name == alias
    return of if plain else exp.Alias(this=of, alias=name(alias))


def _fresh(label: str, taken: Sequence[str]) -> str:
    found, n = label, 2
    while found in taken:
        found, n = f"{label}_{n}", n + 1
    return found
