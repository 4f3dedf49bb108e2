"""The compiler's tree in the SQL of other engines: what means the same there is written, what has no such form is refused by name."""

from __future__ import annotations

from sqlglot import exp

from microgt.errors import CompileError, did_you_mean
from microgt.spec.dialects.bigquery import BigQuery
from microgt.spec.dialects.clickhouse import ClickHouse
from microgt.spec.dialects.duckdb import DuckDB
from microgt.spec.dialects.mysql import MySQL
from microgt.spec.dialects.postgres import Postgres
from microgt.spec.dialects.snowflake import Snowflake
from microgt.spec.dialects.spark import Spark
from microgt.spec.dialects.sqlite import SQLite
from microgt.spec.dialects.trino import Trino
from microgt.spec.dialects.tsql import TSQL

_WRITERS: tuple[type[DuckDB], ...] = (
    DuckDB,
    Postgres,
    Snowflake,
    BigQuery,
    Spark,
    Trino,
    ClickHouse,
    SQLite,
    MySQL,
    TSQL,
)
_BY_NAME = {writer.name: writer for writer in _WRITERS}
DIALECTS = tuple(_BY_NAME)


def write(tree: exp.Query, dialect: str) -> str:
    """The SQL of a tree that `to_sqlglot` made; the tree may change. Raises `CompileError` E_DIALECT: which construct, which dialect."""
    if dialect not in _BY_NAME:
        message = f"unknown dialect {dialect!r}{did_you_mean(dialect, DIALECTS)}"
        raise CompileError("E_DIALECT", message, given=dialect, choices=DIALECTS)
    return _BY_NAME[dialect]().write(tree)


__all__ = ["DIALECTS", "write"]
