"""What a gold query is about as rows to be made: linked rows that fulfil its conditions, all or all but one, and groups of a given size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from microgt.errors import SpecError
from microgt.evaluation.variants.literals import place_of
from microgt.evaluation.variants.profile import Place, Profile
from microgt.evaluation.variants.truth import Unreadable, candidates, column_of, holds
from microgt.schema.types import Schema
from microgt.spec.joins import Instance, instance_of, join_tree
from microgt.spec.types import Aggregate, And, Col, Compare, InQuery, IsNull, Node, Not, Or, Rows, Select, Sort, Value
from microgt.spec.walk import block, group_keys, walk

At = tuple[int, Instance]  # a row: the number of its query block, its table there
Cell = tuple[At, str]
_COUNTS = "count", "count_distinct"


@dataclass(frozen=True)
class Choice:
    """A cell with the values to choose from; truths: for each value which of the scenario's conditions (by number) hold."""

    cell: Cell
    conditions: tuple[int, ...]
    values: tuple[Any, ...]
    truths: tuple[tuple[bool, ...], ...]


@dataclass
class Scenario:
    """rows: those that are linked. links: cells to be equal, of the row that refers first. optional: the numbers of conditions that are a
    link themselves. groups: how many rows of the first kind there are to be with the same cells in the others."""

    rows: list[At] = field(default_factory=list)
    links: list[tuple[Cell, Cell]] = field(default_factory=list)
    optional: dict[int, tuple[Cell, Cell]] = field(default_factory=dict)
    choices: list[Choice] = field(default_factory=list)
    conditions: int = 0
    copied: At | None = None
    size: int = 1
    keys: list[Cell] = field(default_factory=list)

    @property
    def patterns(self) -> list[tuple[bool, ...]]:
        """Which conditions are to hold: all; all but one; one alone."""
        n = self.conditions
        found = [(True,) * n]
        found += [tuple(i != j for i in range(n)) for j in range(n)]
        found += [tuple(i == j for i in range(n)) for j in range(n) if n > 2]
        return list(dict.fromkeys(found))


def scenarios_of(query: Node, schema: Schema, profile: Profile) -> Iterator[Scenario]:
    """A scenario for each query block that has conditions or joins and reads tables."""
    for _, node in walk(query):
        if isinstance(node, Select) and node.source is None:
            scenario = Scenario()
            try:
                _add_block(scenario, node, schema, profile)
            except SpecError:
                continue
            if scenario.conditions or scenario.copied or len(scenario.rows) > 1:
                yield scenario


def _add_block(scenario: Scenario, select: Select, schema: Schema, profile: Profile) -> int:
    """Add the rows of a query block; returns its number."""
    number = len({n for n, _ in scenario.rows})
    tree = join_tree(select, schema)
    there = [i for i in tree.instances if i.table.lower() in profile.tables]
    scenario.rows += [(number, i) for i in there]
    for edge in tree.edges:
        if edge.many in there and edge.one in there:
            for a, b in edge.on:
                scenario.links.append((((number, edge.many), _name(a, schema)), ((number, edge.one), _name(b, schema))))
    wheres = [w for w in (select.where, *(n.where for n in block(select) if isinstance(n, Aggregate))) if w is not None]
    _add_conditions(scenario, number, list(chain.from_iterable(map(_conditions, wheres))), schema, profile)
    if number == 0 and select.having is not None:
        _add_groups(scenario, select, select.having, schema)
    return number


def _name(column_id: str, schema: Schema) -> str:
    return schema.column(column_id).name.lower()


def _conditions(predicate: Node) -> Iterator[Node]:
    """The conditions that `and`, `or` and `not` are made of."""
    match predicate:
        case And() | Or():
            for arg in predicate.args:
                yield from _conditions(arg)
        case Not():
            yield from _conditions(predicate.arg)
        case _:
            yield predicate


def _add_conditions(scenario: Scenario, number: int, conditions: Sequence[Node], schema: Schema, profile: Profile) -> None:
    by_cell: dict[Cell, list[Node]] = {}
    for condition in conditions:
        col = column_of(condition)
        if col is not None:
            by_cell.setdefault(((number, instance_of(col, schema)), _name(col.column, schema)), []).append(condition)
        elif isinstance(condition, InQuery):
            _add_membership(scenario, number, condition, schema, profile)
    for cell, about in by_cell.items():
        column = profile.column((cell[0][1].table.lower(), cell[1]))
        if column is not None and cell[0] in scenario.rows:
            _add_choice(scenario, cell, about, candidates(about, column))


def _add_choice(scenario: Scenario, cell: Cell, about: Sequence[Node], values: Sequence[Any]) -> None:
    truths = []
    for value in values:
        try:
            truths.append((value, tuple(holds(condition, value) for condition in about)))
        except Unreadable:
            continue
    if truths:
        numbers = tuple(range(scenario.conditions, scenario.conditions + len(about)))
        scenario.conditions += len(about)
        scenario.choices.append(Choice(cell, numbers, tuple(v for v, _ in truths), tuple(t for _, t in truths)))


def _add_membership(scenario: Scenario, number: int, condition: InQuery, schema: Schema, profile: Profile) -> None:
    """The rows of the query that a column is looked up in, with a link that may be missing."""
    inner = condition.query
    if not (isinstance(condition.of, Col) and isinstance(inner, Select) and inner.source is None and isinstance(inner.outputs[0], Col)):
        return
    other = _add_block(scenario, inner, schema, profile)
    here, there = ((n, instance_of(c, schema)) for n, c in ((number, condition.of), (other, inner.outputs[0])))
    if here in scenario.rows and there in scenario.rows:
        ends = ((here, _name(condition.of.column, schema)), (there, _name(inner.outputs[0].column, schema)))
        inner_is_key = schema.column(inner.outputs[0].column).primary
        scenario.optional[scenario.conditions] = ends if inner_is_key else (ends[1], ends[0])
        scenario.conditions += 1


def _add_groups(scenario: Scenario, select: Select, having: Node, schema: Schema) -> None:
    """Groups as large as a condition on their number of rows says, and one smaller or larger."""
    for condition in _conditions(having):
        if isinstance(condition, Compare) and isinstance(condition.left, Aggregate) and isinstance(condition.right, Value):
            counted, size = condition.left, condition.right.value
            if counted.fn in _COUNTS and isinstance(size, int) and 0 < size < 30 and isinstance(counted.of, Rows | Col):
                of = Instance(counted.of.table) if isinstance(counted.of, Rows) else instance_of(counted.of, schema)
                if (0, of) in scenario.rows:
                    scenario.copied, scenario.size = (0, of), size
                    keys = [k for k in group_keys(select) if isinstance(k, Col)]
                    scenario.keys = [((0, instance_of(k, schema)), _name(k.column, schema)) for k in keys]
                    return


def steady_places(query: Node, schema: Schema) -> set[Place]:
    """Columns in which a NULL would decide what people disagree about: those that a query negates a condition on or sorts by."""
    found = set()
    for _, node in walk(query):
        negated = isinstance(node, Not) and not isinstance(node.arg, IsNull)
        if negated or isinstance(node, Sort) or (isinstance(node, Compare) and node.op == "ne"):
            found |= {place_of(n, schema) for _, n in walk(node) if isinstance(n, Col)}
    return found
