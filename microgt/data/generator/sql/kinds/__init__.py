"""The kinds of question. Each is a function (sampler, conditions) -> Plan, or None where the schema has nothing for it.

lists.py       columns of rows: all, those that fulfil conditions, sorted, without repetition
numbers.py     counts and other aggregates
groups.py      a measure for each group, groups with many or few rows
extremes.py    the row or the group with the most or least
nested.py      (not) among the rows of another table, above the average
attributes.py  a row's own number, by an adjective or as a count, and its place
brackets.py    rows with one or another of two conditions
people.py      what somebody has, who is called by the whole name
sets.py        intersections, unions, differences
"""

from __future__ import annotations

from collections.abc import Callable

from microgt.data.generator.sql.conditions import Conditions
from microgt.data.generator.sql.kinds import attributes, brackets, extremes, groups, lists, nested, numbers, people, sets
from microgt.data.generator.sql.sampler import Plan, Sampler

Kind = Callable[[Sampler, Conditions], Plan | None]

# Every kind, and how often it is drawn in comparison with the others: so that the shapes of the specs come about as often as in the
# questions that people wrote for Spider's train databases (reports/synthetic.md shows both).
KINDS: tuple[tuple[Kind, float], ...] = (
    (lists.plain, 5),
    (lists.chosen, 28),
    (lists.related, 6),
    (lists.ordered, 8),
    (lists.different, 4),
    (numbers.count, 13),
    (numbers.count_different, 9),
    (numbers.aggregate, 15),
    (groups.counted, 9),
    (groups.counted_parents, 5),
    (groups.measured, 4),
    (groups.many, 4),
    (groups.many_parents, 6),
    (extremes.row, 11),
    (extremes.group, 8),
    (extremes.parent, 8),
    (extremes.exact, 1.5),
    (nested.without, 5),
    (nested.within, 0.8),
    (nested.average, 2),
    (nested.counted_without, 2),
    (attributes.best, 6),
    (attributes.how_much, 3),
    (attributes.stored_count, 3),
    (attributes.where, 2),
    (brackets.either, 3),
    (people.own, 1.5),
    (people.theirs, 3),
    (people.of_two, 1),
    (sets.both, 7),
    (sets.but_not, 2.5),
    (sets.either, 1),
    (sets.minus_related, 3),
)

__all__ = ["KINDS", "Kind"]
