"""What several verbs read: a spec from a file or from standard input, a database."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from microgt.errors import ConfigError, DataError

if TYPE_CHECKING:
    from microgt.engine.database import Database
    from microgt.spec.types import Spec

DB_HELP = "a DuckDB, SQLite, CSV or Parquet file, or a folder of CSV or Parquet files"


def read_text(name: str) -> str:
    """The text of a file; `-` is standard input. Raises `DataError` when it is no UTF-8 text."""
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise DataError(f"{name} is not UTF-8 text") from None


def read_spec_file(name: str) -> Spec:
    """The spec in a JSON file; `-` is standard input. Raises `SpecError`."""
    from microgt.spec.json import read_spec

    return read_spec(read_text(name))


def open_db(path: str) -> Database:
    """Open a database that exists and has tables. Raises `DataError`."""
    from microgt.engine.database import open_database

    if not Path(path).exists():
        raise DataError(f"no database at {path}: expected {DB_HELP}")
    return open_database(Path(path))


def add_asking(parser: argparse.ArgumentParser) -> None:
    """How questions are answered."""
    parser.add_argument("--checkpoint", metavar="C", help="a checkpoint directory or a Lightning .ckpt")
    parser.add_argument("--allow", metavar="PACKAGE", action="append", default=[], help="code of your own that the checkpoint may run")
    parser.add_argument("--as-of", metavar="DATE", help="what `last year` counts from; default: the last date in the data")
    parser.add_argument("--hide", metavar="TABLE.COLUMN", action="append", default=[], help="keep this column's values from the model")
    parser.add_argument("--no-log", action="store_true", help="do not write the questions to the log of DB")


def add_overrides(parser: argparse.ArgumentParser) -> None:
    """Overrides of the configuration, and where files of the user's own are."""
    parser.add_argument("overrides", nargs="*", metavar="key=value", help="overrides of the configuration")
    parser.add_argument("--config-dir", metavar="DIR", help="a folder of your own configuration groups, beside those of microgt")


def overrides_of(args: argparse.Namespace) -> list[str]:
    """What `add_overrides` has read, all as overrides. Raises `ConfigError` when there is no such folder."""
    from microgt.config import search_in

    return [*args.overrides, *([search_in(args.config_dir)] if args.config_dir else [])]


def override(key: str, value: object) -> str:
    """An override of the configuration; text in quotes, because it may hold what means something to Hydra."""
    if not isinstance(value, str):
        return f"{key}={value}"
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"{key}='{escaped}'"


def day(text: str) -> date:
    """An ISO date. Raises `ConfigError`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"{text!r} is not a date: expected YYYY-MM-DD") from None
