"""Words that describe comparisons in the terms of a column: an age is `older than`, a price `cheaper than`."""

from __future__ import annotations

from microgt.schema.types import Column, ColumnType

# Words in a column's name -> (comparative up, down, superlative up, down).
_SCALES: tuple[tuple[frozenset[str], tuple[str, str, str, str]], ...] = (
    (frozenset(("age",)), ("older", "younger", "oldest", "youngest")),
    (frozenset(("height", "elevation", "altitude")), ("taller", "shorter", "tallest", "shortest")),
    (frozenset(("price", "cost", "fee", "amount", "charge", "rent")), ("more expensive", "cheaper", "most expensive", "cheapest")),
    (frozenset(("weight", "mass")), ("heavier", "lighter", "heaviest", "lightest")),
    (frozenset(("length", "duration", "distance", "time", "minutes", "hours")), ("longer", "shorter", "longest", "shortest")),
    (frozenset(("capacity", "size", "population", "area", "enrollment", "attendance")), ("larger", "smaller", "largest", "smallest")),
    (frozenset(("salary", "wage", "income")), ("better paid", "worse paid", "best paid", "worst paid")),
    (frozenset(("rating", "score", "rank", "points", "grade")), ("higher rated", "lower rated", "best rated", "worst rated")),
    (frozenset(("year", "founded", "built", "opened")), ("newer", "older", "newest", "oldest")),
    (frozenset(("speed", "horsepower")), ("faster", "slower", "fastest", "slowest")),
)
_NO_ADJECTIVE = ("", "", "", "")


def scale(column: Column) -> tuple[str, str, str, str]:
    """(older, younger, oldest, youngest) of a column's own rows; empty words where there are none."""
    words = set(column.words)
    return next((found for names, found in _SCALES if names & words), _NO_ADJECTIVE)


def extremes(column: Column, most: bool) -> tuple[str, ...]:
    """Superlatives that stand before the column's name: the highest price, the latest date."""
    if column.type is ColumnType.TIME or {"year", "date"} & set(column.words):
        return ("latest", "most recent", "latest") if most else ("earliest", "oldest", "first")
    return (
        ("highest", "largest", "most", "greatest", "maximum", "biggest") if most else ("lowest", "smallest", "least", "minimum", "fewest")
    )


def bound(column: Column, op: str) -> tuple[str, ...]:
    """Ways to say that the column is above or below: `greater than {v}`."""
    when = column.type is ColumnType.TIME or {"year", "date"} & set(column.words)
    if when:
        return {
            ">": ("after {v}", "later than {v}", "after {v}"),
            "<": ("before {v}", "earlier than {v}", "before {v}"),
            ">=": ("in or after {v}", "{v} or later", "since {v}"),
            "<=": ("in or before {v}", "{v} or earlier", "no later than {v}"),
        }[op]
    return {
        ">": (
            "greater than {v}",
            "more than {v}",
            "above {v}",
            "over {v}",
            "higher than {v}",
            "larger than {v}",
            "bigger than {v}",
            "> {v}",
        ),
        "<": ("less than {v}", "below {v}", "under {v}", "lower than {v}", "smaller than {v}", "< {v}"),
        ">=": ("at least {v}", "{v} or more", "no less than {v}", "greater than or equal to {v}", "{v} or higher"),
        "<=": ("at most {v}", "{v} or less", "no more than {v}", "less than or equal to {v}", "up to {v}"),
    }[op]


COUNT_BOUND = {
    ">": ("more than {v}", "over {v}", "more than {v}"),
    "<": ("less than {v}", "fewer than {v}", "under {v}"),
    ">=": ("at least {v}", "{v} or more", "no less than {v}", "at least {v}"),
    "<=": ("at most {v}", "no more than {v}"),
    "=": ("exactly {v}", "only {v}"),
}

AGGREGATES = {
    "AVG": ("average", "average", "mean", "avg"),
    "MIN": ("minimum", "lowest", "smallest", "min"),
    "MAX": ("maximum", "highest", "largest", "max"),
    "SUM": ("total", "sum of", "total", "combined"),
}
