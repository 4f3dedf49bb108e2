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
# Words in a column's name -> (how much of it, the most, the least), as said of the row itself.
_DEGREES: tuple[tuple[frozenset[str], tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]], ...] = (
    (frozenset(("age",)), (("old",), ("oldest",), ("youngest",))),
    (frozenset(("height", "elevation", "altitude")), (("high", "tall"), ("highest", "tallest"), ("lowest", "shortest"))),
    (
        frozenset(("price", "cost", "fee", "rent", "rate")),
        (("expensive",), ("most expensive", "priciest", "dearest"), ("cheapest", "least expensive")),
    ),
    (frozenset(("weight", "mass")), (("heavy",), ("heaviest",), ("lightest",))),
    (frozenset(("length", "distance")), (("long", "far"), ("longest",), ("shortest",))),
    (frozenset(("duration", "minutes", "hours")), (("long",), ("longest",), ("shortest", "briefest"))),
    (frozenset(("depth",)), (("deep",), ("deepest",), ("shallowest",))),
    (frozenset(("population",)), (("populous",), ("most populous", "largest", "biggest"), ("least populous", "smallest"))),
    (frozenset(("capacity", "size", "area", "acres", "acreage")), (("large", "big"), ("largest", "biggest"), ("smallest",))),
    (frozenset(("salary", "wage", "income")), ((), ("best paid", "highest paid"), ("worst paid", "lowest paid"))),
    (frozenset(("rating", "score", "stars", "grade", "points")), (("good",), ("best", "top", "highest rated"), ("worst", "lowest rated"))),
    (frozenset(("speed", "horsepower", "mph")), (("fast",), ("fastest",), ("slowest",))),
    (frozenset(("temperature",)), (("hot", "warm"), ("hottest", "warmest"), ("coldest",))),
)
PLACES = frozenset(
    [
        "city",
        "country",
        "state",
        "location",
        "place",
        "region",
        "county",
        "town",
        "address",
        "district",
        "continent",
        "building",
        "venue",
        "hometown",
        "area",
    ]
)
PEOPLE = ("people", "inhabitants", "residents", "citizens", "persons")
_COUNTED = {
    "population": PEOPLE,
    "enrollment": ("students", "pupils"),
    "attendance": ("visitors", "people", "spectators"),
    "capacity": ("seats", "places"),
    "employees": ("employees", "people", "workers"),
    "staff": ("employees", "people"),
}
_NUMBER_OF = ("number", "num", "count", "total", "no", "n")


def scale(column: Column) -> tuple[str, str, str, str]:
    """(older, younger, oldest, youngest) of a column's own rows; empty words where there are none."""
    words = set(column.words)
    return next((found for names, found in _SCALES if names & words), _NO_ADJECTIVE)


def adjectives(column: Column) -> tuple[str, ...]:
    """What `how` is said with of a column's rows: how long, how old; none for most columns."""
    return _degrees(column)[0]


def superlatives(column: Column, most: bool) -> tuple[str, ...]:
    """What a row with the most or least of a column is called: the longest; none for most columns."""
    return _degrees(column)[1 if most else 2]


def _degrees(column: Column) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    named = set(column.words)
    return next((found for names, found in _DEGREES if names & named), ((), (), ()))


def counted(column: Column) -> tuple[str, ...]:
    """Plural nouns for what a column holds the count of: people for a population, rooms for a number of rooms; none for most columns."""
    words = [w for w in column.words if w not in ("of", "the")]
    rest = [w for w in words if w not in _NUMBER_OF]
    if rest and len(rest) < len(words) and rest[-1].endswith("s"):
        return (" ".join(rest),)
    return next((nouns for name, nouns in _COUNTED.items() if name in words), ())


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
