"""Query blocks and set operations of SQL as specs."""

from __future__ import annotations

from typing import Any, NamedTuple

from pydantic import ValidationError
from sqlglot import exp

from microgt.errors import ImportSqlError
from microgt.schema.types import Schema
from microgt.spec.canonical.joins import as_set
from microgt.spec.compiler.kinds import kinds_of_outputs
from microgt.spec.importer.aliases import Aliases, conjuncts
from microgt.spec.importer.canonical import ONE_ROW, Groups, bare_columns, row_of_extreme
from microgt.spec.importer.expressions import Expressions, literal
from microgt.spec.importer.places import quoted
from microgt.spec.importer.predicates import conjunction, predicate
from microgt.spec.importer.refusals import joined_query
from microgt.spec.importer.tables import Derived, Tables, read_tables
from microgt.spec.joins import uses_of
from microgt.spec.types import Col, Limit, Ref, Select, SetOperation, Sort, Value
from microgt.spec.walk import has_measure

MOST_OUTPUTS = 16
REFERABLE = 8  # outputs that a Ref can name


class Shown(NamedTuple):
    """One output, after each * has become its columns. name: what it is called, '' for a computed one; aliased: by AS."""

    name: str
    node: Any
    aliased: bool = False


class Named(NamedTuple):
    """A query and the names of its outputs."""

    query: Select | SetOperation
    names: tuple[str, ...]


def read_query(node: exp.Expr, schema: Schema) -> Select | SetOperation:
    """A SELECT or a set operation. Raises `ImportSqlError`."""
    return _read_named(node, schema).query


def _read_named(node: Any, schema: Schema) -> Named:
    if isinstance(node, exp.Subquery):
        return _read_named(node.this, schema)
    try:
        if isinstance(node, exp.SetOperation):
            return _set_operation(node, schema)
        block = _Block(node, schema)
        return Named(block.read(), tuple(o.name for o in block.shown))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise ImportSqlError("shape", f"{'/'.join(map(str, first['loc']))}: {first['msg']}", node=node) from None
    except ImportSqlError as error:
        error.node = node if error.node is None else error.node  # of what has no place of its own: the innermost query
        raise


def _set_operation(node: exp.SetOperation, schema: Schema) -> Named:
    (left, names), right = _read_named(node.left, schema), read_query(node.right, schema)
    name = type(node).__name__.lower()
    op: Any = "union_all" if name == "union" and not node.args.get("distinct") else name
    if op != "union_all":
        left, right = as_set(left, schema), as_set(right, schema)
    sort = tuple(Sort(direction=_direction(o), by=_place(o.this, names)) for o in _orderings(node))
    return Named(SetOperation(op=op, left=left, right=right, sort=sort, limit=_limit(node)), names)


def _place(term: exp.Expr, names: tuple[str, ...]) -> Ref:
    """The output of a set operation that a term of its ORDER BY names. Raises `ImportSqlError` set_order."""
    place: Any = _position(term, len(names))
    if place is None and isinstance(term, exp.Column) and term.name.lower() in names:
        place = names.index(term.name.lower())
    if place is None or place >= REFERABLE:
        message = f"a set operation is sorted by something that is no output: {quoted(term)}; outputs: {', '.join(names[:REFERABLE])}"
        raise ImportSqlError("set_order", message, node=term, choices=names[:REFERABLE])
    return Ref(output=place)


def _position(term: exp.Expr, outputs: int) -> int | None:
    """The output that a number in GROUP BY or ORDER BY stands for, None for what is no number. Raises `ImportSqlError` position."""
    if not isinstance(term, exp.Literal) or term.is_string:
        return None
    if not term.is_int or not 1 <= int(term.name) <= outputs:
        raise ImportSqlError("position", f"{term.name} is the place of no output; there are {outputs}", node=term, given=term.name)
    return int(term.name) - 1


