"""Where in a text of SQL a part of its tree stands, and how the part is quoted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from sqlglot import Dialect, ErrorLevel, Token, exp
from sqlglot.errors import SqlglotError

_BEFORE = 6  # keywords that may stand before the first part of a construct that has a place: NATURAL LEFT JOIN ( SELECT DISTINCT
_LONGEST = 60


def quoted(node: exp.Expr) -> str:
    """The SQL of a part in one line, cut when it is long."""
    text = " ".join(node.sql("duckdb", unsupported_level=ErrorLevel.IGNORE).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def place_of(node: exp.Expr | None, sql: str, dialect: str) -> tuple[int, int]:
    """Line and column, from 1, of a part's first word; without a part, or for one that stands nowhere, those of the text's first word.

    (0, 0): the text has no word.
    """
    try:
        tokens = Dialect.get_or_raise(dialect).tokenize(sql)
    except SqlglotError:
        return 0, 0
    found = next((start for part in _outward(node) if (start := _start(part, tokens)) is not None), None)
    if found is None:
        found = tokens[0].start if tokens else None
    return (0, 0) if found is None else line_and_column(sql, found)


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Both from 1."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


def _outward(node: exp.Expr | None) -> Iterator[exp.Expr]:
    while node is not None:
        yield node
        node = node.parent


def _start(node: exp.Expr, tokens: Sequence[Token]) -> int | None:
    """The offset of the first word. The parser notes those of names, literals and functions; keywords before them are looked for."""
    noted = [n.meta["start"] for n in node.walk() if "start" in n.meta]
    first = quoted(node).replace("(", " ").split()[:1]
    opening = first[0].upper() if first else "("
    if not noted:
        return next((t.start for t in tokens if _word(t) == opening), None)
    before = islice((t for t in reversed(tokens) if t.start <= min(noted)), _BEFORE + 1)
    return next((t.start for t in before if _word(t) == opening), min(noted))


def _word(token: Token) -> str:
    """`GROUP BY` is one token."""
    return token.text.upper().partition(" ")[0]
