"""`microgt import-sql`: SQL to specs."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from microgt.cli.inputs import DB_HELP, open_db, read_text
from microgt.errors import ImportSqlError, SpecError

if TYPE_CHECKING:
    from microgt.schema.types import Schema
    from microgt.spec.importer.statements import Statement
    from microgt.spec.types import Spec

EPILOG = """\
One SELECT becomes one spec. Of several, parted by semicolons, each becomes a spec on a line of its own; those that have none are listed
on standard error with line, column, reason and what has a spec instead, and the exit status is 1.

example:
  microgt import-sql shop.duckdb "SELECT region, SUM(amount) FROM orders GROUP BY region" > spec.json
  microgt import-sql shop.duckdb reports.sql --json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the verb."""
    parser.epilog = EPILOG
    parser.add_argument("db", metavar="DB", help=DB_HELP)
    parser.add_argument("sql", metavar="SQL", help="a file of SELECTs, one SELECT in quotes, or - for standard input")
    parser.add_argument("--dialect", default="duckdb", help="the sqlglot dialect it is written in (default: duckdb)")
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--words", action="store_true", help="print each spec as an English sentence instead")
    shown.add_argument("--json", action="store_true", help="print one JSON list: line, column, sql, and spec or error")


class _Imported(NamedTuple):
    """A statement and what became of it."""

    statement: Statement
    spec: Spec | None
    error: SpecError | None


def run(args: argparse.Namespace) -> int:
    """Print the specs as JSON, and what has none."""
    from microgt.spec.importer.statements import statements

    is_file = args.sql.endswith(".sql") or (len(args.sql) < 256 and Path(args.sql).is_file())
    script = read_text(args.sql) if is_file or args.sql == "-" else args.sql
    schema = open_db(args.db).schema
    found = [_imported(statement, schema, args.dialect) for statement in statements(script, args.dialect)]
    if not found:
        raise ImportSqlError("not_a_select", "there is no SELECT to import")
    failed = [imported for imported in found if imported.error]
    if args.json:
        print(json.dumps([_entry(i) for i in found], ensure_ascii=False, indent=1))
        return 1 if failed else 0
    if len(found) == 1 and not is_file and found[0].error:
        raise found[0].error
    for imported in found:
        if imported.spec:
            print(_shown(imported.spec, schema, words=args.words, indent=1 if len(found) == 1 else None))
    for statement, _, error in failed:
        line, column = _place(statement, error)
        name = args.sql if is_file else "SQL"
        print(f"microgt: {name}:{line}:{column}: {_without_place(error)}", file=sys.stderr)
    return 1 if failed else 0


def _imported(statement: Statement, schema: Schema, dialect: str) -> _Imported:
    """A spec that the checker refuses is none."""
    from microgt.spec.checker import check
    from microgt.spec.importer import import_sql

    try:
        spec = import_sql(statement.in_place, schema, dialect=dialect)
        for error in check(spec, schema):
            raise error
    except SpecError as error:
        return _Imported(statement, None, error)
    return _Imported(statement, spec, None)


def _place(statement: Statement, error: SpecError | None) -> tuple[int, int]:
    """Of the construct that is refused, or else of the statement."""
    if isinstance(error, ImportSqlError) and error.line:
        return error.line, error.column
    return statement.line, statement.column


def _without_place(error: SpecError | None) -> str:
    return f"{error.code}: {error.message}" if isinstance(error, ImportSqlError) else str(error)


def _shown(spec: Spec, schema: Schema, *, words: bool, indent: int | None) -> str:
    from microgt.spec.json import write_spec
    from microgt.spec.words import in_words

    return in_words(spec, schema) if words else json.dumps(write_spec(spec), ensure_ascii=False, indent=indent)


def _entry(imported: _Imported) -> dict[str, Any]:
    from microgt.spec.json import write_spec

    statement, spec, error = imported
    entry: dict[str, Any] = {"line": statement.line, "column": statement.column, "sql": statement.sql}
    if error is None:
        return {**entry, "spec": write_spec(spec) if spec else None}
    line, column = _place(statement, error)
    said = {"code": error.code, "line": line, "column": column, "message": str(error), "choices": list(error.choices)}
    return {**entry, "error": said}
