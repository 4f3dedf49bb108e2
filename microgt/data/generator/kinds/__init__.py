"""The kinds of question. Each is a function from `Pieces` to a `Plan`; where the schema has nothing for it, a simpler kind takes its place.

values.py    one or a few numbers
groups.py    a measure for each category
by_time.py   a measure through time
ranked.py    the most or the least
rows.py      plain rows
ratios.py    shares and ratios
details.py   several columns of rows, of what they belong to as well
histories.py rows that had one thing, and another or not
nested.py    a query inside a query, conditions on groups
differences.py  one total less another, more than a named row has
series.py    a measure of each period, for the next two
cumulative.py  running totals, moving averages
changes.py   a period beside the one before
parts.py     a group's part of the total, its place, and the measure over all
per_group.py   the first few of each group, or with the rest as one
empty.py     groups that have nothing, shown too
percentiles.py  the value that so many percent lie below
"""

from __future__ import annotations

from collections.abc import Callable

from microgt.data.generator.kinds import (
    by_time,
    changes,
    cumulative,
    details,
    differences,
    durations,
    empty,
    groups,
    histories,
    nested,
    parts,
    per_group,
    percentiles,
    ranked,
    ratios,
    rows,
    values,
)
from microgt.data.generator.pieces import Pieces, Plan

Kinds = tuple[tuple[Callable[[Pieces], Plan], float], ...]

# Every kind, and how often it is drawn in comparison with the others.
KINDS: Kinds = (
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
    (cumulative.running_total, 4),
    (cumulative.moving, 2.5),
    (changes.changed, 6),
    (parts.share, 5),
    (parts.rank, 3),
    (parts.beside_all, 1),
    (per_group.first_of_each, 4),
    (per_group.latest_of_each, 2.5),
    (per_group.with_the_rest, 1),
    (empty.with_empty_groups, 4),
    (percentiles.percentile, 3),
    (details.details, 11),
    (details.extreme_details, 4),
    (histories.twice, 2.5),
    (durations.took, 5),
    (durations.longest, 2),
    (durations.within, 4),
)

# Those that ask by periods of time alone.
OF_TIME: Kinds = (
    (by_time.over_time, 12),
    (by_time.by_part, 4),
    (by_time.best_period, 2),
    (by_time.years_compared, 2),
    (nested.average_of_periods, 1.5),
    (cumulative.running_total, 1.5),
    (cumulative.moving, 1),
    (changes.changed, 2),
)

__all__ = ["KINDS", "OF_TIME", "Kinds"]
