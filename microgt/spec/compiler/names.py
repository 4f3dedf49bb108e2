"""Names of result columns: snake case, said as a person would, unique within a query."""

from __future__ import annotations

import re

from microgt.schema.types import Schema
from microgt.spec.types import (
    Aggregate,
    Arithmetic,
    Bin,
    Col,
    DateDiff,
    DatePart,
    Delta,
    Inner,
    Moving,
    Node,
    Percentile,
    Prior,
    Rank,
    Ratio,
    Rows,
    Select,
    SetOperation,
    Share,
    TimeBucket,
    Window,
)
from microgt.spec.walk import without_refs

_JOINED = {"add": ("plus", "total"), "sub": ("minus", "difference"), "mul": ("times", "product"), "div": ("per", "ratio")}
_LONGEST = 48


def output_names(query: Select | SetOperation, schema: Schema) -> tuple[str, ...]:
    """The names of a query's outputs; those of the left side for a set operation."""
    if isinstance(query, SetOperation):
        return output_names(query.left, schema)
    source = output_names(query.source, schema) if query.source else ()
    outputs = without_refs(query).outputs
    short = [_name(o, schema, source) for o in outputs]
    names = [_long_name(o, schema, n, source) if short.count(n) > 1 else n for o, n in zip(outputs, short, strict=True)]
    taken: set[str] = set()
    unique = []
    for base in names:
        candidate, n = base, 2
        while candidate in taken:
            candidate, n = f"{base}_{n}", n + 1
        taken.add(candidate)
        unique.append(candidate)
    return tuple(unique)


def _name(node: Node, schema: Schema, source: tuple[str, ...]) -> str:
    match node:
        case Col():
            return _snake(schema.column(node.column).name)
        case Inner():
            return source[node.output]
        case TimeBucket():
            return node.grain
        case DatePart():
            return node.part
        case DateDiff():
            return f"{node.unit}s"
        case Bin():
            return _snake(f"{_name(node.of, schema, source)}_{'bin' if node.by == 'width' else 'quantile'}")
        case Aggregate():
            return _snake(_aggregate_name(node, schema, source))
        case Ratio():
            over, under = _name(node.numerator, schema, source), _name(node.denominator, schema, source)
            return f"share_of_{under}" if over == under else _within(f"{over}_per_{under}", "ratio")
        case Arithmetic():
            sides = [_name(side, schema, source) for side in (node.left, node.right)]
            word, otherwise = _JOINED[node.op]
            return _within(f"_{word}_".join(sides), otherwise)
    if isinstance(node, Window):
        return _within(f"{_window_name(node)}_{_name(node.of, schema, source)}", node.kind)
    return "value"


def _window_name(node: Window) -> str:
    match node:
        case Moving():
            return f"moving_{node.agg}"
        case Prior():
            return f"prior_{node.unit}"
        case Delta():
            return "change_in"
        case Share():
            return "share_of"
        case Rank():
            return "rank_by"
    return node.kind


def _aggregate_name(node: Aggregate, schema: Schema, source: tuple[str, ...]) -> str:
    of = node.of.table if isinstance(node.of, Rows) else _name(node.of, schema, source)
    if isinstance(node, Percentile):
        return f"p{node.p.value}_{of}"
    return f"{'distinct' if node.fn == 'count_distinct' else node.fn}_{of}"


def _long_name(node: Node, schema: Schema, short: str, source: tuple[str, ...]) -> str:
    """The name with its table or key before it, for columns that share their name."""
    if isinstance(node, Col):
        before = node.via[-1] if node.via else node.column
        column = schema.column(before)
        return f"{_snake(column.name if node.via else column.table)}_{short}"
    if isinstance(node, TimeBucket | DatePart):
        return f"{_name(node.of, schema, source)}_{short}"
    return short


def _within(text: str, otherwise: str) -> str:
    return text if len(text) <= _LONGEST else otherwise


def _snake(text: str) -> str:
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text)
    return re.sub(r"\W+", "_", split).strip("_").lower() or "value"
