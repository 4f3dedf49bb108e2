"""Databases whose keys are not declared: what can be inferred from names and values is all there is."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from functools import partial

from microgt.data.example import Example, Source
from microgt.data.robustness.source import Derived
from microgt.errors import CompileError
from microgt.schema.catalog import connect, contained, unique
from microgt.schema.keys import infer_keys, infer_primary
from microgt.schema.types import Schema
from microgt.spec import Answer, Spec, check, compile_spec, to_sqlglot


class Undeclared(Derived):
    """The questions of `source` over its databases without declared keys, which are inferred as for any file of a user.

    Gold stays what it was: where a spec means something else without the keys it was written with, it becomes the SQL of those.
    """

    def __init__(self, source: Source):
        super().__init__(source, "keys not declared")
        self._schemas: dict[str, Schema] = {}

    def examples(self, split: str) -> list[Example]:
        """The questions of a split. Raises `DataError` with the splits there are."""
        return [self._settled(e) for e in self.source.examples(split)]

    def _settled(self, example: Example) -> Example:
        if example.spec is None or example.sql is not None:
            return example
        declared, inferred = self.source.schema(example.db), self.schema(example.db)
        sql = _compiled(example.spec, declared)
        if sql is None or (not check(example.spec, inferred) and _compiled(example.spec, inferred) == sql):
            return example
        return dataclasses.replace(example, spec=None, sql=_sql(example.spec, declared))

    def schema(self, db: str) -> Schema:
        """The schema with inferred keys alone."""
        if db not in self._schemas:
            schema = self.source.schema(db)
            bare = tuple(replace(t, columns=tuple(replace(c, primary=False) for c in t.columns)) for t in schema.tables)
            with connect(self.source.database(db)) as connection:
                keys = infer_keys(bare, (), partial(contained, connection))
                tables = infer_primary(bare, keys, partial(unique, connection))
            self._schemas[db] = replace(schema, tables=tables, keys=keys)
        return self._schemas[db]


def _compiled(spec: Spec, schema: Schema) -> str | None:
    """The SQL of an answer, when these keys join it in one way."""
    try:
        return compile_spec(spec, schema) if isinstance(spec, Answer) else None
    except CompileError:
        return None


def _sql(spec: Spec, schema: Schema) -> str:
    """The SQL of a spec, sorted by what it asks for alone and not by what breaks ties."""
    assert isinstance(spec, Answer)
    tree = to_sqlglot(spec, schema)
    order = tree.args.get("order")
    if order is not None:
        kept = order.expressions[: len(spec.query.sort)]
        if kept:
            order.set("expressions", kept)
        else:
            order.pop()
    return tree.sql("duckdb")
