"""What means the same in every engine, so that sqlglot's own writing of it can be trusted."""

from __future__ import annotations

from sqlglot import exp

PLAIN: frozenset[type[exp.Expr]] = frozenset(
    (
        # queries
        exp.Select, exp.From, exp.Table, exp.TableAlias, exp.Alias, exp.Subquery, exp.Where, exp.Group, exp.Having, exp.Ordered, exp.Limit,
        exp.Distinct, exp.Union, exp.Intersect, exp.Except, exp.With, exp.CTE, exp.Star, exp.Column,
        # conditions
        exp.And, exp.Or, exp.Not, exp.Paren, exp.Is, exp.Like, exp.Case, exp.If,
        # numbers and aggregates
        exp.Mul, exp.Neg, exp.Nullif, exp.Coalesce, exp.Sum, exp.Tuple, exp.Boolean,
        # windows
        exp.Window, exp.Lag, exp.Lead, exp.Rank, exp.DenseRank, exp.RowNumber,
        # words inside other constructs
        exp.Var, exp.Interval, exp.DataType, exp.DataTypeParam,
    )
)  # fmt: skip

PLAIN_CALLS = frozenset(("RANK", "DENSE_RANK", "ROW_NUMBER"))
