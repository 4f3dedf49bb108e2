"""Which columns refer together: the foreign keys of a schema, composite ones as one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from microgt.schema.types import Schema


def references(schema: Schema) -> Iterator[tuple[tuple[str, str], ...]]:
    """The keys as pairs of column ids (of the row that refers, of the row referred to); columns that refer together are together."""
    groups: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for key in dict.fromkeys((k.column, k.target) for k in schema.keys):
        groups[schema.column(key[0]).table, schema.column(key[1]).table].append(key)
    for (_, parent), pairs in groups.items():
        if _refer_together(pairs, schema, schema.table(parent).primary_key):
            yield tuple(pairs)
        else:
            yield from ((pair,) for pair in pairs)


def _refer_together(pairs: list[tuple[str, str]], schema: Schema, primary: tuple[str, ...]) -> bool:
    """Whether keys between two tables are one composite key: their targets are the primary key, or hold it (where only its first
    column is declared) and all go by the same name on both sides. Keys with one target are roles: departure and arrival."""
    columns, targets = (set(side) for side in zip(*pairs, strict=True))
    if len(pairs) < 2 or len(columns) < len(pairs) or len(targets) < len(pairs):
        return False
    alike = all(schema.column(many).name.lower() == schema.column(one).name.lower() for many, one in pairs)
    return targets == set(primary) or (bool(primary) and alike and targets > set(primary))
