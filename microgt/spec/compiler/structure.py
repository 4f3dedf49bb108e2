"""What must hold inside a query before it can be compiled: ids that exist, references in range, measures where they may stand, types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from microgt.errors import CompileError, SpecError
from microgt.schema.types import ColumnType, Schema
from microgt.spec.compiler.kinds import kind_of, kinds_of_outputs
from microgt.spec.compiler.ordering import limit_of
from microgt.spec.compiler.periods import period_named
from microgt.spec.types import (
    Absolute,
    Aggregate,
    Arithmetic,
    At,
    Between,
    Col,
    DateDiff,
    DatePart,
    Inner,
    InPeriod,
    Last,
    Limit,
    Link,
    Node,
    Ratio,
    Ref,
    Rows,
    Select,
    SetOperation,
    Through,
    TimeBucket,
    Value,
)
from microgt.spec.walk import Query, children, has_measure, is_grouped


class _Block(NamedTuple):
    """The query block that a node stands in. `keys`: what it is grouped by, None when it is not."""

    outputs: tuple[Node, ...]
    source: tuple[ColumnType, ...] | None
    keys: tuple[Node, ...] | None


class _Here(NamedTuple):
    """Where a node stands: may it name outputs, may it hold a measure, must its columns be keys."""

    block: _Block
    refs: bool
    measures: bool
    grouped: bool


def structure_errors(query: Query, schema: Schema) -> list[SpecError]:
    """All that is wrong, in the order of the tree; places are JSON pointers into the query."""
    return list(_query(query, "", schema))


def output_count(query: Query) -> int:
    """The number of columns of a query's result."""
    while isinstance(query, SetOperation):
        query = query.left
    return len(query.outputs)


def _error(code: str, place: str, message: str, given: object = None, choices: Iterable[str] = ()) -> CompileError:
    return CompileError(code, message, place=place, given=given, choices=choices)


# ------------------------------------------------------------------ queries


def _query(query: Query, place: str, schema: Schema) -> Iterator[SpecError]:
    if isinstance(query, SetOperation):
        yield from _set(query, place, schema)
        return
    source = None
    if query.source is not None:
        found = list(_query(query.source, f"{place}/source", schema))
        yield from found
        if found:
            return
        source = kinds_of_outputs(query.source, schema)
    yield from _select(query, place, schema, source)


def _set(query: SetOperation, place: str, schema: Schema) -> Iterator[SpecError]:
    found = [*_query(query.left, f"{place}/left", schema), *_query(query.right, f"{place}/right", schema)]
    yield from found
    left, right = output_count(query.left), output_count(query.right)
    if left != right:
        yield _error("E_OUTPUTS", f"{place}/right", f"both sides of {query.op} need the same number of outputs: {left} and {right}", right)
    elif not found:
        yield from _set_types(query, place, schema)
    first = query.left
    while isinstance(first, SetOperation):
        first = first.left
    here = _Here(_Block(first.outputs, None, None), refs=True, measures=True, grouped=False)
    for i, sort in enumerate(query.sort):
        if isinstance(sort.by, Ref):
            yield from _node(sort.by, f"{place}/sort/{i}/by", here, schema)
    if query.limit:
        yield from _limit(query.limit, f"{place}/limit")


def _set_types(query: SetOperation, place: str, schema: Schema) -> Iterator[SpecError]:
    """Text goes with everything, other types only with their own (true and false with numbers)."""
    left, right = (kinds_of_outputs(side, schema) for side in (query.left, query.right))
    for i, (ours, theirs) in enumerate(zip(left, right, strict=True)):
        if ours is not theirs and ColumnType.TEXT not in (ours, theirs) and ColumnType.TIME in (ours, theirs):
            yield _error("E_TYPE", f"{place}/right", f"output {i} of the two sides of {query.op}: {ours} and {theirs}", theirs)


def _select(query: Select, place: str, schema: Schema, source: tuple[ColumnType, ...] | None) -> Iterator[SpecError]:
    grouped = is_grouped(query)
    keys = (*(o for o in query.outputs if not has_measure(o)), *query.by) if grouped else None
    block = _Block(query.outputs, source, keys)
    inside = _Here(block, refs=False, measures=False, grouped=False)
    for step, child in children(query):
        if child is query.source:
            continue
        field = step.split("/")[1]
        if field in ("having", "sort"):
            here = _Here(block, refs=True, measures=True, grouped=grouped)
        elif field == "outputs":
            here = _Here(block, refs=False, measures=True, grouped=has_measure(child))
        else:
            here = inside
        yield from _node(child, place + step, here, schema)


# ------------------------------------------------------------------ nodes


def _node(node: Node, place: str, here: _Here, schema: Schema) -> Iterator[SpecError]:
    if isinstance(node, Query):
        yield from _query(node, place, schema)
        if output_count(node) != 1:
            yield _error("E_OUTPUTS", place, f"a query inside an expression has one output, not {output_count(node)}", output_count(node))
        return
    if here.grouped and here.block.keys is not None and node in here.block.keys:
        here = here._replace(grouped=False)
    found = list(_ids(node, place, schema)) or [*_own(node, place, here), *_typed(node, place, here.block, schema)]
    yield from found
    if isinstance(node, Limit):
        yield from _limit(node, place)
    elif isinstance(node, Aggregate):
        here = here._replace(refs=False, measures=False, grouped=False)
    for step, child in children(node):
        yield from _node(child, place + step, here, schema)


