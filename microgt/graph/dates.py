"""Dates in a question: `2023-05-01`, `May 1st, 2023`, `March 2023`, `Q2`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from microgt.graph.candidate import ValueNode
from microgt.graph.words import Words

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_BY_PREFIX = {name[:3]: i for i, name in enumerate(MONTHS, 1)}
_YEAR = re.compile(r"(?:18|19|20)\d\d")
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")


def dates(words: Words) -> Iterator[ValueNode]:
    """ISO dates, quarters, months with or without a year; a day, a month and a year together give the ISO date."""
    lower = [w.lower() for w in words.words]
    for i, word in enumerate(lower):
        if re.fullmatch(r"\d+(?:[-/:]\d+)+", word):
            yield ValueNode(words.words[i], "date", (i, i + 1), (), 0.9)
            if iso := _from_slashes(word):
                yield ValueNode(iso, "date", (i, i + 1), (), 0.6)
        elif re.fullmatch(r"q[1-4]", word):
            year, end = _year_after(lower, i)
            yield ValueNode(f"{word.upper()} {year}" if year else word.upper(), "date", (i, end), (), 0.9)
        elif month := month_of(words.words[i]):
            yield full_date(lower, i, month) or _month(lower, i, month)


def month_of(word: str) -> int | None:
    """`Sept` -> 9. `may` is a month only when it begins with a capital."""
    low = word.lower()
    number = _BY_PREFIX.get(low[:3])
    if number is None or low not in (MONTHS[number - 1], low[:3], "sept") or (low in ("may", "mar", "dec", "jan") and word.islower()):
        return None
    return number


def full_date(lower: list[str], i: int, month: int) -> ValueNode | None:
    """`May 1st, 2023`, `1 May 2023` or `1st of May 2023` around the month at word `i`, as an ISO date."""
    before = i - 2 if i >= 2 and lower[i - 1] == "of" else i - 1
    for day_at, year_at in ((i + 1, i + 2), (before, i + 1)):
        if day_at < 0 or year_at >= len(lower) or not _YEAR.fullmatch(lower[year_at]):
            continue
        day = _DAY.fullmatch(lower[day_at])
        if day and (iso := _iso(int(lower[year_at]), month, int(day[1]))):
            return ValueNode(iso, "date", (min(day_at, i), year_at + 1), (), 0.95)
    return None


def _month(lower: list[str], i: int, month: int) -> ValueNode:
    year, end = _year_after(lower, i)
    name = MONTHS[month - 1].capitalize()
    return ValueNode(f"{name} {year}" if year else name, "date", (i, end), (), 0.85)


def _year_after(lower: list[str], i: int) -> tuple[str | None, int]:
    """The year right after word `i`, or with one word between (`March of 2023`), and where the whole ends."""
    for k in range(i + 1, min(i + 3, len(lower))):
        if _YEAR.fullmatch(lower[k]):
            return lower[k], k + 1
    return None, i + 1


def _from_slashes(text: str) -> str | None:
    """`5/13/2013` (month first) as an ISO date."""
    match = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    return _iso(int(match[3]), int(match[1]), int(match[2])) if match else None


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
