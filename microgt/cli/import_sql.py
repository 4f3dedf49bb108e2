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
on standard error with their line, and the exit status is 2.

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
    shown.add_argument("--json", action="store_true", help="print one JSON list: line, sql, and spec or error (code, message)")


class _Imported(NamedTuple):
    """A statement and what became of it."""

    statement: Statement
    spec: Spec | None
    error: SpecError | None


def run(args: argparse.Namespace) -> int:
    """Print the specs as JSON."""
    from microgt.spec.importer.statements import statements

    is_file = args.sql.endswith(".sql") or (len(args.sql) < 256 and Path(args.sql).is_file())
    script = read_text(args.sql) if is_file or args.sql == "-" else args.sql
    schema = open_db(args.db).schema
    found = [_imported(statement, schema, args.dialect) for statement in statements(script, args.dialect)]
    if not found:
        raise ImportSqlError("not_a_select", "there is no SELECT to import")
    failed = [(i.statement.line, i.error) for i in found if i.error]
    if args.json:
        print(json.dumps([_entry(i) for i in found], ensure_ascii=False, indent=1))
        return 2 if failed else 0
    if failed and len(found) == 1 and not is_file:
        raise failed[0][1]
    for imported in found:
        if imported.spec:
            print(_shown(imported.spec, schema, words=args.words, indent=1 if len(found) == 1 else None))
    for line, error in failed:
        print(f"microgt: {args.sql if is_file else 'SQL'}:{line}: {error}", file=sys.stderr)
    return 2 if failed else 0


def _imported(statement: Statement, schema: Schema, dialect: str) -> _Imported:
    from microgt.spec.importer import import_sql

    try:
        return _Imported(statement, import_sql(statement.in_place, schema, dialect=dialect), None)
    except SpecError as error:
        return _Imported(statement, None, error)


def _shown(spec: Spec, schema: Schema, *, words: bool, indent: int | None) -> str:
    from microgt.spec.json import write_spec
    from microgt.spec.words import in_words

    return in_words(spec, schema) if words else json.dumps(write_spec(spec), ensure_ascii=False, indent=indent)


def _entry(imported: _Imported) -> dict[str, Any]:
    from microgt.spec.json import write_spec

    statement, spec, error = imported
    outcome = {"spec": write_spec(spec)} if spec else {"error": {"code": error.code, "message": str(error)}} if error else {}
    return {"line": statement.line, "sql": statement.sql, **outcome}
