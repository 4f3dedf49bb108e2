"""The schema of a database: types, readers, inferred keys, value dictionaries."""

from microgt.schema.types import Column, ColumnType, ForeignKey, Schema, Table

__all__ = ["Column", "ColumnType", "ForeignKey", "Schema", "Table"]
