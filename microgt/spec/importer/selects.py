"""Query blocks and set operations of SQL as specs."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from sqlglot import exp

from microgt.errors import ImportSqlError
from microgt.schema.types import Schema
from microgt.spec.importer.expressions import Expressions, literal
from microgt.spec.importer.predicates import conjunction
from microgt.spec.importer.tables import Tables, conjuncts, read_tables, through
from microgt.spec.joins import uses_of
from microgt.spec.types import Col, Limit, Ref, Select, SetOperation, Sort, Value
from microgt.spec.walk import has_measure

MOST_OUTPUTS = 16
REFERABLE = 8  # outputs that a Ref can name


def read_query(node: exp.Query, schema: Schema) -> Select | SetOperation:
    """A SELECT or a set operation. Raises `ImportSqlError`."""
    if isinstance(node, exp.Subquery):
        return read_query(node.this, schema)
    try:
        return _set_operation(node, schema) if isinstance(node, exp.SetOperation) else _Block(node, schema).read()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise ImportSqlError("shape", f"{'/'.join(map(str, first['loc']))}: {first['msg']}") from None


def _set_operation(node: exp.SetOperation, schema: Schema) -> SetOperation:
    left, right = read_query(node.left, schema), read_query(node.right, schema)
    name = type(node).__name__.lower()
    op: Any = "union_all" if name == "union" and not node.args.get("distinct") else name
    names = [o.alias_or_name.lower() for o in node.left.selects] if isinstance(node.left, exp.Select) else []
    sort = []
    for ordered in _orderings(node):
        term = ordered.this.name.lower()
        if term not in names:
            raise ImportSqlError("set_order", f"a set operation is sorted by something that is no output: {ordered.this.sql()}")
        place: Any = names.index(term)
        sort.append(Sort(direction=_direction(ordered), by=Ref(output=place)))
    return SetOperation(op=op, left=left, right=right, sort=tuple(sort), limit=_limit(node))


class _Block:
    """Reads one SELECT."""

    def __init__(self, node: Any, schema: Schema):
        if node.args.get("with_") or node.args.get("with"):
            raise ImportSqlError("with", "WITH has no spec")
        self.node, self.schema = node, schema
        where = node.args.get("where")
        self.conditions = conjuncts(where.this) if where else []
        self.source = self._derived()
        self.tables = Tables(schema) if self.source else read_tables(node, schema, self.conditions)
        if self.source:
            self.tables.derived = {"": self._derived_names()}
        self.expressions = Expressions(self.tables, lambda query: read_query(query, schema))

    def _origin(self) -> exp.Expr | None:
        origin = self.node.args.get("from_") or self.node.args.get("from")
        return origin.this if origin is not None else None

    def _derived(self) -> Select | SetOperation | None:
        origin = self._origin()
        if not isinstance(origin, exp.Subquery):
            return None
        if self.node.args.get("joins"):
            raise ImportSqlError("derived_table", "a query can be read from, not joined with")
        return read_query(origin.this, self.schema)

    def _derived_names(self) -> list[str]:
        origin = self._origin()
        assert isinstance(origin, exp.Subquery)
        inner = origin.this
        while not isinstance(inner, exp.Select):
            inner = inner.this if isinstance(inner, exp.Subquery) else inner.left
        return [o.alias_or_name.lower() for o in inner.selects]

    def read(self) -> Select:
        """The whole block."""
        outputs = self._outputs()
        having = self.node.args.get("having")
        sort = tuple(self._sort(o, outputs) for o in _orderings(self.node))
        keys = self._keys(outputs)
        predicate = conjunction(conjuncts(having.this), self.expressions) if having else None
        measured = any(has_measure(n) for n in (*outputs, *sort, *([predicate] if predicate else [])))
        by = tuple(k for k in keys if k not in outputs)
        select = Select(
            outputs=tuple(outputs),
            source=self.source,
            where=conjunction(self.conditions, self.expressions),
            by=by,
            having=predicate,
            sort=sort,
            limit=_limit(self.node),
            distinct=bool(self.node.args.get("distinct")) or (bool(keys) and not measured and not by),
        )
        return select if self.source else self._joined(select)

    def _joined(self, select: Select) -> Select:
        """Say of the joins what the keys alone do not."""
        changes: dict[str, Any] = {"through": through(self.tables, uses_of(select, self.schema))}
        if len(self.tables.aliases) > 1:
            if self.tables.keeps_parents:
                changes["empty_groups"] = "keep"
            if not self.tables.outer or self.tables.keeps_parents:
                changes["orphans"] = "drop"
        return select.model_copy(update=changes)

    def _outputs(self) -> list[Any]:
        found: list[Any] = []
        for node in self.node.selects:
            if node.find(exp.Lower, exp.Upper):
                raise ImportSqlError("function", f"a change of case that is shown has no spec: {node.sql()[:60]}")
            if node.is_star:
                found += self._star(node)
            else:
                found.append(self.expressions.read(node.this if isinstance(node, exp.Alias) else node))
        if len(found) > MOST_OUTPUTS:
            raise ImportSqlError("many_outputs", f"{len(found)} outputs; at most {MOST_OUTPUTS}")
        return found

    def _star(self, node: exp.Expr) -> list[Col]:
        if self.source:
            raise ImportSqlError("star", "* over a query has no spec")
        owners = (
            [self.tables.aliases[node.table.lower()]] if isinstance(node, exp.Column) and node.table else list(self.tables.aliases.values())
        )
        return [Col(column=c.id, via=i.via) for i in owners for c in self.schema.table(i.table).columns]

    def _alias(self, node: exp.Expr) -> int | None:
        """The output that an unqualified name or a position stands for."""
        if isinstance(node, exp.Literal) and not node.is_string:
            return int(node.this) - 1
        if isinstance(node, exp.Column) and not node.table:
            names = [o.alias.lower() for o in self.node.selects]
            return names.index(node.name.lower()) if node.name.lower() in names else None
        return None

    def _keys(self, outputs: list[Any]) -> list[Any]:
        group = self.node.args.get("group")
        keys = []
        for node in group.expressions if group else ():
            place = self._alias(node)
            keys.append(outputs[place] if place is not None else self.expressions.read(node))
        return keys

    def _sort(self, ordered: exp.Ordered, outputs: list[Any]) -> Sort:
        place = self._alias(ordered.this)
        by = outputs[place] if place is not None else self.expressions.read(ordered.this)
        if by in outputs and has_measure(by) and outputs.index(by) < REFERABLE:
            shown: Any = outputs.index(by)
            by = Ref(output=shown)
        return Sort(direction=_direction(ordered), by=by)


def _orderings(node: exp.Query) -> list[exp.Ordered]:
    order = node.args.get("order")
    return order.expressions if order else []


def _direction(ordered: exp.Ordered) -> Any:
    return "desc" if ordered.args.get("desc") else "asc"


def _limit(node: exp.Query) -> Limit | None:
    limit = node.args.get("limit")
    if node.args.get("offset"):
        raise ImportSqlError("offset", "OFFSET has no spec")
    return Limit(n=Value(value=literal(limit.expression))) if limit else None