def _ids(node: Node, place: str, schema: Schema) -> Iterator[SpecError]:
    """Columns and tables that the schema does not have."""
    tables, columns = [], []
    match node:
        case Col():
            columns = [("/column", node.column), *((f"/via/{i}", key) for i, key in enumerate(node.via))]
        case Link():
            columns = [("/left", node.left), ("/right", node.right)]
        case Rows() | Through():
            tables = [("/table", node.table)]
        case Aggregate(at=str()):
            tables = [("/at", str(node.at))]
    for find, named in ((schema.column, columns), (schema.table, tables)):
        for step, name in named:
            try:
                find(name)
            except SpecError as error:
                message = str(error).partition(": ")[2]
                yield _error(error.code, place + step, message, name, error.choices)


def _own(node: Node, place: str, here: _Here) -> Iterator[SpecError]:
    """Rules about where a node may stand."""
    block = here.block
    match node:
        case Ref() if not here.refs:
            yield _error("E_REF", place, "ref names an output in sort, having and view only", node.output)
        case Ref() if node.output >= len(block.outputs):
            yield _error("E_REF", place, f"there is no output {node.output}; outputs: 0 to {len(block.outputs) - 1}", node.output)
        case Inner() if block.source is None:
            yield _error("E_INNER", place, "inner names an output of source, and this query has no source", node.output)
        case Inner() if block.source is not None and node.output >= len(block.source):
            yield _error("E_INNER", place, f"the source has no output {node.output}; outputs: 0 to {len(block.source) - 1}", node.output)
        case Col() | Rows() | Through() | Link() if block.source is not None:
            yield _error("E_SOURCE", place, "a query with a source uses the outputs of the source (inner) and no tables")
        case Aggregate() if not here.measures:
            yield _error("E_MEASURE", place, "a measure stands in outputs, having or sort; a measure of a measure needs a source")
        case Ratio() if not (has_measure(node.numerator) or has_measure(node.denominator)):
            yield _error("E_MEASURE", place, "a ratio is of measures; div divides plain numbers")
        case Aggregate(of=Rows()) if node.fn not in ("count", "count_distinct"):
            yield _error("E_TYPE", place, f"rows can be counted, not {node.fn}", node.fn, ("count", "count_distinct"))
        case Between(low=Value(value=int() | float() as low), high=Value(value=int() | float() as high)) if low > high:
            yield _error("E_EMPTY", place, f"nothing lies between {low} and {high}: the lower bound comes first", [low, high])
    if here.grouped and isinstance(node, Col | Inner):
        yield _error("E_NOT_GROUPED", place, "a column beside a measure must be an output, a key in `by`, or inside an aggregate")


def _typed(node: Node, place: str, block: _Block, schema: Schema) -> Iterator[SpecError]:
    """Operations that the types of their operands do not allow, and values that are none of the kind wanted."""

    def kind(operand: Node) -> ColumnType:
        return kind_of(operand, schema, block.outputs, block.source or ())

    dates, sums = [], []
    match node:
        case TimeBucket() | DatePart() | InPeriod():
            dates = [("/of", node.of)]
        case DateDiff():
            dates = [("/start", node.start), ("/end", node.end)]
        case Arithmetic():
            sums = [("/left", node.left), ("/right", node.right)]
        case Ratio():
            sums = [("/numerator", node.numerator), ("/denominator", node.denominator)]
        case Aggregate(fn="sum") if not isinstance(node.of, Rows):
            sums = [("/of", node.of)]
        case At():
            yield from _period(node.value, f"{place}/value")
        case Absolute():
            yield from _period(node.start, f"{place}/start")
            yield from _period(node.end, f"{place}/end")
        case Last() if isinstance(node.n.value, bool) or not isinstance(node.n.value, int) or node.n.value < 1:
            yield _error("E_PERIOD", f"{place}/n", f"last needs a whole number of units from 1 on, not {node.n.value!r}", node.n.value)
    for step, of in (*dates, *sums):
        if _has_unknown(of, schema) or isinstance(of, Query):
            continue
        if (step, of) in dates and kind(of) in (ColumnType.NUMBER, ColumnType.BOOLEAN):
            yield _error("E_TYPE", place + step, f"{type(node).__name__} needs a date, not a {kind(of)}", kind(of))
        elif (step, of) in sums and kind(of) is ColumnType.TIME:
            yield _error("E_TYPE", place + step, f"{type(node).__name__} needs numbers, not dates; for those there is date_diff", kind(of))


def _has_unknown(node: Node, schema: Schema) -> bool:
    return any(_ids(node, "", schema)) or any(_has_unknown(child, schema) for _, child in children(node))


def _period(value: Value, place: str) -> Iterator[SpecError]:
    try:
        period_named(value.value)
    except CompileError as error:
        yield _error(error.code, place, str(error).partition(": ")[2], error.given, error.choices)


def _limit(limit: Limit, place: str) -> Iterator[SpecError]:
    try:
        limit_of(limit)
    except CompileError as error:
        yield _error(error.code, f"{place}/n", str(error).partition(": ")[2], error.given)