class _Block:
    """Reads one SELECT."""

    def __init__(self, node: Any, schema: Schema):
        self.node, self.schema = node, schema
        where = node.args.get("where")
        self.conditions = conjuncts(where.this) if where else []
        origin = node.args["from_"].this if node.args.get("from_") else None
        self.source: Select | SetOperation | None = None
        if isinstance(origin, exp.Subquery):
            self.source, names = self._read_source(origin)
            derived = Derived(origin.alias.lower(), names, kinds_of_outputs(self.source, schema))
            self.tables = Tables(schema, Aliases(schema), derived=derived)
        else:
            self.tables = read_tables(node, schema, self.conditions)
        self.groups = Groups(self.tables)
        self.expressions = Expressions(self.tables, lambda query: read_query(query, schema), predicate)
        self.shown = self._outputs()

    def _read_source(self, origin: exp.Subquery) -> Named:
        if self.node.args.get("joins"):
            raise joined_query(origin)
        return _read_named(origin.this, self.schema)

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
        shown = [o.node for o in self.shown]
        keys = self._keys()
        having = self.node.args.get("having")
        condition = conjunction(conjuncts(having.this), self.expressions) if having else None
        sort, limit = [self._sort(o) for o in _orderings(self.node)], _limit(self.node)
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

    def _outputs(self) -> list[Shown]:
        found: list[Shown] = []
        for node in self.node.selects:
            if node.is_star:
                found += [Shown(self.schema.column(c.column).name.lower(), c) for c in self.tables.star(node)]
            elif isinstance(node, exp.Alias):
                found.append(Shown(node.alias.lower(), self.expressions.read(node.this), aliased=True))
            else:
                found.append(Shown(node.name.lower() if isinstance(node, exp.Column) else "", self.expressions.read(node)))
        if len(found) > MOST_OUTPUTS:
            raise ImportSqlError("many_outputs", f"{len(found)} outputs; at most {MOST_OUTPUTS}", node=self.node)
        return found

    def _called(self, node: exp.Expr) -> Any:
        """The output whose place a number is, or whose name an unqualified name is, those after AS first; None for no output."""
        place = _position(node, len(self.shown))
        if place is not None:
            return self.shown[place].node
        name = node.name.lower() if isinstance(node, exp.Column) and not node.table else None
        called = sorted((o for o in self.shown if o.name == name), key=lambda o: not o.aliased)
        return called[0].node if called else None

    # -------------------------------------------------------------- keys and order

    def _keys(self) -> list[Any]:
        group = self.node.args.get("group")
        return [self._key(node) for node in (group.expressions if group else ())]

    def _key(self, node: exp.Expr) -> Any:
        """GROUP BY means a column before it means an output."""
        place = _position(node, len(self.shown))
        if place is not None:
            return self.shown[place].node
        try:
            return self.expressions.read(node)
        except ImportSqlError as error:
            output = self._called(node) if error.code == "unknown_column" else None
            if output is None:
                raise
            return output

    def _sort(self, ordered: exp.Ordered) -> Sort:
        """ORDER BY means an output before it means a column."""
        output = self._called(ordered.this)
        return Sort(direction=_direction(ordered), by=self.expressions.read(ordered.this) if output is None else output)

    def _settled(self, sort: Sort, outputs: list[Any], keys: list[Any]) -> Sort:
        """A shown measure is sorted by its place; of columns that the joins make equal, by the one shown."""
        by: Any = sort.by if sort.by in outputs else self.groups.sort_key(sort.by, keys)
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
        raise ImportSqlError("offset", "OFFSET has no spec; LIMIT has", node=node.args["offset"])
    if limit is None:
        return None
    rows = limit.args.get("count") if isinstance(limit, exp.Fetch) else limit.expression
    n = literal(rows) if rows is not None else 1
    if type(n) is not int or n < 1:
        raise ImportSqlError("clause", f"a limit is a whole number of rows above 0, not {n!r}", node=limit)
    return Limit(n=Value(value=n))
