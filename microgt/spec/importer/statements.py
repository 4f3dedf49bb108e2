"""The statements of a SQL script, each with the line that it starts on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from sqlglot import Dialect, TokenType
from sqlglot.errors import SqlglotError

from microgt.errors import ImportSqlError


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement without its semicolon. line: of its first word, from 1."""

    line: int
    sql: str

    @property
    def in_place(self) -> str:
        """The statement on the lines that it has in the script, so that a parser's message names the right one."""
        return "\n" * (self.line - 1) + self.sql


def statements(script: str, dialect: str = "duckdb") -> list[Statement]:
    """What the semicolons of a script part; comments between statements belong to none.

    Raises `ImportSqlError` syntax for a quote that does not end, dialect for a dialect that is not known.
    """
    try:
        return list(_split(script, dialect))
    except SqlglotError as error:
        raise ImportSqlError("syntax", str(error).splitlines()[0]) from None
    except ValueError as error:
        raise ImportSqlError("dialect", str(error)) from None


def _split(script: str, dialect: str) -> Iterator[Statement]:
    tokens = Dialect.get_or_raise(dialect).tokenize(script)
    for is_semicolon, group in groupby(tokens, key=lambda token: token.token_type is TokenType.SEMICOLON):
        if not is_semicolon:
            found = list(group)
            start = found[0].start
            yield Statement(script.count("\n", 0, start) + 1, script[start : found[-1].end + 1])
