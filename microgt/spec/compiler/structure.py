"""What must hold inside a query before it can be compiled: ids that exist, references in range, measures where they may stand, types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from microgt.errors import CompileError, SpecError
from microgt.schema.types import ColumnType, Schema
from microgt.spec.compiler.kinds import kind_of, kinds_of_outputs
from microgt.spec.compiler.limit_rules import limit_errors
from microgt.spec.compiler.mistakes import error_at, in_short, numbers_to
from microgt.spec.compiler.operand_rules import KindOf, grain_errors, row_errors, type_errors, unknown_ids
from microgt.spec.compiler.ordering import limit_of
from microgt.spec.compiler.window_rules import window_errors
from microgt.spec.types import (
    Aggregate,
    Between,
    Col,
    Inner,
    Limit,
    Link,
    Node,
    Ratio,
    Ref,
    Rows,
    Select,
    SetOperation,
    Through,
    Value,
    Window,
)
from microgt.spec.walk import Query, children, has_measure, holds_measure, is_grouped, settled, within, without_refs

_REFS = ("having", "sort", "limit", "windows", "view")


class _Block(NamedTuple):
    """The query block that a node stands in. `keys`: what it is grouped by, None when it is not. `reads`: the source, whose
    outputs have the types `source`."""

    outputs: tuple[Node, ...]
    source: tuple[ColumnType, ...] | None
    keys: tuple[Node, ...] | None
    reads: Query | None = None


class _Here(NamedTuple):
    """Where a node stands: how many outputs it may name, may it hold a measure, must its columns be keys.

    earlier: the outputs before it, which a window may name.
    """

    block: _Block
    refs: int
    measures: bool
    grouped: bool
    earlier: int = 0


def structure_errors(query: Query, schema: Schema) -> list[SpecError]:
    """All that is wrong, in the order of the tree; places are JSON pointers into the query."""
    return list(_query(query, "", schema))


def output_count(query: Query) -> int:
    """The number of columns of a query's result."""
    while isinstance(query, SetOperation):
        query = query.left
    return len(query.outputs)


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
        message = f"both sides of {query.op} need the same number of outputs: {left} and {right}"
        yield error_at("E_OUTPUTS", f"{place}/right", message, right, (str(left),))
    elif not found:
        yield from _set_types(query, place, schema)
    first = query.left
    while isinstance(first, SetOperation):
        first = first.left
    here = _Here(_Block(first.outputs, None, None), refs=len(first.outputs), measures=True, grouped=False)
    for i, sort in enumerate(query.sort):
        if isinstance(sort.by, Ref):
            yield from _node(sort.by, f"{place}/sort/{i}/by", here, schema)
    if query.limit:
        yield from _limit(query.limit, f"{place}/limit")
        for field in ("per", "other"):
            if getattr(query.limit, field):
                message = f"a limit of a {query.op} has no {field}: read from it (source) and limit that"
                yield error_at("E_LIMIT", f"{place}/limit/{field}", message, field, ("n", "ties"))


def _set_types(query: SetOperation, place: str, schema: Schema) -> Iterator[SpecError]:
    """Times go with text, numbers with text and with true and false, other types such as bytes only with their own."""
    left, right = (kinds_of_outputs(side, schema) for side in (query.left, query.right))
    for i, (ours, theirs) in enumerate(zip(left, right, strict=True)):
        kinds = {ours, theirs}
        if len(kinds) == 2 and (ColumnType.OTHER in kinds or (ColumnType.TIME in kinds and ColumnType.TEXT not in kinds)):
            message = f"output {i} of the two sides of {query.op}: {ours} and {theirs}"
            yield error_at("E_TYPE", f"{place}/right", message, theirs, (ours,))


def _select(query: Select, place: str, schema: Schema, source: tuple[ColumnType, ...] | None) -> Iterator[SpecError]:
    grouped = is_grouped(query)
    keys = (*(o for o in query.outputs if not has_measure(o)), *query.by) if grouped else None
    block = _Block(without_refs(query).outputs, source, keys, query.source)
    inside = _Here(block, refs=0, measures=False, grouped=False)
    for step, child in children(query):
        if child is query.source:
            continue
        field = step.split("/")[1]
        if field in ("having", "sort"):
            here = _Here(block, refs=len(query.outputs), measures=True, grouped=grouped)
        elif field == "limit":
            here = _Here(block, refs=len(query.outputs), measures=False, grouped=False)
        elif field == "outputs":
            here = _Here(block, refs=0, measures=True, grouped=has_measure(child), earlier=int(step.split("/")[2]))
        else:
            here = inside
        found = list(_node(child, place + step, here, schema))
        yield from found
        if query.limit and child is query.limit and not found:
            settled_query = without_refs(query)
            yield from limit_errors(settled_query, settled_query.limit or query.limit, place)


