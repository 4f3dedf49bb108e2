"""What an output of the source is there: a bucket of time, a column, the first or last of a column."""

from __future__ import annotations

from microgt.spec.types import Aggregate, Col, Grain, Inner, Node, Select, SetOperation, TimeBucket
from microgt.spec.walk import Query, without_refs


def grain_of(of: Node, source: Query | None) -> Grain | None:
    """The grain of the dates, where they are buckets of the source."""
    node, _ = _followed(of, source)
    return node.grain if isinstance(node, TimeBucket) and node is not of else None


def column_of(of: Node, source: Query | None) -> Col | None:
    """The column whose dates these are: itself, its buckets, its first or last; None when they are of several or computed."""
    node, source = _followed(of, source)
    match node:
        case Col():
            return node
        case TimeBucket() | Aggregate(fn="min" | "max"):
            return column_of(node.of, source)
    return None


def _followed(of: Node, source: Query | None) -> tuple[Node, Query | None]:
    """What an `inner` names, and the source of the block that it stands in. Unions are followed nowhere: they have two columns."""
    while isinstance(of, Inner) and isinstance(source, Select) and of.output < len(source.outputs):
        of, source = without_refs(source).outputs[of.output], source.source
    return of, None if isinstance(source, SetOperation) else source
