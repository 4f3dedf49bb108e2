"""Groups by time stand in the order of time where the spec sorts nothing: a table of months reads, and its bars stand, first to last."""

from __future__ import annotations

from microgt.spec.types import Bin, DatePart, Node, Select, Sort, TimeBucket
from microgt.spec.walk import Query, group_keys, is_grouped

_PARTS = ("year", "quarter", "month", "month_name", "day", "weekday", "weekday_name", "hour")  # the longest first


def chronological(query: Query) -> Query:
    """The query sorted by its periods, parts of dates and bins, then by its other dimensions; itself where it has none, is sorted or cut,
    or is a union.

    Only rows that nobody asked to sort are put in order, so no result is another as a bag of rows.
    """
    if not isinstance(query, Select) or query.sort or query.limit or query.distinct or not is_grouped(query):
        return query
    shown = [key for key in group_keys(query) if key in query.outputs]
    first = sorted((key for key in shown if isinstance(key, TimeBucket | DatePart | Bin)), key=_weight)
    rest = [key for key in shown if key not in first]
    return query.model_copy(update={"sort": tuple(Sort(direction="asc", by=key) for key in [*first, *rest])}) if first else query


def _weight(key: Node) -> int:
    """Periods before parts of dates, of these the longest first, bins last; equals stay as they are shown."""
    if isinstance(key, DatePart):
        return 1 + _PARTS.index(key.part)
    return 0 if isinstance(key, TimeBucket) else 1 + len(_PARTS)
