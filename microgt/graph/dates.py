"""Dates in a question: `2023-05-01`, `May 1st, 2023`, `March 2023`, `Q2`, `first quarter of 2025`, `H1`, `June to August 2013`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from microgt.graph.candidate import ValueNode
from microgt.graph.words import Words

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_BY_PREFIX = {name[:3]: i for i, name in enumerate(MONTHS, 1)}
_ALSO_WORDS = ("may", "mar", "dec", "jan")  # months only with a capital or beside a year
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_YEAR = re.compile(r"(?:18|19|20)\d\d")
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")
_JOINING = ("to", "through", "until", "till", "and", "or", "vs", "versus")


def dates(words: Words) -> Iterator[ValueNode]:
    """ISO dates, halves, quarters, months with or without a year; a day, a month and a year together give the ISO date."""
    lower = [w.lower() for w in words.words]
    for i, word in enumerate(lower):
        if re.fullmatch(r"\d+(?:[-/:]\d+)+", word):
            yield ValueNode(words.words[i], "date", (i, i + 1), (), 0.9)
            if iso := _from_slashes(word):
                yield ValueNode(iso, "date", (i, i + 1), (), 0.6)
        elif part := _part_of_year(lower, i):
            yield _of_year(part[0], lower, i, part[1], 0.9)
        elif month := _month(words, lower, i):
            yield full_date(lower, i, month) or _of_year(MONTHS[month - 1].capitalize(), lower, i, i + 1, 0.85)


def month_of(word: str) -> int | None:
    """`Sept` -> 9. `may` is a month only when it begins with a capital."""
    month = _named_month(word.lower())
    return None if month and word.islower() and word in _ALSO_WORDS else month


def _named_month(low: str) -> int | None:
    number = _BY_PREFIX.get(low[:3])
    return number if number and low in (MONTHS[number - 1], low[:3], "sept") else None


def _month(words: Words, lower: list[str], i: int) -> int | None:
    """The month at word `i`; `may 2024` is one too."""
    beside_year = i + 1 < len(lower) and _YEAR.fullmatch(lower[i + 1])
    return _named_month(lower[i]) if beside_year else month_of(words.words[i])


def _part_of_year(lower: list[str], i: int) -> tuple[str, int] | None:
    """The quarter or half that begins at word `i` (`q2`, `second quarter`, `h1`, `first half`) and where its words end.

    A half in words needs its year: `the first half of the match` is none.
    """
    if re.fullmatch(r"q[1-4]|h[12]", lower[i]):
        return lower[i].upper(), i + 1
    following = lower[i + 1] if i + 1 < len(lower) else ""
    number = _ORDINALS.get(lower[i], 0)
    if number and following == "quarter":
        return f"Q{number}", i + 2
    if 0 < number < 3 and following == "half" and _year_after(lower, i + 2)[0]:
        return f"H{number}", i + 2
    return None


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


def _of_year(name: str, lower: list[str], start: int, end: int, weight: float) -> ValueNode:
    """A month or quarter at words [start, end), with its year where the question says it."""
    year, after = _year_after(lower, end)
    if year is None and name[1:].isdigit() and start and _YEAR.fullmatch(lower[start - 1]):
        year, start = lower[start - 1], start - 1  # 2024 Q1
    if year is None:
        year = _year_of_next(lower, end)
    return ValueNode(f"{name} {year}" if year else name, "date", (start, after), (), weight)


def _year_after(lower: list[str], end: int) -> tuple[str | None, int]:
    """The year at word `end`, or with one word between (`March of 2023`), and where the whole ends."""
    for k in range(end, min(end + 2, len(lower))):
        if _YEAR.fullmatch(lower[k]):
            return lower[k], k + 1
        if _named_month(lower[k]):
            break
    return None, end


def _year_of_next(lower: list[str], end: int) -> str | None:
    """The year that a following month or quarter has: `June to August 2013` begins in June 2013."""
    k = end + 1 if end < len(lower) and lower[end] in _JOINING else end
    if k >= len(lower):
        return None
    part = _part_of_year(lower, k)
    following = part[1] if part else k + 1 if _named_month(lower[k]) else None
    return None if following is None else _year_after(lower, following)[0] or _year_of_next(lower, following)


def _from_slashes(text: str) -> str | None:
    """`5/13/2013` (month first) as an ISO date."""
    match = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    return _iso(int(match[3]), int(match[1]), int(match[2])) if match else None


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
