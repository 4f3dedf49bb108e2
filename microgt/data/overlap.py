"""What two sets of questions share, so that nothing that is tested was trained on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from microgt.data.example import Example
from microgt.data.plain import plain
from microgt.errors import SpecError
from microgt.schema.types import Schema
from microgt.spec.canonical import canonical
from microgt.spec.importer import import_sql
from microgt.spec.json import write_spec


@dataclass(frozen=True)
class Overlap:
    """databases: names in both, and names of trained databases with the tables and columns of a tested one. questions: in both, by their
    words alone. pairs: ids of trained questions whose schema and canonical spec a tested question has too.
    """

    databases: frozenset[str]
    questions: frozenset[str]
    pairs: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.databases or self.questions or self.pairs)


def overlap(
    trained: Iterable[Example], schemas: Callable[[str], Schema], tested: Iterable[Example], tested_schemas: Callable[[str], Schema]
) -> Overlap:
    """What training questions share with those that are tested. Specs are compared only where the schemas are the same."""
    trained, tested = list(trained), list(tested)
    shape, tested_shape = cache(lambda db: _shape(schemas(db))), cache(lambda db: _shape(tested_schemas(db)))
    shapes = {tested_shape(db) for db in {e.db for e in tested}}
    alike = {db for db in {e.db for e in trained} if shape(db) in shapes}
    common = {shape(db) for db in alike}
    known = {(tested_shape(e.db), _spec(e, tested_schemas(e.db))) for e in tested if tested_shape(e.db) in common} if common else set()
    pairs = {e.id for e in trained if e.db in alike and (spec := _spec(e, schemas(e.db))) and (shape(e.db), spec) in known}
    names = {e.db for e in trained} & {e.db for e in tested}
    asked = {plain(e.question) for e in trained} & {plain(e.question) for e in tested}
    return Overlap(frozenset(names | alike), frozenset(asked), frozenset(pairs))


def _shape(schema: Schema) -> frozenset[str]:
    """What its tables and columns are called."""
    return frozenset(column.id.lower() for column in schema.columns)


def _spec(example: Example, schema: Schema) -> str | None:
    """The canonical spec as text; None where there is none."""
    try:
        spec: Any = example.spec or (import_sql(example.sql, schema) if example.sql else None)
        return None if spec is None else repr(write_spec(canonical(spec, schema)))
    except SpecError:
        return None
