"""The constructs that a dialect may be asked to write: those that mean the same in every engine, so that sqlglot's own writing of them can
be trusted, and the method of `Writer` for each of the others."""

from __future__ import annotations

from sqlglot import exp

PLAIN: frozenset[type[exp.Expr]] = frozenset(
    (
        # queries
        exp.Select, exp.From, exp.Table, exp.TableAlias, exp.Alias, exp.Subquery, exp.Where, exp.Group, exp.Having, exp.Ordered, exp.Limit,
        exp.Distinct, exp.With, exp.Star, exp.Column,
        # conditions
        exp.And, exp.Or, exp.Not, exp.Paren, exp.Is, exp.Like, exp.Case, exp.If,
        # numbers and aggregates
        exp.Mul, exp.Neg, exp.Nullif, exp.Coalesce, exp.Sum, exp.Tuple, exp.Boolean, exp.PercentileCont,
        # windows
        exp.Window, exp.Rank, exp.DenseRank, exp.RowNumber, exp.GenerateDateArray, exp.GenerateTimestampArray,
        # words inside other constructs
        exp.Var, exp.Interval, exp.DataType, exp.DataTypeParam,
    )
)  # fmt: skip

PLAIN_CALLS = frozenset(("RANK", "DENSE_RANK", "ROW_NUMBER"))

METHODS: dict[type[exp.Expr], str] = {
    exp.Identifier: "identifier",
    exp.Order: "order",
    exp.Join: "join",
    exp.Anonymous: "call",
    exp.WindowSpec: "frame",
    exp.Lag: "neighbour",
    exp.Lead: "neighbour",
    exp.Union: "united",
    exp.Intersect: "united",
    exp.Except: "united",
    exp.Unnest: "unnested",
    exp.CTE: "named_query",
    exp.Div: "divided",
    exp.Avg: "average",
    exp.Median: "median",
    exp.WithinGroup: "percentile",
    exp.Floor: "floor",
    exp.Min: "extreme",
    exp.Max: "extreme",
    exp.Count: "count",
    exp.Filter: "filtered",
    exp.Null: "null",
    exp.Literal: "constant",
    exp.TryCast: "try_cast",
    exp.Cast: "cast",
    exp.NullSafeNEQ: "distinct_from",
    exp.NullSafeEQ: "not_distinct_from",
    exp.EQ: "compared",
    exp.NEQ: "compared",
    exp.GT: "compared",
    exp.GTE: "compared",
    exp.LT: "compared",
    exp.LTE: "compared",
    exp.Between: "between",
    exp.In: "among",
    exp.Exists: "exists",
    exp.ILike: "ilike",
    exp.Escape: "escape",
    exp.TimestampTrunc: "truncated",
    exp.Extract: "part",
    exp.Add: "added",
    exp.Sub: "added",
    exp.DateDiff: "days",
}
