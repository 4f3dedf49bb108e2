"""Which parts of SQL the importer reads. Any other part would be lost, and the spec would mean something else: it is refused."""

from __future__ import annotations

from typing import Any

from sqlglot import Dialect, exp

from microgt.errors import ImportSqlError
from microgt.spec.importer.places import quoted

_SET = {"this", "expression", "distinct", "order", "limit", "offset", "with_"}
_LIKE = {"this", "expression", "negate"}
_CAST = {"this", "to", "safe"}
_TRUNC = {"this", "unit", "input_type_preserved"}
_THIS = {"this"}
# Of each kind of node the arguments that are read; kinds that are not named are known, or refused, where they are read.
_READ: dict[Any, set[str]] = {
    exp.Select: {"expressions", "from_", "joins", "where", "group", "having", "order", "limit", "offset", "distinct", "with_"},
    **dict.fromkeys((exp.Union, exp.Except, exp.Intersect), _SET),
    exp.Subquery: {"this", "alias"},
    exp.With: {"expressions", "recursive"},
    exp.CTE: {"this", "alias", "materialized"},
    exp.TableAlias: _THIS,
    exp.Table: {"this", "alias", "db"},
    exp.Column: {"this", "table", "db"},
    exp.Star: set(),
    exp.Join: {"this", "on", "using", "side", "kind", "method"},
    exp.Group: {"expressions"},
    exp.Order: {"expressions"},
    exp.Ordered: {"this", "desc", "nulls_first"},
    exp.Distinct: {"expressions"},
    exp.Limit: {"expression", "limit_options"},
    exp.Fetch: {"direction", "count", "limit_options"},
    exp.LimitOptions: {"rows"},
    exp.Count: {"this", "big_int"},
    **dict.fromkeys((exp.From, exp.Where, exp.Having, exp.Exists), _THIS),
    **dict.fromkeys((exp.Sum, exp.Avg, exp.Min, exp.Max, exp.Median, exp.AnyValue, exp.First, exp.IgnoreNulls), _THIS),
    **dict.fromkeys((exp.Cast, exp.TryCast), _CAST),
    **dict.fromkeys((exp.Like, exp.ILike), _LIKE),
    **dict.fromkeys((exp.DateTrunc, exp.TimestampTrunc), _TRUNC),
    exp.Between: {"this", "low", "high"},
    exp.In: {"this", "expressions", "query"},
    exp.Extract: {"this", "expression"},
    exp.TimeToStr: {"this", "format"},
    exp.DateDiff: {"this", "expression", "unit", "big_int", "date_part_boundary"},
}
_JOINS = ("", "INNER", "OUTER", "CROSS")


def refuse_unread(query: exp.Query, dialect: str) -> None:
    """Raises `ImportSqlError` clause for a part of the query that the importer does not read."""
    for node in query.walk():
        read = _READ.get(type(node))
        unread = [key for key, value in node.args.items() if value and key not in read] if read is not None else []
        if unread:
            raise _unread(node, unread[0], sorted(name.strip("_") for name in read or ()))
        instead = _not_known(node, dialect)
        if instead:
            raise ImportSqlError("clause", f"{quoted(node)} has no spec; {instead}", node=node)


def _unread(node: exp.Expr, name: str, read: list[str]) -> ImportSqlError:
    """Of an argument of a node that is not read."""
    value = node.args[name]
    parts = [part for part in (value if isinstance(value, list) else [value]) if isinstance(part, exp.Expr)]
    whole, clause = node.key.upper(), name.strip("_")
    told = f"read of {whole}: {', '.join(read)}" if read else f"{whole} is read without more"
    return ImportSqlError("clause", f"{clause!r} of {whole} has no spec: {quoted(node)}; {told}", node=(parts or [node])[0], choices=read)


def _not_known(node: exp.Expr, dialect: str) -> str:
    """What is read instead, where the value of an argument is one that is not understood; else empty."""
    match node:
        case exp.Join() if node.kind.upper() not in _JOINS or (node.kind.upper() == "OUTER" and not node.side):
            return "INNER, LEFT, RIGHT and FULL JOIN have"
        case exp.Table() if not isinstance(node.this, exp.Identifier):
            return "a table is given by its name"
        case exp.Table() | exp.Column() if node.text("db").lower() not in ("", "main"):
            return "the tables of the schema main have"
        case exp.Except() | exp.Intersect() if not node.args.get("distinct"):
            return f"{node.key.upper()} without ALL has"
        case exp.Ordered() if _sorts_nulls_otherwise(node, dialect):
            return "NULLs are sorted last"
    return ""


def _sorts_nulls_otherwise(node: exp.Ordered, dialect: str) -> bool:
    """A spec sorts NULLs last. First they come where the dialect sorts them so by itself, and before ascending keys, as in SQLite."""
    first_by_itself = Dialect.get_or_raise(dialect).NULL_ORDERING == "nulls_are_large"
    return bool(node.args.get("nulls_first") and node.args.get("desc")) and not first_by_itself
