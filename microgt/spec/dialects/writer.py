"""How a dialect writes what the compiler builds.

A tree passes through `shapes`, then every node, children first, through the method of its class. A construct without a method and not
among those that mean the same everywhere is refused: nothing is left to chance.
"""

from __future__ import annotations

from typing import ClassVar, NoReturn

from sqlglot import exp

from microgt.errors import CompileError
from microgt.schema.types import ColumnType
from microgt.spec.compiler.casts import iso
from microgt.spec.dialects import shapes, text
from microgt.spec.dialects.constructs import METHODS, PLAIN, PLAIN_CALLS
from microgt.spec.dialects.duckdb import DuckDB
from microgt.spec.dialects.nodes import as_double, as_timestamp, kind, with_hours
from microgt.spec.dialects.reserved import RESERVED
from microgt.spec.dialects.series import Series, series_of


class Writer(DuckDB):
    """What other engines share. Methods take a node whose children are rewritten, and return what stands in its place."""

    backslash_escapes: ClassVar[bool] = False  # in LIKE without ESCAPE
    reserved: ClassVar[frozenset[str]] = RESERVED

    def write(self, tree: exp.Expr) -> str:
        """The SQL of a tree. Raises `CompileError` E_DIALECT: which construct, which dialect."""
        return super().write(self.finished(self._rewritten(self.shaped(tree))))

    def shaped(self, tree: exp.Expr) -> exp.Expr:
        """The tree in shapes that this engine takes."""
        for shape in (shapes.without_column_aliases, shapes.without_qualify, shapes.bracketed, shapes.unsorted):
            tree = shape(tree)
        return tree

    def finished(self, tree: exp.Expr) -> exp.Expr:
        """The rewritten tree with what the whole of it needs."""
        return tree

    def refuse(self, construct: str) -> NoReturn:
        """Raise `CompileError` E_DIALECT."""
        message = f"{construct} cannot be said in {self.name} with the same meaning"
        raise CompileError("E_DIALECT", message, given=construct, choices=("duckdb",))

    def _rewritten(self, tree: exp.Expr) -> exp.Expr:
        for node in reversed(list(tree.walk())):
            parent, key, index = node.parent, node.arg_key, node.index
            new = self._written(node)
            if new is node:
                continue
            if parent is None:
                return new
            parent.set(str(key), new, index)
        return tree

    def _written(self, node: exp.Expr) -> exp.Expr:
        rule = METHODS.get(type(node))
        if rule is not None:
            return getattr(self, rule)(node)
        if type(node) not in PLAIN:
            self.refuse(node.sql_name() if isinstance(node, exp.Func) else type(node).__name__.upper())
        return node

    # -------------------------------------------------------------- names, order, joins

    def identifier(self, node: exp.Identifier) -> exp.Expr:
        """Quoted where the engine reserves the word."""
        if node.name.lower() in self.reserved:
            node.set("quoted", True)
        return node

    def order(self, node: exp.Order) -> exp.Expr:
        """NULLS LAST is said where the engine would sort them first."""
        return node

    def join(self, node: exp.Join) -> exp.Expr:
        """Inner, outer and cross joins."""
        if node.method or node.kind not in ("", "INNER", "OUTER", "CROSS"):
            self.refuse(f"{node.method or node.kind} JOIN")
        return node

    def united(self, node: exp.SetOperation) -> exp.Expr:
        """UNION, INTERSECT, EXCEPT of sides with the same types."""
        if kind(node) is ColumnType.OTHER:
            self.refuse("a set operation of different types")
        return node

    def call(self, node: exp.Anonymous) -> exp.Expr:
        """Functions without a class of their own."""
        if node.name == "DATESUB":
            self.refuse(f"whole {node.expressions[0].name}s between dates")
        if node.name not in PLAIN_CALLS:
            self.refuse(node.name)
        return node

    # -------------------------------------------------------------- windows and series of periods

    def frame(self, node: exp.WindowSpec) -> exp.Expr:
        """So many rows; a range of values is not known everywhere."""
        return node if node.text("kind") == "ROWS" else self.refuse("a window over a range")

    def neighbour(self, node: exp.Lag | exp.Lead) -> exp.Expr:
        """The value some rows before or after, NULL where there is no such row."""
        return node

    def unnested(self, node: exp.Unnest) -> exp.Expr:
        """A series of periods, of which `named_query` takes care."""
        return node if series_of(node.find_ancestor(exp.CTE)) else self.refuse("UNNEST")

    def named_query(self, node: exp.CTE) -> exp.Expr:
        """A query in WITH, which may be a series of periods."""
        found = series_of(node)
        if found:
            query = self.series(found)
            node.set("this", query)
            if isinstance(query, exp.Union) and node.parent:
                node.parent.set("recursive", True)
        return node

    def series(self, of: Series) -> exp.Query:
        """Every period, by recursion."""
        return of.by_recursion(self.shifted(exp.Add(this=of.period, expression=of.step)))

    # -------------------------------------------------------------- numbers and aggregates

    def divided(self, node: exp.Div) -> exp.Expr:
        """On floating point: elsewhere the quotient of integers or decimals is cut."""
        return exp.Div(this=as_double(node.this), expression=node.expression, typed=False, safe=False)

    def average(self, node: exp.Avg) -> exp.Expr:
        """Of floating point numbers, for the same reason."""
        self._not_of_dates(node)
        return exp.Avg(this=as_double(node.this))

    def median(self, node: exp.Median) -> exp.Expr:
        """The mean of the two middle values."""
        self._not_of_dates(node)
        return node

    def percentile(self, node: exp.WithinGroup) -> exp.Expr:
        """The value below which a part of the values lie, interpolated."""
        return node

    def floor(self, node: exp.Floor) -> exp.Expr:
        """The greatest whole number that is not above."""
        return node

    def _not_of_dates(self, node: exp.AggFunc) -> None:
        if kind(node.this) is ColumnType.TIME:
            self.refuse(f"{node.sql_name()} of dates")

    def extreme(self, node: exp.Min | exp.Max) -> exp.Expr:
        """The least or greatest value."""
        return node

    def count(self, node: exp.Count) -> exp.Expr:
        """COUNT(DISTINCT (a, b)) as COUNT(DISTINCT a, b)."""
        distinct = node.this
        if isinstance(distinct, exp.Distinct) and isinstance(distinct.expressions[0], exp.Tuple):
            distinct.set("expressions", distinct.expressions[0].expressions)
        return node

    def filtered(self, node: exp.Filter) -> exp.Expr:
        """`aggregate FILTER (WHERE condition)`."""
        return node

    # -------------------------------------------------------------- casts and constants

    def null(self, node: exp.Null) -> exp.Expr:
        """Of any type."""
        return node

    def constant(self, node: exp.Literal) -> exp.Expr:
        """Text and numbers; a moment is text that compares with dates and timestamps."""
        return node

    def try_cast(self, node: exp.TryCast) -> exp.Expr:
        """NULL for what does not fit; an ISO text fits for sure."""
        if node.this.is_string and iso(node.this.name) and node.to.is_type(exp.DType.TIMESTAMP):
            return self.cast(exp.cast(node.this, exp.DType.TIMESTAMP))
        node.set("safe", True)  # without these two sqlglot writes a plain CAST for Spark and for Snowflake
        node.set("requires_string", True)
        return node

    def cast(self, node: exp.Cast) -> exp.Expr:
        """To another type."""
        return self.checked(node)

    def checked(self, node: exp.Cast) -> exp.Cast:
        """The cast; refused to the text of numbers and of true and false, which differs between engines."""
        of = kind(node.this)
        if node.to.is_type(exp.DType.VARCHAR) and of in (ColumnType.NUMBER, ColumnType.BOOLEAN):
            self.refuse("text of a number" if of is ColumnType.NUMBER else "text of true and false")
        return node

    # -------------------------------------------------------------- comparisons

    def distinct_from(self, node: exp.NullSafeNEQ) -> exp.Expr:
        """IS DISTINCT FROM."""
        return node

    def not_distinct_from(self, node: exp.NullSafeEQ) -> exp.Expr:
        """IS NOT DISTINCT FROM."""
        return node

    def compared(self, node: exp.Binary) -> exp.Expr:
        """=, <>, <, <=, >, >=."""
        return node

    def between(self, node: exp.Between) -> exp.Expr:
        """Both ends included."""
        return node

    def among(self, node: exp.In) -> exp.Expr:
        """In values, or in a query."""
        return node

    def exists(self, node: exp.Exists) -> exp.Expr:
        """Usually correlated."""
        return node

    def ilike(self, node: exp.ILike) -> exp.Expr:
        """A match without regard to case."""
        return text.with_plain_backslashes(node) if self.backslash_escapes else node

    def escape(self, node: exp.Escape) -> exp.Expr:
        """A match with another sign than the engine's own to escape with."""
        return node

    # -------------------------------------------------------------- dates

    def truncated(self, node: exp.TimestampTrunc) -> exp.Expr:
        """The start of a period; weeks start on Monday."""
        return with_hours(node)

    def part(self, node: exp.Extract) -> exp.Expr:
        """A part of a date as a number; ISODOW is 1 to 7 from Monday."""
        part = node.name.upper()
        if part == "ISODOW":
            return self.weekday(node.expression)
        if part == "HOUR":
            node.set("expression", as_timestamp(node.expression))
        return node

    def weekday(self, of: exp.Expr) -> exp.Expr:
        """1 for Monday to 7 for Sunday."""
        return exp.Extract(this=exp.var("ISODOW"), expression=of)

    def added(self, node: exp.Add | exp.Sub) -> exp.Expr:
        """Numbers, or an interval to a date."""
        return self.shifted(node) if isinstance(node.expression, exp.Interval) else node

    def shifted(self, node: exp.Add | exp.Sub) -> exp.Expr:
        """A date plus or minus an interval: months keep the day where there is one, else take the last."""
        return node

    def days(self, node: exp.DateDiff) -> exp.Expr:
        """Days from one date to another."""
        return node
