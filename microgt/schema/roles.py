"""What the numbers of a column are for: to count with, or to name something, as identifiers and years do."""

from __future__ import annotations

from enum import StrEnum

_KEYS = frozenset(
    ["id", "ids", "key", "guid", "uuid", "no", "nr", "isbn", "ssn", "ean", "upc", "sku", "phone", "telephone", "mobile", "fax"]
)
_KEYS_AFTER_WORDS = frozenset(["number", "num"])  # an order number; a number alone may be how many
_LABELS = frozenset(["code", "zip", "zipcode", "postcode", "postal", "line"])
_LABELS |= frozenset(["year", "quarter", "month", "week", "weekday", "day", "hour", "minute"])
_MEASURED = frozenset(["per", "this", "last", "next", "previous"])  # sales per day, sales of last year
_GRADES = frozenset(["rating", "score", "stars", "grade", "rank", "level", "floor", "age", "rate", "ratio", "percent", "percentage", "pct"])
_GRADES |= frozenset(["latitude", "longitude", "lat", "lon", "lng", "altitude", "alt", "elevation", "temperature", "temp"])


class Role(StrEnum):
    """key: it tells rows apart, or refers to them. label: it names a kind or a time. grade: it can be averaged, and adds up to nothing."""

    KEY = "key"
    LABEL = "label"
    GRADE = "grade"
    QUANTITY = "quantity"


def role_of(words: tuple[str, ...], is_key: bool) -> Role:
    """Of a column with these words in its name. is_key: the schema says so."""
    *before, last = [word for word in words if not word.isdecimal()] or words
    if is_key or last in _KEYS or (before and last in _KEYS_AFTER_WORDS):
        return Role.KEY
    if last in _LABELS and not _MEASURED & set(before[-1:]):
        return Role.LABEL
    return Role.GRADE if last in _GRADES else Role.QUANTITY
