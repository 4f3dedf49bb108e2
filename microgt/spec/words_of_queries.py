"""Queries, expressions and measures in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from microgt.schema.types import ColumnType, Schema
from microgt.spec.calendar import NAMED_PARTS
from microgt.spec.compiler.kinds import kind_of, kinds_of_outputs
from microgt.spec.english import listed, ordinal
from microgt.spec.types import (
    Aggregate,
    Arithmetic,
    Bin,
    Col,
    DateDiff,
    DatePart,
    Inner,
    Limit,
    Link,
    Node,
    Percentile,
    Ratio,
    Ref,
    Rows,
    Select,
    SetOperation,
    Sort,
    TimeBucket,
    Value,
    Window,
)
from microgt.spec.walk import Query, block, has_measure, is_grouped, within, without_refs
from microgt.spec.words_of_conditions import condition
from microgt.spec.words_of_windows import window

_FUNCTIONS = {"sum": "total", "avg": "average", "min": "smallest", "max": "largest", "median": "median"}
_OPERATORS = {"add": "plus", "sub": "minus", "mul": "times", "div": "divided by"}
_FIRST = {
    ColumnType.NUMBER: ("smallest first", "largest first"),
    ColumnType.TIME: ("earliest first", "latest first"),
    ColumnType.BOOLEAN: ("false first", "true first"),
}


def _counts(query: Select) -> bool:
    """Whether a count names the table."""
    return any(isinstance(n, Rows) for output in query.outputs for n in within(output))


def _is_short(query: Select) -> bool:
    """Whether the table can be said once, behind the measures."""
    parts = [n for output in query.outputs for n in within(output)]
    return _counts(query) or not any(isinstance(n, Window) or (isinstance(n, Aggregate) and n.where) for n in parts)


@dataclass(frozen=True)
class Words:
    """The words of the parts of one query. `qualified`: columns are said with their table."""

    schema: Schema
    qualified: bool
    outputs: tuple[Node, ...] = ()
    source: Query | None = None

    # -------------------------------------------------------------- queries

    def query(self, query: Query) -> str:
        """A query without its view."""
        if isinstance(query, SetOperation):
            return self._set(query)
        query = without_refs(query)
        say = self if _is_short(query) else replace(self, qualified=True)
        return say.shown_by(query)._select(query)

    def _set(self, query: SetOperation) -> str:
        left, right = f"({self.query(query.left)})", f"({self.query(query.right)})"
        text = {
            "union": f"all of {left} and {right}, each once",
            "union_all": f"all of {left} and {right}, repeats kept",
            "intersect": f"those of {left} that are also in {right}",
            "except": f"those of {left} that are not in {right}",
        }[query.op]
        return text + self.shown_by(query)._order(query)

    def shown_by(self, query: Query) -> Words:
        """The words of a query's outputs."""
        while isinstance(query, SetOperation):
            query = query.left
        return Words(self.schema, self.qualified, without_refs(query).outputs, query.source)

    def _select(self, query: Select) -> str:
        measures = [self.of(o) for o in query.outputs if has_measure(o)]
        fields = [self.of(o) for o in query.outputs if not has_measure(o)]
        if measures:
            text = listed(measures) + self._of_table(query) + (f" by {listed(fields)}" if fields else "")
        else:
            text = ("the different " if query.distinct else "") + listed(fields) + self._of_table(query)
        if query.by:
            text += f" for each {listed([self.of(k) for k in query.by])}"
        if query.source is not None:
            text += f" over ({self.query(query.source)})"
        if query.where is not None:
            text += f" where {condition(query.where, self)}"
        if query.having is not None:
            text += f", only {'groups' if is_grouped(query) else 'rows'} where {condition(query.having, self)}"
        text += ", each row once" if measures and query.distinct and query.by else ""
        return text + "".join(f", {part}" for part in self.joins(query)) + self._order(query)

    def _of_table(self, query: Select) -> str:
        """The table, when columns are said without it and no count names it."""
        tables = [self.schema.column(n.column).table for n in block(query) if isinstance(n, Col)]
        if self.qualified or not tables or _counts(query):
            return ""
        of = is_grouped(query) or all(isinstance(o, Col | Value) for o in query.outputs)
        return f" {'of' if of else 'in'} {self._table(tables[0])}"

    def joins(self, query: Select) -> list[str]:
        """What is said of the joins, a phrase each."""
        parts = []
        for join in query.through:
            if isinstance(join, Link):
                right = "the same" if join.left == join.right else self._column(join.right)
                parts.append(f"joined where {self._column(join.left)} is {right}")
            else:
                parts.append(f"by way of {self._table(join.table)}")
        if query.orphans == "drop":
            parts.append("only rows with a match in every table")
        if query.empty_groups == "keep":
            parts.append("groups without rows too")
        return parts

    def _order(self, query: Query) -> str:
        text = f", {self._sorted(query.sort)}" if query.sort else ""
        return f"{text}, only {self.rows(query.limit)}" if query.limit else text

    def _sorted(self, sort: Sequence[Sort]) -> str:
        """By what and from which end; by the only measure need not be said."""
        by = [self.outputs[s.by.output] if isinstance(s.by, Ref) else s.by for s in sort]
        measures = [o for o in self.outputs if has_measure(o)]
        alone = len(by) == 1 and by == measures
        return self._first(by[0], sort[0].direction == "desc") if alone else f"sorted by {self.keys(sort)}"

    def keys(self, sort: Sequence[Sort]) -> str:
        """What rows are sorted by."""
        return listed([f"{self.of(s.by)} ({self._first(s.by, s.direction == 'desc')})" for s in sort])

    def rows(self, limit: Limit) -> str:
        """What a limit leaves."""
        n = limit.n.value
        text = f"the first {'row' if n == 1 else f'{n} rows'}"
        text += f" of each {listed([self.of(key) for key in limit.per])}" if limit.per else ""
        text += ", ties included" if limit.ties == "include" else ""
        return text + (', the rest added up as "Other"' if limit.other else "")

    def _first(self, key: Node, down: bool) -> str:
        named = self.outputs[key.output] if isinstance(key, Ref) else key
        if isinstance(named, DatePart) and named.part in NAMED_PARTS:
            return f"{NAMED_PARTS[named.part][1][-down].capitalize()} first"
        return _FIRST.get(self.kind(key), ("from A to Z", "from Z to A"))[down]

    # -------------------------------------------------------------- expressions

    def kind(self, node: Node) -> ColumnType:
        """The type of an operand."""
        source = kinds_of_outputs(self.source, self.schema) if self.source else ()
        return kind_of(node, self.schema, self.outputs, source)

    def of(self, node: Node) -> str:
        """An expression or a measure."""
        match node:
            case Col():
                via = f" (by {listed([self._column(key) for key in node.via], 'then')})" if node.via else ""
                return self._column(node.column) + via
            case Value():
                return f'"{node.value}"' if isinstance(node.value, str) else str(node.value).lower()
            case Arithmetic():
                return f"{self._side(node.left)} {_OPERATORS[node.op]} {self._side(node.right)}"
            case DatePart():
                part = node.part.replace("_", " ") if node.part in NAMED_PARTS else f"{node.part} number"
                return f"{part} of {self.of(node.of)}"
            case DateDiff():
                start, end = (str(s.value) if isinstance(s, Value) else self._side(s) for s in (node.start, node.end))
                return f"{node.unit}s from {start} to {end}"
            case TimeBucket():
                return f"{node.grain} of {self.of(node.of)}{f' (whole {node.grain}s only)' if node.complete else ''}"
            case Bin():
                size = self.of(node.n)
                return f"{self.of(node.of)} {f'in steps of {size}' if node.by == 'width' else f'in {size} groups of equal size'}"
            case Inner():
                return self._inner(node)
            case Ref():
                return replace(self, outputs=self.outputs[: node.output]).of(self.outputs[node.output])
            case Aggregate():
                return self._aggregate(node)
            case Ratio():
                return self._ratio(node)
            case Select() | SetOperation():
                return f"({self.query(node)})"
        if isinstance(node, Window):
            return window(node, self)
        raise TypeError(f"no words for {type(node).__name__}")

    def _side(self, node: Node) -> str:
        text = self.of(node)
        return f"({text})" if isinstance(node, Arithmetic | DateDiff | Ratio) else text

    def _inner(self, node: Inner) -> str:
        assert self.source is not None
        return self.shown_by(self.source).of(self._named(node)).removeprefix("the ")

    def _named(self, node: Inner) -> Node:
        assert self.source is not None
        return self.shown_by(self.source).outputs[node.output]

    def _aggregate(self, node: Aggregate) -> str:
        if isinstance(node.of, Rows):
            text = f"the number of {'different ' if node.fn == 'count_distinct' else ''}{self._table(node.of.table)}"
        elif node.fn == "count" and isinstance(node.of, Value):
            text = "the number of rows"
        elif node.fn in ("count", "count_distinct"):
            text = f"the number of {'different' if node.fn == 'count_distinct' else 'known'} values of {self.of(node.of)}"
        elif node.fn in ("min", "max") and self.kind(node.of) is ColumnType.TIME:
            text = f"the {'earliest' if node.fn == 'min' else 'latest'} {self.of(node.of)}"
        elif isinstance(node, Percentile):
            text = f"the {ordinal(node.p.value)} percentile of {self._side(node.of)}"
        else:
            of = "of the " if isinstance(node.of, Inner) and has_measure(self._named(node.of)) else ""
            text = f"the {_FUNCTIONS[node.fn]} {of}{self._side(node.of)}"
        if node.at:
            text += f" (once for each row of {self._table(node.at)})"
        return f"{text} (where {condition(node.where, self)})" if node.where else text

    def _ratio(self, node: Ratio) -> str:
        over, under = node.numerator, node.denominator
        if isinstance(over, Aggregate) and over.where and over.model_copy(update={"where": None}) == under:
            return f"the fraction of {self.of(under).removeprefix('the number of ')} (where {condition(over.where, self)})"
        return f"the ratio of {self._side(over)} to {self._side(under)}"

    def _column(self, column_id: str) -> str:
        column = self.schema.column(column_id)
        words = " ".join(column.words) or column.name
        return f"{self._table(column.table)} {words}" if self.qualified else words

    def _table(self, name: str) -> str:
        table = self.schema.table(name)
        return " ".join(table.words) or table.name
