"""How people compare by a property without its name: older, the cheapest."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Degrees:
    """Above, below, with the most, with the least of it; whether a noun can follow at once (`older than 30`)."""

    more: str
    less: str
    most: str
    least: str


_BIG = Degrees("bigger than", "smaller than", "biggest", "smallest")
_DEAR = Degrees("more expensive than", "cheaper than", "most expensive", "cheapest")
_LATE = Degrees("later than", "before", "latest", "earliest")
_LONG = Degrees("longer than", "shorter than", "longest", "shortest")
_HIGH = Degrees("higher than", "lower than", "highest", "lowest")
_PAID = Degrees("earning more than", "earning less than", "best paid", "worst paid")

BY_WORD: dict[str, Degrees] = {
    "age": Degrees("older than", "younger than", "oldest", "youngest"),
    **dict.fromkeys(("price", "cost", "fee"), _DEAR),
    **dict.fromkeys(("length", "duration"), _LONG),
    "height": Degrees("taller than", "shorter than", "tallest", "shortest"),
    **dict.fromkeys(("elevation", "altitude"), _HIGH),
    "weight": Degrees("heavier than", "lighter than", "heaviest", "lightest"),
    "speed": Degrees("faster than", "slower than", "fastest", "slowest"),
    **dict.fromkeys(("size", "area", "population", "capacity"), _BIG),
    "distance": Degrees("farther than", "nearer than", "farthest", "nearest"),
    **dict.fromkeys(("salary", "income", "wage"), _PAID),
    **dict.fromkeys(("year", "date"), _LATE),
    "temperature": Degrees("warmer than", "colder than", "warmest", "coldest"),
    "depth": Degrees("deeper than", "shallower than", "deepest", "shallowest"),
    "width": Degrees("wider than", "narrower than", "widest", "narrowest"),
    "horsepower": Degrees("stronger than", "weaker than", "strongest", "weakest"),
    "power": Degrees("stronger than", "weaker than", "strongest", "weakest"),
}
