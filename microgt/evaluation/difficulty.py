"""How hard a question is, by what its gold is made of.

One point for each table, condition and aggregate beyond the first of its kind in the whole query, for grouping, for order or limit, and for
each value that is computed (arithmetic, ratios, parts of dates, other functions); two for each nested query or further side of a set
operation, and for each window. No point is easy, up to 2 medium, up to 4 hard, more is extra.

SQL is counted as written and a spec by its types. They differ where SQL names a table that a spec's joins find by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from microgt.spec.types import (
    Aggregate,
    Answer,
    Arithmetic,
    Between,
    Bin,
    Col,
    Compare,
    DateDiff,
    DatePart,
    Edit,
    In,
    InPeriod,
    InQuery,
    IsNull,
    Like,
    Node,
    Ratio,
    Rows,
    Select,
    Spec,
    Through,
    TimeBucket,
    Window,
)
from microgt.spec.walk import Query, block, group_keys, is_grouped, walk

_CONDITIONS = Compare | Between | In | InQuery | Like | IsNull | InPeriod
_COMPUTED = Arithmetic | Ratio | DatePart | DateDiff | TimeBucket | Bin
_SQL_COMPUTED = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.DPipe, exp.Case, exp.Func)
_SQL_PLAIN = (exp.AggFunc, exp.Cast, exp.Connector, exp.Predicate)  # functions to sqlglot, not to people

_ANY = (exp.AnyValue, exp.First)  # no aggregate but a way to show a column beside its group


class Difficulty(StrEnum):
    """Of a question."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"
    EXTRA = "extra"


@dataclass(frozen=True)
class Constructs:
    """How often each occurs."""

    tables: int
    conditions: int
    aggregates: int
    grouping: bool
    order: bool
    computed: int
    queries: int
    windows: int

    @property
    def points(self) -> int:
        """As said at the head of this file."""
        beyond = sum(max(0, n - 1) for n in (self.tables, self.conditions, self.aggregates))
        return beyond + self.grouping + self.order + self.computed + 2 * max(0, self.queries - 1) + 2 * self.windows

    @property
    def difficulty(self) -> Difficulty:
        """The level of so many points."""
        levels = {0: Difficulty.EASY, 2: Difficulty.MEDIUM, 4: Difficulty.HARD}
        return next((level for most, level in levels.items() if self.points <= most), Difficulty.EXTRA)


def difficulty_of(sql: str | None, spec: Spec | None) -> Difficulty | None:
    """The difficulty of gold SQL, else of a gold spec; None for SQL that cannot be parsed, and where there is no query."""
    if sql:
        found = constructs_of_sql(sql)
    else:
        answer = spec.answer if isinstance(spec, Edit) else spec
        found = constructs_of_spec(answer) if isinstance(answer, Answer) else None
    return found and found.difficulty


@lru_cache(maxsize=256)  # rewordings of a question share their gold
def constructs_of_sql(sql: str) -> Constructs | None:
    """Counted in DuckDB's SQL; None when it cannot be parsed."""
    try:
        tree = parse_one(sql, read="duckdb")
    except (SqlglotError, RecursionError):
        return None
    if not isinstance(tree, exp.Query):
        return None
    named = {cte.alias for cte in tree.find_all(exp.CTE)}
    conditions = [leaf for clause in tree.find_all(exp.Where, exp.Having) for leaf in clause.find_all(exp.Predicate) if _leaf(leaf, clause)]
    return Constructs(
        tables=sum(table.name not in named for table in tree.find_all(exp.Table)),
        conditions=len(conditions),
        aggregates=sum(not isinstance(found.parent, exp.Window) and not isinstance(found, _ANY) for found in tree.find_all(exp.AggFunc)),
        grouping=tree.find(exp.Group) is not None,
        order=any(not isinstance(found.parent, exp.Window) for found in tree.find_all(exp.Order, exp.Limit)),
        computed=sum(not isinstance(found, _SQL_PLAIN) for found in tree.find_all(*_SQL_COMPUTED)),
        queries=sum(1 for _ in tree.find_all(exp.Select)),
        windows=sum(1 for _ in tree.find_all(exp.Window)),
    )


def _leaf(condition: exp.Expr, clause: exp.Expr) -> bool:
    """Whether it is a condition of this clause, not of a nested query's, nor inside another condition."""
    above = condition.parent
    while above is not clause and above is not None:
        if isinstance(above, exp.Query | exp.Predicate):
            return False
        above = above.parent
    return True


def constructs_of_spec(answer: Answer) -> Constructs:
    """Counted in the types of a spec."""
    nodes = [node for _, node in walk(answer.query)]
    selects = [node for node in nodes if isinstance(node, Select)]
    return Constructs(
        tables=sum(len(_tables(select)) for select in selects),
        conditions=sum(isinstance(node, _CONDITIONS) for node in nodes),
        aggregates=sum(isinstance(node, Aggregate) for node in nodes),
        grouping=any(is_grouped(select) and group_keys(select) for select in selects),
        order=any(node.sort or node.limit for node in nodes if isinstance(node, Query)),
        computed=sum(isinstance(node, _COMPUTED) for node in nodes),
        queries=len(selects),
        windows=sum(isinstance(node, Window) for node in nodes),
    )


def _tables(select: Select) -> set[str]:
    def name(node: Node) -> str | None:
        if isinstance(node, Col):
            return node.column.rpartition(".")[0]
        return node.table if isinstance(node, Rows | Through) else None

    return {table for node in block(select) if (table := name(node))}
