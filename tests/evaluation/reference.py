"""The comparator said plainly: every permutation of columns, and for each a pairing of rows by augmenting paths, cell by cell."""

import math
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

NUMBERS = (int, float, Decimal)


def equal(gold, predicted, keys=(), *, width=None, window=None):
    """As `comparator.compare`; keys: positions of columns that hold no floats."""
    width = len(gold.columns) if width is None else width
    start, stop = window or (0, len(gold.rows))
    kept = gold.rows[start:stop]
    if len(predicted.columns) != width or len(predicted.rows) != len(kept):
        return False
    standing = [[same_key(row, kept[place], keys) for place in range(len(kept))] for row in gold.rows]
    return not kept or any(fits(gold, predicted, order, standing) for order in permutations(range(width)))


def fits(gold, predicted, order, standing):
    """Whether each predicted row, its columns in this order, has a row of gold of its own that may stand in its place."""
    tolerant = [
        any(isinstance(row[i], float) for row in gold.rows) or any(isinstance(row[j], float) for row in predicted.rows)
        for i, j in enumerate(order)
    ]
    partners = [
        [
            i
            for i, row in enumerate(gold.rows)
            if standing[i][place] and all(same(row[c], given[j], tolerant[c]) for c, j in enumerate(order))
        ]
        for place, given in enumerate(predicted.rows)
    ]
    holder = {}

    def find(place, seen):
        for i in partners[place]:
            if i not in seen:
                seen.add(i)
                if i not in holder or find(holder[i], seen):
                    holder[i] = place
                    return True
        return False

    return all(find(place, set()) for place in range(len(partners)))


def same_key(a, b, keys):
    return all(same(a[key], b[key], False) for key in keys)


def same(a, b, tolerant):
    """Whether two cells are equal; tolerant: numbers need only be close."""
    if a is None or b is None:
        return a is b
    if isinstance(a, bool) or isinstance(b, bool):
        return isinstance(a, bool) and isinstance(b, bool) and a == b
    if isinstance(a, NUMBERS) and isinstance(b, NUMBERS):
        return same_number(a, b, tolerant)
    if isinstance(a, date) and isinstance(b, date):
        return moment(a) == moment(b)
    if isinstance(a, str) and isinstance(b, str):
        return unicodedata.normalize("NFC", a) == unicodedata.normalize("NFC", b)
    return type(a) is type(b) and a == b


def same_number(a, b, tolerant):
    if not (math.isfinite(a) and math.isfinite(b)):
        return a == b or (a != a and b != b)
    a, b = Fraction(a), Fraction(b)
    return abs(a - b) <= max(Fraction("1e-9"), Fraction("1e-6") * max(abs(a), abs(b))) if tolerant else a == b


def moment(day):
    if not isinstance(day, datetime):
        return datetime(day.year, day.month, day.day)
    return day.astimezone(UTC).replace(tzinfo=None) if day.tzinfo else day
