"""The literals that gold queries compare columns with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from microgt.evaluation.variants.profile import Place
from microgt.schema.types import Schema
from microgt.spec.types import At, Between, Col, Compare, DatePart, In, InPeriod, Like, Node, Value
from microgt.spec.walk import walk

_COMPARISONS = Compare | Between | In | Like


def literals_of(queries: Iterable[Node], schema: Schema) -> Mapping[Place, tuple[Any, ...]]:
    """For each column the literals it is compared with, in the order of the queries."""
    found: dict[Place, dict[Any, None]] = defaultdict(dict)
    for query in queries:
        for _, node in walk(query):
            if isinstance(node, _COMPARISONS):
                _read(node, schema, found)
            elif isinstance(node, InPeriod) and isinstance(node.period, At) and isinstance(node.of, Col):
                found[place_of(node.of, schema)][node.period.value.value] = None
    return {place: tuple(values) for place, values in found.items()}


def _read(node: Node, schema: Schema, found: dict[Place, dict[Any, None]]) -> None:
    columns = [n for _, n in walk(node) if isinstance(n, Col)]
    if len(columns) != 1 or any(isinstance(n, DatePart) for _, n in walk(node)):
        return
    for _, value in walk(node):
        if isinstance(value, Value):
            text = value.value
            if isinstance(node, Like) and node.how == "pattern" and isinstance(text, str):
                text = text.replace("%", "").replace("_", "a")
            found[place_of(columns[0], schema)][text] = None


def place_of(col: Col, schema: Schema) -> Place:
    """Where a column is."""
    column = schema.column(col.column)
    return column.table.lower(), column.name.lower()
