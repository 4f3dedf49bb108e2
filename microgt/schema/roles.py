"""What the numbers of a column are for: to count with, or to name something, as identifiers and years do."""

from __future__ import annotations

from enum import StrEnum

from microgt.schema.types import Schema

_KEYS = frozenset(["id", "ids", "key", "fk", "sk", "pk", "guid", "uuid", "isbn", "ssn", "ean", "upc", "sku", "imei", "iban", "barcode"])
_KEYS |= frozenset(["phone", "telephone", "mobile", "fax"])
_NUMBERS = frozenset(["number", "num", "no", "nr", "nbr"])  # an order number; a number alone, or a total number, may be how many
_LABELS = frozenset(["code", "zip", "zipcode", "postcode", "postal", "line"])
_LABELS |= frozenset(["year", "quarter", "month", "week", "weekday", "day", "hour"])
_MEASURED = frozenset(["per", "this", "current", "last", "next", "previous", "prev", "prior", "total", "lifetime", "duration"])
_EVENTS = ("ed", "built", "born", "made", "start", "end", "join", "birth")  # the year founded, the year of birth
_TOTALS = frozenset(["total", "average", "avg", "mean", "max", "maximum", "min", "minimum", "count"])
_GRADES = frozenset(["rating", "score", "stars", "grade", "rank", "level", "floor", "age", "rate", "ratio", "percent", "percentage", "pct"])
_ON_SCALES = frozenset(["latitude", "longitude", "lat", "lon", "lng", "altitude", "alt", "elevation", "temperature", "temp"])
_UNITS = frozenset(["f", "c", "fahrenheit", "celsius", "ft", "feet", "m", "meters", "metres", "km", "mi", "miles", "deg", "degrees"])


class Role(StrEnum):
    """key: it tells rows apart, or refers to them. label: it names a kind or a time. grade: it can be averaged, and adds up to nothing."""

    KEY = "key"
    LABEL = "label"
    GRADE = "grade"
    QUANTITY = "quantity"


def role_in(schema: Schema, column: str) -> Role:
    """Of a column of a schema, by its id."""
    found = schema.column(column)
    ends = {end for key in schema.keys for end in (key.column, key.target)}
    return role_of(found.words, found.primary or column in ends)


def role_of(words: tuple[str, ...], is_key: bool) -> Role:
    """Of a column with these words in its name. is_key: the schema says so."""
    *before, last = [word for word in words if not word.isdecimal()] or words
    if last in _UNITS and _ON_SCALES & set(before):
        *before, last = before
    if is_key or _is_number(before, last):
        return Role.KEY
    if _is_label(before, last):
        return Role.LABEL
    return Role.GRADE if last in _GRADES | _ON_SCALES else Role.QUANTITY


def _is_number(before: list[str], last: str) -> bool:
    """Whether the name ends as those of keys do. Not as those of counts: total_no, students_num."""
    if last not in _NUMBERS:
        return last in _KEYS
    if not before:
        return last not in ("number", "num")
    plural = before[-1].endswith("s") and not before[-1].endswith(("ss", "us", "is"))
    return not plural and not _TOTALS & set(before)


def _is_label(before: list[str], last: str) -> bool:
    if before[:1] == ["year"] and last.endswith(_EVENTS):
        return True
    return last in _LABELS and not _MEASURED & set(before[-1:])
