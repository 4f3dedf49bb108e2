"""The spec of an example."""

from __future__ import annotations

from microgt.data.example import Example
from microgt.errors import ImportSqlError
from microgt.schema.types import Schema
from microgt.spec.types import Spec


def gold_spec(example: Example, schema: Schema) -> Spec:
    """The example's spec, imported from its SQL when it has none. Raises `ImportSqlError`, `SpecError`."""
    if example.spec is not None:
        return example.spec
    if example.sql is None:
        raise ImportSqlError("no_gold", f"{example.id} has neither spec nor SQL")
    from microgt.spec.importer import import_sql  # with sqlglot, which is slow to import

    return import_sql(example.sql, schema)
