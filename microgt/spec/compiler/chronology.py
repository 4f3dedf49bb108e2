"""Groups by time stand in the order of time where the spec sorts nothing: a table of months reads, and its bars stand, first to last."""

from __future__ import annotations

from microgt.spec.types import Bin, DatePart, Select, Sort, TimeBucket
from microgt.spec.walk import Query, group_keys, is_grouped

_ORDERED = (TimeBucket, DatePart, Bin)  # keys whose groups follow one another by nature


def chronological(query: Query) -> Query:
    """The query sorted by its periods, parts of dates and bins, then by its other dimensions; itself where it has none, is sorted or cut.

    Only rows that nobody asked to sort are put in order, so no result is another as a bag of rows.
    """
    if not isinstance(query, Select) or query.sort or query.limit or query.distinct or not is_grouped(query):
        return query
    shown = [key for key in group_keys(query) if key in query.outputs]
    first = [key for key in shown if isinstance(key, _ORDERED)]
    rest = [key for key in shown if key not in first]
    return query.model_copy(update={"sort": tuple(Sort(direction="asc", by=key) for key in [*first, *rest])}) if first else query
