"""The kinds of question. Each is a function from `Pieces` to a `Plan`; where the schema has nothing for it, a simpler kind takes its place.

values.py    one or a few numbers
groups.py    a measure for each category
by_time.py   a measure through time
ranked.py    the most or the least
rows.py      plain rows
ratios.py    shares and ratios
nested.py    a query inside a query, conditions on groups
differences.py  one total less another, more than a named row has
"""

from __future__ import annotations

from collections.abc import Callable

from microgt.data.generator.kinds import by_time, differences, groups, nested, ranked, ratios, rows, values
from microgt.data.generator.pieces import Pieces, Plan

# Every kind, and how often it is drawn in comparison with the others.
KINDS: tuple[tuple[Callable[[Pieces], Plan], float], ...] = (
    (values.value, 12),
    (values.two_values, 2),
    (groups.by_dimension, 15),
    (by_time.over_time, 11),
    (ranked.top, 13),
    (rows.rows, 12),
    (ratios.ratio, 11),
    (groups.compared, 6),
    (nested.related, 7),
    (nested.above_average, 4),
    (nested.many, 6),
    (ranked.extreme_row, 5),
    (nested.average_of_groups, 3),
    (by_time.by_part, 2.5),
    (by_time.best_period, 2),
    (rows.versus, 1.5),
    (values.plain_count, 3),
    (values.counted, 7),
    (groups.several, 4),
    (differences.difference, 4),
    (differences.than_named, 1.5),
    (values.extreme_date, 1),
    (by_time.years_compared, 2),
    (nested.average_of_periods, 3),
)

__all__ = ["KINDS"]
