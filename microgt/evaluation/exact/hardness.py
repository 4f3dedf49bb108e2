"""Spider's own levels of hardness, by which its figures are given (Yu et al., EMNLP 2018); `difficulty` is ours, for all sources.

Counted are, as the evaluator does it: clauses and joins (first), nested queries and set operations (second), and how many of four things
are there more than once (third): aggregates, selected columns, conditions in WHERE, keys of GROUP BY.
"""

from __future__ import annotations

from collections.abc import Iterable

from microgt.evaluation.difficulty import Difficulty
from microgt.evaluation.exact.clauses import Clauses, Condition, Term


def hardness(query: Clauses) -> Difficulty:
    """The level of a gold query."""
    first, second, third = _clauses(query), sum(1 for _ in query.nested()), _several(query)
    if first <= 1 and not second and not third:
        return Difficulty.EASY
    if not second and ((third <= 2 and first <= 1) or (third < 2 and first <= 2)):
        return Difficulty.MEDIUM
    if not second and ((third > 2 and first <= 2) or (third <= 2 and first == 3)):
        return Difficulty.HARD
    if first <= 1 and not third and second == 1:
        return Difficulty.HARD
    return Difficulty.EXTRA


def _clauses(query: Clauses) -> int:
    """WHERE, GROUP BY, ORDER BY, LIMIT, each join, each OR and each LIKE."""
    there = bool(query.where) + bool(query.group) + bool(query.order) + query.limited
    likes = sum(condition.op == "like" for condition in query.conditions)
    return there + max(0, len(query.tables) - 1) + query.connectors.count("or") + likes


def _several(query: Clauses) -> int:
    """In conditions the evaluator takes NOT for an aggregate, and sees no aggregate there."""
    aggregates = sum(bool(shown.aggregate) for shown in query.shown)
    aggregates += _negated(query.where.items) + _negated(query.having.items)
    aggregates += sum(bool(unit.aggregate) for unit in query.group)
    aggregates += _aggregated(query.order)
    return (aggregates > 1) + (len(query.shown) > 1) + (len(query.where.items) > 1) + (len(query.group) > 1)


def _negated(conditions: Iterable[Condition]) -> int:
    return sum(condition.negated for condition in conditions)


def _aggregated(terms: Iterable[Term]) -> int:
    return sum(bool(unit.aggregate) for term in terms for unit in term.units)
