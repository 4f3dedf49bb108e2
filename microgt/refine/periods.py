"""Periods in words: `last year`, `the last three months`, `2023`, `2021 and 2023`, `March to May 2024`, `since Q2 2023`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Protocol

from microgt.refine.patterns import Found, Slot, matches
from microgt.refine.said import Said
from microgt.spec.conditions import joined
from microgt.spec.named import parse_period, shifted
from microgt.spec.types import Absolute, And, At, Col, Compare, InPeriod, Last, Node, Or, Previous, This, ToDate, Value

UNITS = ("hour", "day", "week", "month", "quarter", "year")
_PLURAL = {f"{unit}s": unit for unit in UNITS}
_YEAR = re.compile(r"(?:18|19|20)\d\d")
_YEARS = re.compile(r"((?:18|19|20)\d\d)-((?:18|19|20)\d\d)")
_DASHES = ("-", "–", "—")
_COMMAS = (",", ";", "&")
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
    """A period by name, as specs write it, which reaches over no other."""
    for end, name in said.dates(at):
        inside = range(at + 1, end)
        if parse_period(name) and not any(said.words[i] in ("and", "or") or any(said.dates(i)) for i in inside):
            yield end, name
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


def _years(said: Said, at: int) -> Iterator[tuple[int, Absolute]]:
    found = _YEARS.fullmatch(said.words[at]) if at < len(said.words) else None
    if found:
        yield at + 1, _from_to(*found.groups())


def _dash(said: Said, at: int) -> Iterator[tuple[int, str]]:
    if said.before(at) in _DASHES:
        yield at, said.before(at)


_SLOTS: dict[str, Slot] = {
    "unit": unit, "units": units, "count": count, "named": named, "side": _side, "day": _word_of_days, "to_date": _to_date,
    "years": _years, "dash": _dash,
}  # fmt: skip


def _value(text: str) -> Value:
    return Value(value=text)


def _from_to(start: str, end: str) -> Absolute:
    return Absolute(start=_value(start), end=_value(end))


_FORMS: tuple[tuple[str, Any], ...] = (
    ("last|past|previous {count} {units}", lambda f: Last(unit=f["units"], n=Value(value=f["count"]))),
    ("last|previous|past {unit}", lambda f: Previous(unit=f["unit"])),
    ("this|current {unit} to date", lambda f: ToDate(unit=f["unit"])),
    ("this|current {unit} so far", lambda f: ToDate(unit=f["unit"])),
    ("{unit} to date", lambda f: ToDate(unit=f["unit"])),
    ("this|current {unit}", lambda f: This(unit=f["unit"])),
    ("{to_date}", lambda f: f["to_date"]),
    ("{day}", lambda f: f["day"]),
    ("from|between {named1} and {named2}", lambda f: _from_to(f["named1"], f["named2"])),
    ("from|between? {named1} to|until|till|through {named2}", lambda f: _from_to(f["named1"], f["named2"])),
    ("from|between? {named1} {dash} {named2}", lambda f: _from_to(f["named1"], f["named2"])),
    ("from|between? {years}", lambda f: f["years"]),
    ("{named}", lambda f: At(value=_value(f["named"]))),
)


class When(Protocol):
    """A condition on a date that is still to be chosen."""

    def of(self, column: Col) -> Node:
        """The condition on that column."""
        ...


class Span:
    """A period, or all on one side of one."""

    def __init__(self, period: Any = None, side: Any = None, name: str = ""):
        self._period, self._side, self._name = period, side, name

    def of(self, column: Col) -> Node:
        """The condition on that column."""
        if self._period is not None:
            return InPeriod(of=column, period=self._period)
        return Compare(op=self._side, left=column, right=_value(self._name))

    @property
    def is_side(self) -> bool:
        """Is it all on one side of a period?"""
        return self._period is None

    @property
    def days(self) -> tuple[date, date] | None:
        """The first day and the one after the last; None where the words alone do not tell."""
        match self._period:
            case None:
                ends = _days(self._name)
                return ends and _on_side(self._side, *ends)
            case At(value=value):
                return _days(value.value)
            case Absolute(start=start, end=end):
                first, last = _days(start.value), _days(end.value)
                return (first[0], last[1]) if first and last else None
        return None

    @property
    def kind(self) -> tuple[bool, bool]:
        """Is it named (`2023`, `March`), and is it known which days it holds? Periods of a list are of one kind."""
        return isinstance(self._period, At | Absolute), self.days is not None


class AnyOf:
    """One of several periods."""

    def __init__(self, spans: Sequence[Span]):
        self._spans = spans

    def of(self, column: Col) -> Node:
        """The condition on that column."""
        return joined(Or, [span.of(column) for span in self._spans])


class AllOf:
    """What several say together: `since 2021` and `before 2023`."""

    def __init__(self, spans: Sequence[When]):
        self.spans = spans

    def of(self, column: Col) -> Node:
        """The condition on that column."""
        return joined(And, [span.of(column) for span in self.spans])

    @property
    def has_days(self) -> bool:
        """Is it known that there are days of all of them? A period that follows on others does not narrow them."""
        spans = [span for span in self.spans if isinstance(span, Span)]
        days = [span.days for span in spans if span.days]
        sides = len(days) == len(self.spans) and all(span.is_side for span in spans[1:])
        return sides and max(first for first, _ in days) < min(last for _, last in days)


def period(said: Said, at: int) -> Iterator[tuple[int, When]]:
    """A period, one of several, or everything on one side of one."""
    found: Found
    for end, found in matches("{side} {named} on|onwards|onward?", said, at, _SLOTS):
        yield end, Span(side=found["side"], name=found["named"])
    for end, spans in _listed(said, at):
        if len({span.kind for span in spans}) == 1:
            yield end, spans[0] if len(spans) == 1 else AnyOf(spans)


def _listed(said: Said, at: int) -> Iterator[tuple[int, tuple[Span, ...]]]:
    """Longer and longer lists of periods."""
    for form, make in _FORMS:
        for end, found in matches(f"the? {form}", said, at, _SLOTS):
            span = Span(period=make(found))
            yield end, (span,)
            for start in _next(said, end):
                yield from ((last, (span, *spans)) for last, spans in _listed(said, start))


def _next(said: Said, at: int) -> Iterator[int]:
    """Where the next of a list begins."""
    if said.before(at) in _COMMAS:
        yield at
    yield from (end for end, _ in matches("and|or|plus in|for|during|of|over|within?", said, at, _SLOTS))


def _days(name: Any) -> tuple[date, date] | None:
    named = parse_period(name)
    return (named.start, shifted(named.start, 1, named.unit)) if named and named.start else None


def _on_side(side: str, first: date, last: date) -> tuple[date, date]:
    ends = {"ge": (first, date.max), "gt": (last, date.max), "lt": (date.min, first), "le": (date.min, last)}
    return ends[side]
