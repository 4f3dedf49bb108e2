"""What a database looks like to the model: tables, columns, keys, known text values. Frozen and hashable by content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from microgt.errors import SpecError, did_you_mean


class ColumnType(StrEnum):
    """The types that matter for choosing an operation; an engine's own types map onto them."""

    NUMBER = "number"
    TEXT = "text"
    TIME = "time"  # date or timestamp
    BOOLEAN = "boolean"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `words` is its name in lower-case natural words: `cust_id` -> ("cust", "id")."""

    table: str
    name: str
    type: ColumnType
    words: tuple[str, ...]
    primary: bool = False

    @property
    def id(self) -> str:
        """`table.column`, the name used in specs."""
        return f"{self.table}.{self.name}"


@dataclass(frozen=True, slots=True)
class Table:
    """One table with its columns in database order."""

    name: str
    words: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def primary_key(self) -> tuple[str, ...]:
        """Ids of the primary-key columns; empty when none is declared."""
        return tuple(c.id for c in self.columns if c.primary)


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """`column` (the many side) refers to `target` (the one side), both as `table.column` ids."""

    column: str
    target: str
    inferred: bool = False


@dataclass(frozen=True)
class Schema:
    """A database's tables, keys, bounded dictionaries of text values and date ranges.

    values: column id -> distinct text values, most frequent first, bounded. ranges: column id -> (first, last) ISO dates, of a text column
    too where all its known texts are dates. hidden: column ids whose values must enter neither dictionaries nor training pairs.
    days: column ids known to hold dates without a time.
    """

    name: str
    tables: tuple[Table, ...]
    keys: tuple[ForeignKey, ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    days: frozenset[str] = frozenset()

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """All columns in table order."""
        return tuple(c for t in self.tables for c in t.columns)

    @cached_property
    def dated(self) -> frozenset[str]:
        """Ids of the columns that hold dates, be it as text."""
        return frozenset(c.id for c in self.columns if c.type is ColumnType.TIME or (c.type is ColumnType.TEXT and c.id in self.ranges))

    @cached_property
    def _tables(self) -> dict[str, Table]:
        return {t.name: t for t in self.tables}

    @cached_property
    def _columns(self) -> dict[str, Column]:
        return {c.id: c for c in self.columns}

    def table(self, name: str) -> Table:
        """The table of that name. Raises `SpecError` E_UNKNOWN_ID with near names."""
        if name in self._tables:
            return self._tables[name]
        raise SpecError("E_UNKNOWN_ID", f"unknown table {name!r}{did_you_mean(name, self._tables)}", given=name, choices=self._tables)

    def column(self, column_id: str) -> Column:
        """The column of that `table.column` id. Raises `SpecError` E_UNKNOWN_ID with near names."""
        if column_id in self._columns:
            return self._columns[column_id]
        table = next((t for t in self.tables if column_id.startswith(t.name + ".")), None)
        pool = [c.name for c in table.columns] if table else list(self._columns)
        given = column_id[len(table.name) + 1 :] if table else column_id
        where = f" in {table.name}" if table else ""
        raise SpecError("E_UNKNOWN_ID", f"unknown column {given!r}{where}{did_you_mean(given, pool)}", given=column_id, choices=pool)

    # The readers live in their own modules; these are the public doors to them.

    @classmethod
    def from_duckdb(cls, path, *, hide: tuple[str, ...] = ()) -> Schema:
        """Read a DuckDB file. `hide`: column ids whose values stay out of dictionaries."""
        from microgt.schema.readers import read_duckdb

        return read_duckdb(path, hide=hide)

    @classmethod
    def from_sqlite(cls, path, *, hide: tuple[str, ...] = ()) -> Schema:
        """Read a SQLite file through Python's sqlite3."""
        from microgt.schema.readers import read_sqlite

        return read_sqlite(path, hide=hide)

    @classmethod
    def from_files(cls, *paths, hide: tuple[str, ...] = ()) -> Schema:
        """Read CSV and Parquet files, one table a file, named by the file's stem."""
        from microgt.schema.readers import read_files

        return read_files(*paths, hide=hide)
