"""The statements of a SQL script, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from sqlglot import Dialect, TokenType
from sqlglot.errors import ParseError, SqlglotError

from microgt.errors import ImportSqlError
from microgt.spec.importer.places import line_and_column

# Where sqlglot's messages speak of its own classes.
_CLASS, _TOKEN = re.compile(r"<class '[\w.]*\.(\w+)'>"), re.compile(r" but got <Token.*>")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement without its semicolon. line, column: of its first word, from 1."""

    line: int
    column: int
    sql: str

    @property
    def in_place(self) -> str:
        """The statement where it stands in the script, so that an error names the right line and column."""
        return "\n" * (self.line - 1) + " " * (self.column - 1) + self.sql


def statements(script: str, dialect: str = "duckdb") -> list[Statement]:
    """What the semicolons of a script part; comments between statements belong to none.

    A quote that does not end belongs to a last statement, which cannot be imported. Raises `ImportSqlError` dialect.
    """
    try:
        known = Dialect.get_or_raise(dialect)
    except ValueError as error:
        raise ImportSqlError("dialect", str(error)) from None
    ends = [m.end() for m in re.finditer(";", script)]
    for end in (len(script), *reversed(ends), 0):  # the longest beginning in which all quotes end
        try:
            return list(_split(script[:end], known)) + list(_open_ended(script, end))
        except SqlglotError:
            continue
    return []


def _split(script: str, dialect: Dialect) -> Iterator[Statement]:
    tokens = dialect.tokenize(script)
    for is_semicolon, group in groupby(tokens, key=lambda token: token.token_type is TokenType.SEMICOLON):
        if not is_semicolon:
            found = list(group)
            yield _statement(script, found[0].start, found[-1].end + 1)


def _open_ended(script: str, start: int) -> Iterator[Statement]:
    """What comes after, as one statement."""
    rest = script[start:]
    if rest.strip():
        yield _statement(script, start + len(rest) - len(rest.lstrip()), len(script.rstrip()))


def _statement(script: str, start: int, end: int) -> Statement:
    return Statement(*line_and_column(script, start), script[start:end])


def no_sql(error: SqlglotError, sql: str) -> ImportSqlError:
    """What sqlglot says of a text that is no SQL."""
    if not isinstance(error, ParseError) or not error.errors:
        start = len(sql) - len(sql.lstrip())
        return ImportSqlError("syntax", "a quote or a comment does not end", at=line_and_column(sql, start))
    first = error.errors[0]
    near, said = first["highlight"], _TOKEN.sub("", _CLASS.sub(r"\1", first["description"]))
    place = first["line"], max(1, first["col"] - len(near) + 1)  # sqlglot counts to the end of the word
    return ImportSqlError("syntax", f"{said}, near {near!r}", at=place, given=near)
