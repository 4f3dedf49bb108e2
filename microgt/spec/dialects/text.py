"""Text matched without regard to case."""

from __future__ import annotations

from sqlglot import exp

from microgt.spec.compiler.scope import literal


def lowered(match: exp.Expr) -> exp.Like:
    """`LOWER(x) LIKE LOWER(pattern)`."""
    return exp.Like(this=exp.Lower(this=match.this), expression=exp.Lower(this=match.expression))


def with_plain_backslashes(match: exp.ILike) -> exp.ILike:
    """The pattern for an engine in which a backslash escapes by itself: doubled, unless ESCAPE is said."""
    pattern = match.expression
    if isinstance(match.parent, exp.Escape) or not pattern.is_string:
        return match
    return exp.ILike(this=match.this, expression=literal(pattern.name.replace("\\", "\\\\")))


def has_other_letters(text: str) -> bool:
    """Letters beyond ASCII that have a case."""
    return any(not c.isascii() and c.lower() != c.upper() for c in text)