# ------------------------------------------------------------------ nodes


def _node(node: Node, place: str, here: _Here, schema: Schema) -> Iterator[SpecError]:
    if isinstance(node, Query):
        yield from _query(node, place, schema)
        if output_count(node) != 1:
            message = f"a query inside an expression has one output, not {output_count(node)}"
            yield error_at("E_OUTPUTS", place, message, output_count(node), ("1",))
        return
    if here.grouped and here.block.keys is not None and node in here.block.keys:
        here = here._replace(grouped=False)
    found = list(unknown_ids(node, place, schema))
    if not found:
        found = [*_own(node, place, here), *type_errors(node, place, _kinds(here.block, schema))]
        found += grain_errors(node, place, here.block.reads, schema)
    yield from found
    if isinstance(node, Limit):
        yield from _limit(node, place)
    elif isinstance(node, Aggregate):
        here = here._replace(refs=0, measures=False, grouped=False)
    elif isinstance(node, Window):
        here = here._replace(refs=max(here.refs, here.earlier))
    for step, child in children(node):
        inside = here._replace(grouped=False) if step.startswith("/within") else here  # a key or not: said by the window
        found = list(_node(child, place + step, inside, schema))
        yield from found
        if isinstance(child, Query) and not found:
            yield from row_errors(node, child, place + step, schema)


def _own(node: Node, place: str, here: _Here) -> Iterator[SpecError]:
    """Rules about where a node may stand."""
    block = here.block
    match node:
        case Ref() if not here.refs:
            yield error_at("E_REF", place, "ref names an output in having, sort, limit, windows and view only", node.output, _REFS)
        case Ref() if node.output >= here.refs:
            message = f"there is no output {node.output} here; outputs: 0 to {here.refs - 1}"
            yield error_at("E_REF", place, message, node.output, numbers_to(here.refs))
        case Inner() if block.source is None:
            yield error_at("E_INNER", place, "inner names an output of source, and this query has no source", node.output)
        case Inner() if block.source is not None and node.output >= len(block.source):
            message = f"the source has no output {node.output}; outputs: 0 to {len(block.source) - 1}"
            yield error_at("E_INNER", place, message, node.output, numbers_to(len(block.source)))
        case Col() | Rows() | Through() | Link() if block.source is not None:
            message = "a query with a source uses the outputs of the source (inner) and no tables"
            yield error_at("E_SOURCE", place, message, in_short(node), [f"inner {i}" for i in range(len(block.source))])
        case _ if isinstance(node, Aggregate | Window) and not here.measures:
            message = "a measure stands in outputs, having or sort; a measure of a measure needs a source"
            yield error_at("E_MEASURE", place, message, in_short(node), ("outputs", "having", "sort"))
        case Ratio() if not any(holds_measure(side, block.outputs) for side in (node.numerator, node.denominator)):
            given = [in_short(side) for side in (node.numerator, node.denominator)]
            yield error_at("E_MEASURE", place, "a ratio is of measures; div divides plain numbers", given, ("div",))
        case Aggregate(of=Rows()) if node.fn not in ("count", "count_distinct"):
            yield error_at("E_TYPE", place, f"rows can be counted, not {node.fn}", node.fn, ("count", "count_distinct"))
        case Between(low=Value(value=int() | float() as low), high=Value(value=int() | float() as high)) if low > high:
            message = f"nothing lies between {low} and {high}: the lower bound comes first"
            yield error_at("E_EMPTY", place, message, [low, high], (f"{high} to {low}",))
        case _ if isinstance(node, Window):
            whole = settled(node, block.outputs[: max(here.refs, here.earlier)])
            if not any(isinstance(n, Ref) for n in within(whole)):
                yield from window_errors(whole, place, block.keys or ())
    if here.grouped and isinstance(node, Col | Inner):
        message = "a column beside a measure must be an output, a key in `by`, or inside an aggregate"
        yield error_at("E_NOT_GROUPED", place, message, in_short(node), [in_short(key) for key in block.keys or ()])


def _kinds(block: _Block, schema: Schema) -> KindOf:
    def kind(operand: Node) -> ColumnType:
        try:
            return kind_of(operand, schema, block.outputs, block.source or ())
        except SpecError:  # an unknown id, which is said where it stands
            return ColumnType.OTHER

    return kind


def _limit(limit: Limit, place: str) -> Iterator[SpecError]:
    try:
        limit_of(limit)
    except CompileError as error:
        yield error_at(error.code, f"{place}/n", str(error).partition(": ")[2], error.given)
