"""Query blocks and set operations of SQL as specs."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from sqlglot import exp

from microgt.errors import ImportSqlError
from microgt.schema.types import Schema
from microgt.spec.importer.aliases import Aliases, conjuncts
from microgt.spec.importer.canonical import ONE_ROW, Groups, as_set, bare_columns, row_of_extreme
from microgt.spec.importer.expressions import Expressions, literal
from microgt.spec.importer.predicates import conjunction, predicate
from microgt.spec.importer.tables import Tables, read_tables
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
    if op != "union_all":
        left, right = as_set(left), as_set(right)
    sort = tuple(Sort(direction=_direction(o), by=_place(o.this, _output_names(node))) for o in _orderings(node))
    return SetOperation(op=op, left=left, right=right, sort=sort, limit=_limit(node))


def _place(term: exp.Expr, names: tuple[str, ...]) -> Ref:
    """The output of a set operation that a term of its ORDER BY names. Raises `ImportSqlError` set_order."""
    number = isinstance(term, exp.Literal) and term.is_int
    place: Any = int(term.name) - 1 if number else names.index(term.name.lower()) if term.name.lower() in names else -1
    if not 0 <= place < min(len(names), REFERABLE):
        raise ImportSqlError("set_order", f"a set operation is sorted by something that is no output: {term.sql()}")
    return Ref(output=place)


def _output_names(node: exp.Expr) -> tuple[str, ...]:
    """The names that a query gives its outputs."""
    while not isinstance(node, exp.Select):
        node = node.this if isinstance(node, exp.Subquery) else node.left  # type: ignore[attr-defined]
    return tuple(o.alias_or_name.lower() for o in node.selects)


class _Block:
    """Reads one SELECT."""

    def __init__(self, node: Any, schema: Schema):
        self.node, self.schema = node, schema
        where = node.args.get("where")
        self.conditions = conjuncts(where.this) if where else []
        origin = node.args["from_"].this if node.args.get("from_") else None
        self.source = self._read_source(origin) if isinstance(origin, exp.Subquery) else None
        if isinstance(origin, exp.Subquery):
            self.tables = Tables(schema, Aliases(schema), derived=_output_names(origin))
        else:
            self.tables = read_tables(node, schema, self.conditions)
        self.groups = Groups(self.tables)
        self.expressions = Expressions(self.tables, lambda query: read_query(query, schema), predicate)

    def _read_source(self, origin: exp.Subquery) -> Select | SetOperation:
        if self.node.args.get("joins"):
            raise ImportSqlError("derived_table", "a query can be read from, not joined with")
        return read_query(origin.this, self.schema)

    def read(self) -> Select:
        """The whole block."""
        try:
            return self._read()
        except ImportSqlError as error:
            if error.code != "join_path":
                raise
            self.groups = Groups(self.tables, merge=False)  # a key that stands for another may be all that leads to a table
            return self._read()

    def _read(self) -> Select:
        shown = self._outputs()
        keys = self._keys(shown)
        having = self.node.args.get("having")
        condition = conjunction(conjuncts(having.this), self.expressions) if having else None
        sort, limit = [self._sort(o, shown) for o in _orderings(self.node)], _limit(self.node)
        if not (keys or condition or sort or limit) and (extreme := row_of_extreme(shown)):
            shown, sort, limit = [o if isinstance(o, Col) else o.of for o in shown], [extreme], ONE_ROW
        measured = any(has_measure(n) for n in (*shown, *(s.by for s in sort), *([condition] if condition else [])))
        if measured or keys:
            outputs = [self.groups.one_value(o, keys) for o in shown]
            sort = [self._settled(s, outputs, keys) for s in sort]
        else:
            outputs = shown
        if measured and not keys:  # one row
            sort, limit = [], None
        by = self._by(keys, outputs, [*(s.by for s in sort), *([condition] if condition else [])], measured)
        select = Select(
            outputs=tuple(outputs),
            source=self.source,
            where=conjunction(self.conditions, self.expressions),
            by=by,
            having=condition,
            sort=tuple(sort),
            limit=limit,
            distinct=self._distinct(bool(keys), by, measured),
            **self.tables.keeps,
        )
        return select if self.source else select.model_copy(update={"through": self.tables.through(uses_of(select, self.schema))})

    def _by(self, keys: list[Any], outputs: list[Any], beside: list[Any], measured: bool) -> tuple[Any, ...]:
        """What groups and is not shown. beside: what HAVING and ORDER BY say."""
        fields = [o for o in outputs if not has_measure(o)]
        if self.source:
            return tuple(dict.fromkeys(k for k in keys if k not in outputs))
        by = self.groups.least(keys, fields) if keys else []
        if measured or by:
            by += [column for node in beside for column in bare_columns(node, [*fields, *by])]
        return tuple(dict.fromkeys(by))

    def _distinct(self, keys: bool, by: tuple[Any, ...], measured: bool) -> bool:
        """Groups that are all shown are distinct anyway; keys without a measure only make the rows distinct."""
        asked = bool(self.node.args.get("distinct"))
        return (asked and bool(by)) if measured else (asked or (keys and not by))

    # -------------------------------------------------------------- outputs

    def _outputs(self) -> list[Any]:
        found: list[Any] = []
        for node in self.node.selects:
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
        instances = self.tables.instances
        owners = [instances[node.table.lower()]] if isinstance(node, exp.Column) and node.table else list(instances.values())
        return [Col(column=c.id, via=i.via) for i in owners for c in self.schema.table(i.table).columns]

    def _alias(self, node: exp.Expr) -> int | None:
        """The output that an unqualified name or a position stands for."""
        if isinstance(node, exp.Literal) and not node.is_string:
            return int(node.this) - 1
        if isinstance(node, exp.Column) and not node.table:
            names = [o.alias.lower() for o in self.node.selects]
            return names.index(node.name.lower()) if node.name.lower() in names else None
        return None

    # -------------------------------------------------------------- keys and order

    def _keys(self, outputs: list[Any]) -> list[Any]:
        group = self.node.args.get("group")
        keys = []
        for node in group.expressions if group else ():
            place = self._alias(node)
            keys.append(outputs[place] if place is not None else self.expressions.read(node))
        return keys

    def _sort(self, ordered: exp.Ordered, outputs: list[Any]) -> Sort:
        place = self._alias(ordered.this)
        return Sort(direction=_direction(ordered), by=outputs[place] if place is not None else self.expressions.read(ordered.this))

    def _settled(self, sort: Sort, outputs: list[Any], keys: list[Any]) -> Sort:
        """A shown measure is sorted by its place; of columns that the joins make equal, by the one shown."""
        by: Any = sort.by if sort.by in outputs else self.groups.one_value(sort.by, keys)
        if isinstance(by, Col) and by not in outputs:
            alike = self.groups.alike(by)
            by = next((o for o in outputs if isinstance(o, Col) and self.groups.alike(o) == alike), alike)
        if by in outputs and has_measure(by) and outputs.index(by) < REFERABLE:
            place: Any = outputs.index(by)
            by = Ref(output=place)
        return sort.model_copy(update={"by": by})


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
