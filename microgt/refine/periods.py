"""Periods in words: `last year`, `the last three months`, `2023`, `March to May 2024`, `since Q2 2023`, `before 2024-05-01`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from microgt.refine.patterns import Found, Slot, matches
from microgt.refine.said import Said
from microgt.spec.types import Absolute, At, Col, Compare, InPeriod, Last, Node, Previous, This, ToDate, Value

UNITS = ("hour", "day", "week", "month", "quarter", "year")
_PLURAL = {f"{unit}s": unit for unit in UNITS}
_YEAR = re.compile(r"(?:18|19|20)\d\d")
_TO_DATE = {"ytd": "year", "qtd": "quarter", "mtd": "month"}
_DAYS = {"today": This, "yesterday": Previous}
_SIDES: dict[str, Any] = {"since": "ge", "from": "ge", "after": "gt", "before": "lt", "until": "le", "till": "le", "through": "le"}


def unit(said: Said, at: int) -> Iterator[tuple[int, str]]:
    """`month`."""
    if at < len(said.words) and said.words[at] in UNITS:
        yield at + 1, said.words[at]


def units(said: Said, at: int) -> Iterator[tuple[int, str]]:
    """`month` or `months`."""
    if at < len(said.words) and said.words[at] in (*UNITS, *_PLURAL):
        yield at + 1, _PLURAL.get(said.words[at], said.words[at])


def count(said: Said, at: int) -> Iterator[tuple[int, int]]:
    """A whole number from 1 on."""
    yield from ((end, number) for end, number in said.numbers(at) if isinstance(number, int) and number > 0)


def named(said: Said, at: int) -> Iterator[tuple[int, str]]:
    """A period by name, as specs write it."""
    yield from said.dates(at)
    if at < len(said.words) and _YEAR.fullmatch(said.words[at]):
        yield at + 1, said.words[at]


def _side(said: Said, at: int) -> Iterator[tuple[int, str]]:
    if at < len(said.words) and said.words[at] in _SIDES:
        yield at + 1, _SIDES[said.words[at]]


def _word_of_days(said: Said, at: int) -> Iterator[tuple[int, Any]]:
    if at < len(said.words) and said.words[at] in _DAYS:
        yield at + 1, _DAYS[said.words[at]](unit="day")


def _to_date(said: Said, at: int) -> Iterator[tuple[int, ToDate]]:
    if at < len(said.words) and said.words[at] in _TO_DATE:
        yield at + 1, ToDate.model_validate({"unit": _TO_DATE[said.words[at]]})


_SLOTS: dict[str, Slot] = {
    "unit": unit, "units": units, "count": count, "named": named, "side": _side, "day": _word_of_days, "to_date": _to_date
}  # fmt: skip


def _value(text: str) -> Value:
    return Value(value=text)


_FORMS: tuple[tuple[str, Any], ...] = (
    ("last|past|previous {count} {units}", lambda f: Last(unit=f["units"], n=Value(value=f["count"]))),
    ("last|previous|past {unit}", lambda f: Previous(unit=f["unit"])),
    ("this|current {unit} to date", lambda f: ToDate(unit=f["unit"])),
    ("this|current {unit} so far", lambda f: ToDate(unit=f["unit"])),
    ("{unit} to date", lambda f: ToDate(unit=f["unit"])),
    ("this|current {unit}", lambda f: This(unit=f["unit"])),
    ("{to_date}", lambda f: f["to_date"]),
    ("{day}", lambda f: f["day"]),
    ("from|between? {named1} to|and|until|till|through {named2}", lambda f: Absolute(start=_value(f["named1"]), end=_value(f["named2"]))),
    ("{named}", lambda f: At(value=_value(f["named"]))),
)


class Span:
    """A condition on a date that is still to be chosen."""

    def __init__(self, period: Any = None, side: Any = None, name: str = ""):
        self._period, self._side, self._name = period, side, name

    def of(self, column: Col) -> Node:
        """The condition on that column."""
        if self._period is not None:
            return InPeriod(of=column, period=self._period)
        return Compare(op=self._side, left=column, right=_value(self._name))


def period(said: Said, at: int) -> Iterator[tuple[int, Span]]:
    """A period, or everything on one side of it."""
    found: Found
    for end, found in matches("{side} {named} on|onwards|onward?", said, at, _SLOTS):
        yield end, Span(side=found["side"], name=found["named"])
    for form, make in _FORMS:
        for end, found in matches(f"the? {form}", said, at, _SLOTS):
            yield end, Span(period=make(found))
