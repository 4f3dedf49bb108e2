"""Which parts of SQL the importer reads. Any other part would be lost, and the spec would mean something else: it is refused."""

from __future__ import annotations

from typing import Any

from sqlglot import Dialect, ErrorLevel, exp

from microgt.errors import ImportSqlError

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
            raise _refused(f"{unread[0].strip('_')!r} in {type(node).__name__}", node, dialect)
        if not _is_known(node, dialect):
            raise _refused(f"this {type(node).__name__}", node, dialect)


def _refused(what: str, node: exp.Expr, dialect: str) -> ImportSqlError:
    return ImportSqlError("clause", f"{what} has no spec: {node.sql(dialect, unsupported_level=ErrorLevel.IGNORE)[:60]}")


def _is_known(node: exp.Expr, dialect: str) -> bool:
    """Whether the values of arguments that are read are ones that are understood."""
    match node:
        case exp.Join():
            return node.kind.upper() in _JOINS and (node.kind.upper() != "OUTER" or bool(node.side))
        case exp.Table():
            return isinstance(node.this, exp.Identifier) and node.db.lower() in ("", "main")
        case exp.Column():
            return node.text("db").lower() in ("", "main")
        case exp.Except() | exp.Intersect():
            return bool(node.args.get("distinct"))
        case exp.Ordered():
            return not _sorts_nulls_otherwise(node, dialect)
    return True


def _sorts_nulls_otherwise(node: exp.Ordered, dialect: str) -> bool:
    """A spec sorts NULLs last. First they come where the dialect sorts them so by itself, and before ascending keys, as in SQLite."""
    first_by_itself = Dialect.get_or_raise(dialect).NULL_ORDERING == "nulls_are_large"
    return bool(node.args.get("nulls_first") and node.args.get("desc")) and not first_by_itself
